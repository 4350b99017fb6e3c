import Foundation
import ProcessSupport
import SMTPCore
import Testing

@Suite("Standard replies", .timed)
struct StandardRepliesTests {
    static let all: [(name: String, reply: Reply)] = [
        ("ok", .ok), ("senderOK", .senderOK), ("priorityLowered", .priorityLowered), ("recipientOK", .recipientOK),
        ("startMailInput", .startMailInput),
        ("closing", .closing), ("cannotVerify", .cannotVerify), ("utf8ReplyNeeded", .utf8ReplyNeeded),
        ("unknownCommand", .unknownCommand),
        ("syntaxError", .syntaxError), ("lineTooLong", .lineTooLong), ("notImplemented", .notImplemented),
        ("invalidArguments", .invalidArguments), ("noArgumentsAllowed", .noArgumentsAllowed),
        ("controlCharacter", .controlCharacter), ("invalidUTF8", .invalidUTF8),
        ("bareNewlineInCommand", .bareNewlineInCommand), ("helloNeedsName", .helloNeedsName),
        ("helloFirst", .helloFirst), ("ehloFirst", .ehloFirst), ("lhloFirst", .lhloFirst), ("nestedMail", .nestedMail),
        ("mailFirst", .mailFirst),
        ("noValidRecipients", .noValidRecipients), ("chunksUnderWay", .chunksUnderWay),
        ("binaryNeedsChunks", .binaryNeedsChunks),
        ("invalidChunkSize", .invalidChunkSize), ("unknownParameter", .unknownParameter),
        ("duplicateParameter", .duplicateParameter), ("invalidPriority", .invalidPriority),
        ("requireTLSInClear", .requireTLSInClear),
        ("invalidParameter", .invalidParameter),
        ("cannotExpand", .cannotExpand), ("transactionUnderWay", .transactionUnderWay),
        ("readyToStartTLS", .readyToStartTLS), ("tlsActive", .tlsActive), ("startTLSFirst", .startTLSFirst),
        ("authenticated", .authenticated), ("authenticationRequired", .authenticationRequired),
        ("authenticationFailed", .authenticationFailed), ("authenticationUnavailable", .authenticationUnavailable),
        ("authenticationCancelled", .authenticationCancelled), ("alreadyAuthenticated", .alreadyAuthenticated),
        ("unknownMechanism", .unknownMechanism), ("mechanismNeedsTLS", .mechanismNeedsTLS),
        ("invalidBase64", .invalidBase64), ("malformedResponse", .malformedResponse),
        ("unexpectedInitialResponse", .unexpectedInitialResponse),
        ("authenticationLineTooLong", .authenticationLineTooLong), ("xclientRefused", .xclientRefused),
        ("senderSyntax", .senderSyntax),
        ("recipientSyntax", .recipientSyntax), ("senderPathTooLong", .senderPathTooLong),
        ("recipientPathTooLong", .recipientPathTooLong), ("senderNeedsSMTPUTF8", .senderNeedsSMTPUTF8),
        ("recipientNeedsSMTPUTF8", .recipientNeedsSMTPUTF8),
        ("utf8RefusalNeeded", .utf8RefusalNeeded), ("tooManyRecipients", .tooManyRecipients),
        ("tooManyDomains", .tooManyDomains), ("mailboxNotFound", .mailboxNotFound), ("mailboxFull", .mailboxFull),
        ("mailboxFullForGood", .mailboxFullForGood), ("relayDenied", .relayDenied),
        ("messageTooLarge", .messageTooLarge), ("bareLineFeed", .bareLineFeed),
        ("bareCarriageReturn", .bareCarriageReturn), ("textLineTooLong", .textLineTooLong),
        ("routingLoop", .routingLoop), ("insufficientStorage", .insufficientStorage), ("localError", .localError),
        ("noService", .noService), ("serviceRefused", .serviceRefused), ("shuttingDown", .shuttingDown),
        ("timedOut", .timedOut), ("tooManyErrors", .tooManyErrors), ("tooManyTransactions", .tooManyTransactions),
        ("tooManyConnections", .tooManyConnections),
        ("wrongProtocol", .wrongProtocol), ("endlessLine", .endlessLine),
    ]

    /// Pairs that the registry's own list of basic codes lacks, with the reason to allow them.
    static let exceptions: [String: String] = [
        "notImplemented": "RFC 5321, section 4.2.4: a verb that is known and not served is 502; Postfix says 502 5.5.1",
        "cannotExpand": "RFC 5321, section 4.2.4, like notImplemented",
        "bareNewlineInCommand": "the server closes, which 521 says; Postfix says 521 5.5.2",
        "tooManyRecipients": "RFC 5321, section 4.5.3.1.10 asks for 452; the registry's 451 is older",
        "mailboxFull": "RFC 5321, section 4.2.3: 452 is the transient 552, and the class has to agree",
        "shuttingDown": "RFC 5321, section 3.8 asks for 421 before a server closes",
        "tooManyErrors": "RFC 5321, section 3.8: only 421 announces that the server closes; Postfix says 421 4.7.0",
        "tooManyDomains": "RFC 9422, section 4.3, like tooManyRecipients",
        "tooManyTransactions": "421, because the server closes",
        "tooManyConnections": "421, because the server closes",
        "wrongProtocol": "421, because the server closes",
        "endlessLine": "421, because the server closes",
    ]

    @Test func `every one of the source is looked at`() throws {
        let source = URL(filePath: #filePath).appending(
            path: "../../../../Sources/SMTPKit/Core/Replies/StandardReplies.swift")
        let text = try String(contentsOf: source.standardizedFileURL, encoding: .utf8)
        #expect(text.matches(of: #/public static let (\w+) = /#).map { String($0.1) } == Self.all.map(\.name))
    }

    @Test(arguments: all)
    func `reply code and status belong together`(name: String, reply: Reply) throws {
        guard let status = reply.status else {
            // 3yz has no status, nor does a reply in place of the greeting (RFC 2034, section 4).
            #expect(reply.code.severity == .intermediate || name == "noService")
            return
        }
        let condition = try #require(StatusRegistry.condition(status.condition))
        #expect(!condition.isDeprecated)
        let warnings = StatusRegistry.check(reply.code, status)
        let expected = Self.exceptions[name] == nil ? [] : [CodeWarning.unlistedReply(reply.code, status)]
        #expect(warnings == expected)
    }

    @Test func `the list of exceptions names no other`() {
        #expect(Set(Self.exceptions.keys).subtracting(Self.all.map(\.name)).isEmpty)
    }
}
