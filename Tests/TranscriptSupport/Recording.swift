package import SMTPCore

/// The outcome of a dialogue.
package struct Recording: Equatable, Sendable {
    /// A message that was accepted.
    package struct Message: Equatable, Sendable {
        package var envelope: Envelope
        package var content: [UInt8]

        package init(envelope: Envelope, content: [UInt8]) {
            self.envelope = envelope
            self.content = content
        }

        /// The envelope as `E:` writes it.
        package var addresses: String {
            "\(envelope.reversePath) > \(envelope.recipients.map(\.path.description).joined(separator: ", "))"
        }
    }

    /// Everything that the server said.
    package var replies: [UInt8] = []
    /// The messages that it accepted, in order.
    package var messages: [Message] = []
    /// Whether it closed.
    package var isClosed = false

    package init() {}
}

extension Transcript {
    /// Returns the difference between the last message and an `M:` or `E:` step, or `nil`.
    package func mismatch(_ step: Step, _ messages: [Recording.Message]) -> String? {
        let last = messages.last
        switch step {
        case .content(let octets):
            guard last?.content != octets else { return nil }
            return "the message is \(Self.text(last?.content)), not \(Self.text(octets))"
        case .envelope(let text):
            return last?.addresses == text ? nil : "the envelope is \(last?.addresses ?? "missing"), not \(text)"
        case .send, .clientCloses, .expect, .serverCloses, .deadline, .stop:
            return nil
        }
    }

    private static func text(_ octets: [UInt8]?) -> String {
        octets.map { String(decoding: $0, as: UTF8.self).debugDescription } ?? "missing"
    }
}
