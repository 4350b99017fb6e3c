import SMTPKit

/// Somebody who follows the dialogues.
protocol DialogueSink: Sendable {
    /// Something was said in a session.
    func note(_ entry: TraceEntry, of session: Int)
}
