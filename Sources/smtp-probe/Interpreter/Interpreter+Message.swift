import CommandLineSupport
import SMTPKit

/// The message of `:send`.
extension Interpreter {
    func edit(_ command: MetaCommand, _ rest: String) throws {
        switch command {
        case .from: draft.sender = rest.isEmpty ? nil : rest
        case .to: draft.recipients = words(rest)
        case .header: if rest.isEmpty { draft.header = [] } else { draft.header.append(rest) }
        case .body: draft.body = rest.isEmpty ? nil : rest
        case .attach: draft.attachments.append(try FileName.parse(rest))
        case .open, .close, .drop, .reconnect, .ehlo, .starttls, .tls, .cert, .auth, .mail, .rcpt, .send, .bdat,
            .pipeline,
            .raw, .split, .expect, .within, .timing, .trace, .set, .caps, .status, .explain, .repeat, .source, .log,
            .record, .history, .xclient, .proxy, .sleep, .help, .quit:
            return
        }
    }

    /// Takes a whole message, or the one that was put together, through a transaction.
    func sendMessage(_ rest: String) throws {
        guard dialogue.isOpen else { throw ValueError("there is no connection (:open makes one)") }
        guard let sender = draft.sender, !draft.recipients.isEmpty else {
            throw ValueError(":from and :to have to say first from whom and for whom it is")
        }
        if dialogue.live?.session.hello == nil { try sayHello("") }
        let envelope = try Envelope(
            reversePath: HeaderAddress.parse(sender).path,
            recipients: draft.recipients.map { text in
                guard let path = try HeaderAddress.parse(text).forwardPath else {
                    throw ValueError("<> is no recipient")
                }
                return Envelope.Recipient(path)
            })
        let content = try content(rest)
        do {
            try dialogue.transfer(Transaction(envelope), content)
        } catch let error as SMTPError {
            refuse(ExitStatus(error), "\(error)", error.stage)
        }
    }

    private func content(_ path: String) throws -> MessageContent {
        guard path.isEmpty else { return MessageContent([.file(try FileReader(path: path))]) }
        let offered = dialogue.live?.session.capabilities
        return try draft.composition(host: common.connection.ownName)
            .message(allows8bit: offered?.contains("8BITMIME") == true)
    }
}
