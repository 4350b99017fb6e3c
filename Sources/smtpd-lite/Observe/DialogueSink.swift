import SMTPKit

/// Somebody who follows the dialogues.
protocol DialogueSink: Sendable {
    /// Something was said in a session.
    func note(_ entry: TraceEntry, of session: Int)
    /// Something remarkable happened in a session.
    func note(_ remark: DialogueRemark, of session: Int)
    /// A client connected.
    func sessionStarted(_ session: Int, _ peer: Peer)
    /// A connection was closed.
    func sessionEnded(_ session: Int)
}

extension DialogueSink {
    func note(_ remark: DialogueRemark, of session: Int) {}
    func sessionStarted(_ session: Int, _ peer: Peer) {}
    func sessionEnded(_ session: Int) {}
}
