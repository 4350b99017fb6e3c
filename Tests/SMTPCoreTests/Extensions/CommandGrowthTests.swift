import ProcessSupport
import Testing

@testable import SMTPCore

@Suite("Longest command lines", .timed)
struct CommandGrowthTests {
    private static func limit(_ verb: Verb, _ offered: Set<ServiceExtension> = []) -> Int {
        CommandGrowth.maximumLine(of: verb, offered, Limits())
    }

    @Test(arguments: [Verb.helo, .ehlo, .mail, .rcpt, .data, .rset, .noop, .quit, .vrfy, .help])
    func `without extensions every line has 512 bytes`(verb: Verb) {
        #expect(Self.limit(verb) == 512)
    }

    @Test(arguments: [
        (ServiceExtension.size, 26, 0), (.eightBitMIME, 17, 0), (.binaryMIME, 16, 0), (.smtpUTF8, 10, 0),
        (.auth, 500, 0), (.dsn, 116, 530), (.transferPriority, 15, 0), (.requireTLS, 11, 0), (.deliverBy, 17, 0),
        (.futureRelease, 34, 0), (.recipientValidSince, 0, 33), (.pipelining, 0, 0), (.chunking, 0, 0),
        (.startTLS, 0, 0), (.enhancedStatusCodes, 0, 0), (.limits, 0, 0), (.xclient, 0, 0), (.help, 0, 0),
        (.vrfy, 0, 0), (.expn, 0, 0),
    ])
    func `an extension lengthens MAIL and RCPT as its RFC states`(
        extension: ServiceExtension, mail: Int, rcpt: Int
    ) {
        #expect(Self.limit(.mail, [`extension`]) == 512 + mail)
        #expect(Self.limit(.rcpt, [`extension`]) == 512 + rcpt)
        #expect(Self.limit(.ehlo, [`extension`]) == 512)
    }

    @Test func `the lengths add up`() {
        let all = Set(ServiceExtension.allCases)
        #expect(Self.limit(.mail, all) == 512 + 26 + 17 + 16 + 10 + 500 + 116 + 15 + 11 + 17 + 34)
        #expect(Self.limit(.rcpt, all) == 512 + 530 + 33)
    }

    @Test func `AUTH has a limit of its own`() {
        var limits = Limits()
        limits.authenticationLine = 4321
        #expect(CommandGrowth.maximumLine(of: .auth, [.dsn], limits) == 4321)
    }
}
