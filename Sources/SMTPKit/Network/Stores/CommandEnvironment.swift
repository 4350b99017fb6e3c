import Glibc
import SMTPCore

/// The envelope of a message as the environment of a command.
struct CommandEnvironment {
    /// The most octets of recipients: the system has a limit for one variable.
    private static let mostRecipients = 100_000

    /// All variables, `NAME=value`: those of this process, and those of the message.
    let variables: [String]

    /// - Throws: a ``Reply`` when there are too many recipients for a variable.
    init(_ message: Message) throws {
        let recipients = message.envelope.recipients.map(\.path.description).joined(separator: "\n")
        guard recipients.utf8.count <= Self.mostRecipients else { throw Reply.tooManyRecipients }
        var own = [
            ("SMTP_QUEUE_ID", message.id.rawValue),
            ("SMTP_SENDER", message.envelope.reversePath.description),
            ("SMTP_RECIPIENTS", recipients),
            ("SMTP_SIZE", String(message.content.count)),
            ("SMTP_PROTOCOL", message.peer.transmissionProtocol.rawValue),
            ("SMTP_HELO", message.peer.heloName ?? ""),
            ("SMTP_USER", message.peer.username ?? ""),
        ]
        switch message.peer.address {
        case .ip(let address, let port):
            own += [("SMTP_CLIENT_ADDRESS", address), ("SMTP_CLIENT_PORT", String(port))]
        case .local:
            own += [("SMTP_CLIENT_ADDRESS", ""), ("SMTP_CLIENT_PORT", "")]
        }
        let names = Set(own.map(\.0))
        variables =
            Self.inherited.filter { !names.contains(String($0.prefix { $0 != "=" })) }
            + own.map { "\($0.0)=\($0.1)" }
    }

    private static var inherited: [String] {
        var variables: [String] = []
        var position = environ
        while let variable = position.pointee {
            variables.append(String(cString: variable))
            position += 1
        }
        return variables
    }
}
