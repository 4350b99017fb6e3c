import SMTPKit

/// Messages.
extension Dialogue {
    /// Takes a message through a transaction.
    ///
    /// The outcome is in the session, also when the connection fails; ``failure`` says why it did.
    ///
    /// - Parameters:
    ///   - dropsContent: whether it ends where the content would begin.
    ///   - sent: called with the size of each piece of content that was handed over.
    /// - Throws: `SMTPError` before anything is sent, ``Interruption``, and what is wrong with the content.
    func transfer(
        _ transaction: Transaction, _ content: MessageContent, dropsContent: Bool = false,
        sent: (Int) -> Void = { _ in }
    ) throws {
        let facts = content.facts
        try perform { session, output throws(SMTPError) in try session.begin(transaction, facts, into: &output) }
        while let connection = live, connection.session.isTransacting {
            guard connection.session.isContentWanted else {
                try wait { connection.session.isContentWanted || !connection.session.isTransacting }
                continue
            }
            if dropsContent { return }
            // The socket's own buffer holds enough for the server to read meanwhile.
            guard connection.unwrittenCount == 0 else {
                try wait { connection.unwrittenCount == 0 || !connection.session.isContentWanted }
                continue
            }
            // Input that is slow to come must not keep the server's last words from being heard.
            if let descriptor = content.pendingDescriptor {
                guard try waitForInput(descriptor, while: { connection.isOpen && connection.session.isContentWanted })
                else { continue }
            }
            if let octets = try content.next() {
                try perform { session, output throws(SMTPError) in session.sendContent(octets.span, into: &output) }
                sent(octets.count)
                // The server may have refused the message meanwhile.
                try catchUp()
            } else {
                try perform { session, output throws(SMTPError) in session.endContent(into: &output) }
            }
        }
    }
}
