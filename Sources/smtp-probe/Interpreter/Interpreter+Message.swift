import CommandLineSupport
import SMTPKit

/// The message of `:send`.
extension Interpreter {
    /// Takes a whole message, or the one that was put together, through a transaction.
    func sendMessage(_ rest: String) throws {
        guard dialogue.isOpen else { throw ValueError("there is no connection (:open makes one)") }
        guard let sender = draft.sender, !draft.recipients.isEmpty else {
            throw ValueError(":from and :to have to say first from whom and for whom it is")
        }
        if dialogue.live?.session.hello == nil { try sayHello("") }
        let envelope = Envelope(
            reversePath: sender.path,
            recipients: draft.recipients.compactMap(\.forwardPath).map { Envelope.Recipient($0) })
        let content = try content(rest)
        do {
            try dialogue.transfer(Transaction(envelope), content)
        } catch let error as SMTPError {
            refuse(error)
        }
    }

    private func content(_ path: String) throws -> MessageContent {
        guard path.isEmpty else { return MessageContent([.file(try FileReader(path: path))]) }
        let offered = dialogue.live?.session.capabilities
        return try draft.composition(host: common.connection.ownName)
            .message(allows8bit: offered?.contains("8BITMIME") == true)
    }
}
