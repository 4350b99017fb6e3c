import SMTPKit

/// A reply of the server, and where it is in the transcript.
struct Exchange: Sendable {
    let reply: Reply
    /// The bytes as they came.
    let octets: [UInt8]
    /// The number of the entry in the transcript.
    let number: Int
    /// The command that it answers, secrets masked; `nil` for a reply that answers none, and empty for the greeting.
    let command: String?
    /// Whether it came inside TLS.
    let isSecured: Bool
    /// The time from the last command to the reply.
    let time: Duration

    var code: UInt16 { reply.code.rawValue }
    var isSuccess: Bool { reply.code.severity == .success }
    var isTransient: Bool { reply.code.severity == .transient }
    var isPermanent: Bool { reply.code.severity == .permanent }
    var isIntermediate: Bool { reply.code.severity == .intermediate }
}

extension Exchange: CustomStringConvertible {
    /// The code and the text, cut to one line.
    var description: String {
        let text = "\(reply)"
        return text.count > 120 ? "\(text.prefix(119))…" : text
    }
}

/// Why a check came to no end.
enum CheckError: Error {
    /// The rule cannot be looked at, and this is why.
    case inconclusive(String, Int?)
    /// The rule does not apply, and this is why.
    case skipped(String)
    /// A signal ended the run.
    case interrupted(Int32)
    /// The time of the whole run is over.
    case deadline
    /// The server has turned two connections away.
    case unavailable
    /// There was plaintext after the reply to STARTTLS.
    case injected

    static func inconclusive(_ reason: String) -> CheckError { .inconclusive(reason, nil) }

    static func inconclusive(_ reason: String, _ exchange: Exchange) -> CheckError {
        .inconclusive("\(reason): \(exchange)", exchange.number)
    }
}
