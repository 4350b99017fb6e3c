/// A replacement for the interpreter of `smtp-probe`, which needs a network: only its language is fuzzed.
final class Interpreter {}

extension MetaCommand {
    /// Commands with some of the names that the real table has, which do nothing.
    static let all: [MetaCommand] = [
        "open", "close", "drop", "reconnect", "ehlo", "starttls", "auth", "from", "to", "mail", "rcpt", "data", "send",
        "raw", "pipeline", "end", "expect", "wait", "set", "show", "help", "quit", "source", "log",
    ].map { MetaCommand($0, "", "") { _, _ in } }
}

/// The verbs that `:help` explains, without their texts.
struct VerbHelp {
    let verb: String

    static let all = [
        "EHLO", "HELO", "LHLO", "MAIL", "RCPT", "DATA", "BDAT", "RSET", "NOOP", "VRFY", "EXPN", "HELP", "STARTTLS",
        "AUTH", "XCLIENT", "QUIT",
    ].map(VerbHelp.init)
}

/// A message in place of the one of `SMTPKit`, which needs the event loop.
struct Message {
    /// A content that is empty.
    struct Content {
        let count: UInt64 = 0

        func prefix(_ count: Int) throws -> [UInt8] { [] }
    }

    let id: QueueID
    let receivedAt: Timestamp
    let envelope: Envelope
    let peer: Peer
    let content = Content()
}
