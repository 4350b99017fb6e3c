import ArgumentParser
import CommandLineSupport

/// How the transaction goes, where it ends, and what its end is worth.
struct TransferOptions: ParsableArguments {
    @Flag(help: "Send commands in groups, without waiting for each reply, where the server offers that.")
    var pipeline = false

    @Flag(help: "Send the message in chunks, with BDAT in place of DATA. (CHUNKING)")
    var bdat = false

    @Flag(help: "Speak LMTP: LHLO, and a reply for each recipient. (default: with lmtp://)")
    var lmtp = false

    @Option(
        name: .customLong("quit-after"), parsing: .unconditional,
        help: ArgumentHelp(
            "Say QUIT after this stage: banner, ehlo, tls, ehlo-tls, xclient, auth, mail or rcpt.", valueName: "stage"),
        completion: .list(SendStage.words(for: .quit)), transform: { try SendStage.parse($0, for: .quit) })
    var quitAfter: SendStage?

    @Option(
        name: .customLong("drop-after"), parsing: .unconditional,
        help: ArgumentHelp(
            """
            Close without a word after this stage: connect, banner, ehlo, tls, ehlo-tls, xclient, auth, mail, rcpt, data \
            or message.
            """,
            valueName: "stage"),
        completion: .list(SendStage.words(for: .drop)), transform: { try SendStage.parse($0, for: .drop) })
    var dropAfter: SendStage?

    @Flag(help: "Write the message to standard output, as it would be sent, and connect to nothing.")
    var dump = false

    @Flag(name: .customLong("partial-ok"), help: "Count it as success when only some recipients are accepted.")
    var partialOK = false

    @Flag(name: .customLong("insecure-auth"), help: "Send a password without TLS where the server wants it.")
    var insecureAuth = false

    @Flag(name: .customLong("exit-temp"), help: "Exit with 75 when trying later may help.")
    var exitTemp = false

    @Flag(help: "Say one line and exit with 0, 1, 2 or 3, as monitoring plugins do.")
    var nagios = false

    mutating func validate() throws {
        if quitAfter != nil, dropAfter != nil {
            throw ValidationError("--quit-after and --drop-after contradict each other; give one of them")
        }
        if nagios, exitTemp {
            throw ValidationError("--nagios and --exit-temp contradict each other; give one of them")
        }
    }

    /// The last stage, and `nil` when the message is sent.
    var end: SendStage? { quitAfter ?? dropAfter }
}

/// How far a dialogue goes.
enum SendStage: String, CaseIterable, Hashable, Sendable {
    case connect, banner, ehlo, tls
    case ehloTLS = "ehlo-tls"
    case xclient, auth, mail, rcpt, data, message

    /// The way in which it ends there.
    enum Ending { case quit, drop }

    /// The stages that can be followed by an ending: QUIT cannot be said before the banner or within a message, and
    /// after a message it is said anyway.
    static func words(for ending: Ending) -> [String] {
        allCases.filter { ending == .drop || ![.connect, .data, .message].contains($0) }.map(\.rawValue)
    }

    /// The names of stages in swaks.
    private static let synonyms = [
        "helo": "ehlo", "lhlo": "ehlo", "first-helo": "ehlo", "first-ehlo": "ehlo", "first-lhlo": "ehlo",
        "from": "mail", "to": "rcpt", "dot": "message",
    ]

    static func parse(_ text: String, for ending: Ending) throws -> SendStage {
        let words = words(for: ending)
        let word = text.lowercased()
        let name = ending == .quit && word == "connect" ? "banner" : synonyms[word] ?? word
        guard let stage = SendStage(rawValue: name), words.contains(stage.rawValue) else {
            throw ValueError("one of \(words.joined(separator: ", ")) is wanted")
        }
        return stage
    }

    /// Whether this stage comes before another, or is it.
    func isReached(by stage: SendStage) -> Bool { Self.place(self) <= Self.place(stage) }

    private static func place(_ stage: SendStage) -> Int { allCases.firstIndex(of: stage) ?? 0 }
}
