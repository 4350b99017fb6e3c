import CommandLineSupport
import SMTPKit

/// The message of `:send`.
extension Interpreter {
    private static let pieceLength = 128 << 10
    /// How much may wait to be written.
    private static let mostWaiting = 1 << 20

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
        if dialogue.session?.hello == nil { try sayHello("") }
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
            try dialogue.perform { session, output throws(SMTPError) in
                try session.begin(Transaction(envelope), into: &output)
            }
            try feed(content)
        } catch let error as SMTPError {
            refuse(ExitStatus(error), "\(error)", error.stage)
        }
    }

    private func content(_ path: String) throws -> MessageContent {
        guard path.isEmpty else { return MessageContent([.file(try FileReader(path: path))], is8bit: nil) }
        let offered = dialogue.session?.capabilities
        return try draft.composition(host: common.connection.ownName)
            .message(allows8bit: offered?.contains("8BITMIME") == true)
    }

    private func feed(_ content: MessageContent) throws {
        try dialogue.wait { self.dialogue.session.map { $0.isContentWanted || !$0.isBusy } ?? true }
        while dialogue.session?.isContentWanted == true, let piece = try content.next() {
            try dialogue.perform { session, output throws(SMTPError) in
                session.sendContent(piece.span, into: &output)
            }
            try dialogue.wait { (self.dialogue.connection?.unwrittenCount ?? 0) < Self.mostWaiting }
        }
        if dialogue.session?.isContentWanted == true {
            try dialogue.perform { session, output throws(SMTPError) in session.endContent(into: &output) }
        }
        try dialogue.wait { self.dialogue.session?.isBusy != true }
    }
}
