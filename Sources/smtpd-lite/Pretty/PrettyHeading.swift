import SMTPKit

/// The heading of a message in the pretty format: its name, the time it was received, and its envelope.
struct PrettyHeading: Sendable {
    /// The name and the time: `06R4N2XG0001  2026-11-22 15:00:00 UTC`.
    var title: String
    /// Lines about the envelope and the client.
    var lines: [String] = []

    /// - Parameters:
    ///   - name: how the message is called.
    ///   - date: when it came.
    init(_ name: String, date: Timestamp?) {
        let time = date.map { "  \($0.iso8601.prefix(19).replacing("T", with: " ")) UTC" } ?? ""
        title = name + time
    }

    /// The heading of a message that was received.
    init(_ message: Message) {
        self.init("\(message.id)", date: message.receivedAt)
        addEnvelope(from: "\(message.envelope.reversePath)", to: message.envelope.recipients.map { "\($0.path)" })
        var peer = message.peer.heloName ?? "unknown"
        if case .ip(let address, _) = message.peer.address { peer += " [\(address)]" }
        addFacts([
            peer, message.peer.transmissionProtocol.rawValue, message.peer.tls?.version,
            message.peer.username.map { "user \($0)" },
        ])
    }

    /// Adds the line `from … to …`.
    mutating func addEnvelope(from sender: String, to recipients: [String]) {
        let most = PrettyPrinter.mostItems
        let shown = recipients.prefix(most).joined(separator: ", ")
        let more = recipients.count > most ? " and \(recipients.count - most) more" : ""
        lines.append("from \(sender.isEmpty ? "<>" : sender)\(recipients.isEmpty ? "" : " to ")\(shown)\(more)")
    }

    /// Adds the line `by …`, of the facts that are known.
    mutating func addFacts(_ facts: [String?]) {
        lines.append("by \(facts.compactMap { $0 }.joined(separator: ", "))")
    }
}
