import SMTPKit

/// An object that follows the dialogues.
protocol DialogueSink: Sendable {
    /// Something was said in a session.
    func note(_ entry: TraceEntry, of session: Int)
    /// Whether remarks tell of commands that only the lenient grammar allows.
    var wantsSyntaxRemarks: Bool { get }
    /// Something remarkable happened in a session.
    func note(_ remark: DialogueRemark, of session: Int)
    /// A client connected.
    func sessionStarted(_ session: Int, _ peer: Peer)
    /// A connection was closed.
    func sessionEnded(_ session: Int)
}

extension DialogueSink {
    var wantsSyntaxRemarks: Bool { false }
    func note(_ remark: DialogueRemark, of session: Int) {}
    func sessionStarted(_ session: Int, _ peer: Peer) {}
    func sessionEnded(_ session: Int) {}
}
