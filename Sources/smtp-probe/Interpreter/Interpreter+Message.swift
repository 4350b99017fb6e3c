import CommandLineSupport
import Glibc
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

    /// Adds a file to the message of `:send`.
    ///
    /// - Throws: ``CommandLineSupport/ValueError``; ``CommandLineSupport/SystemError`` for a file that cannot be read.
    func attach(_ rest: String) throws {
        let attachment = try Attachment.parse(rest)
        if attachment.path != "-", access(attachment.path, R_OK) != 0 {
            throw SystemError("open", path: attachment.path, errno)
        }
        draft.attachments.append(attachment)
    }

    private func content(_ path: String) throws -> MessageContent {
        guard path.isEmpty else { return MessageContent([.file(try FileReader(path: path))]) }
        let offered = dialogue.live?.session.capabilities
        return try draft.composition(host: common.connection.ownName)
            .message(allows8bit: offered?.contains("8BITMIME") == true)
    }
}
