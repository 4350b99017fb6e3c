import SMTPCore

/// The envelope of a message as the environment of a command.
struct CommandEnvironment {
    /// The most bytes of recipients in a variable: the system has a limit for one.
    private static let mostRecipients = 100_000

    /// All variables, `NAME=value`: those of this process, and those of the message.
    let variables: [[UInt8]]
    /// The recipients, one on a line, where a variable cannot hold them. It is the command's descriptor 3.
    let recipients: SpoolFile?

    /// - Throws: ``StoreError`` when there are many recipients and no room for a file.
    init(_ message: Message) throws(StoreError) {
        let recipients = message.envelope.recipients.map(\.path.description).joined(separator: "\n")
        var own = [
            ("SMTP_QUEUE_ID", message.id.rawValue),
            ("SMTP_SENDER", message.envelope.reversePath.description),
            ("SMTP_SIZE", String(message.content.count)),
            ("SMTP_PROTOCOL", message.peer.transmissionProtocol.rawValue),
            ("SMTP_HELO", message.peer.heloName ?? ""),
            ("SMTP_USER", message.peer.username ?? ""),
        ]
        if recipients.utf8.count <= Self.mostRecipients {
            self.recipients = nil
            own.append(("SMTP_RECIPIENTS", recipients))
        } else {
            let file = try SpoolFile()
            try file.append(Array("\(recipients)\n".utf8).span)
            self.recipients = file
            own.append(("SMTP_RECIPIENTS_FILE", "/dev/fd/3"))
        }
        switch message.peer.address {
        case .ip(let address, let port):
            own += [("SMTP_CLIENT_ADDRESS", address), ("SMTP_CLIENT_PORT", String(port))]
        case .local:
            own += [("SMTP_CLIENT_ADDRESS", ""), ("SMTP_CLIENT_PORT", "")]
        }
        let names = own.map(\.0) + ["SMTP_RECIPIENTS", "SMTP_RECIPIENTS_FILE"]
        variables =
            ChildProgram.inheritedEnvironment(without: names) + own.map { Array("\($0.0)=\($0.1)".utf8) }
    }
}
