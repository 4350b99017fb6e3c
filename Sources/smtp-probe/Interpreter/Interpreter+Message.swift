import CommandLineSupport
import SMTPKit

/// The message of `:send`.
extension Interpreter {
    private static let pieceLength = 128 << 10
    /// How much may wait to be written.
    private static let mostWaiting = 1 << 20

    /// Takes a whole message, or the one that was put together, through a transaction.
    func sendMessage(_ rest: String) throws {
        guard dialogue.isOpen else { throw ValueError("there is no connection (:open makes one)") }
        guard let sender = draft.sender, !draft.recipients.isEmpty else {
            throw ValueError(":from and :to have to say first from whom and for whom it is")
        }
        if dialogue.session?.hello == nil { try sayHello("") }
        let envelope = Envelope(
            reversePath: sender.path,
            recipients: draft.recipients.compactMap(\.forwardPath).map { Envelope.Recipient($0) })
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
