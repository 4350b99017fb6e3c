public import SMTPCore
public import SMTPTLS

/// Is told what a server does, as it happens.
///
/// Calls come on event loops and must return at once: no blocking, no waiting. Every call has a
/// default that does nothing.
public protocol ServerObserver: Sendable {
    /// Whether ``dialogue(_:of:)`` is to be called.
    var wantsDialogue: Bool { get }
    /// All listeners are open, in the order configured, those of implicit TLS last.
    func listening(on listeners: [Listener])
    /// A connection was accepted; `session` numbers it, from 1.
    func sessionStarted(_ session: Int, _ peer: Peer)
    /// A connection was closed.
    func sessionEnded(_ session: Int)
    /// A message was stored; its `250` is about to be sent, if its client is still there. With
    /// ``ServerControl/finish()`` called from here, no further message is accepted.
    func messageStored(_ message: Message)
    /// Whether ``messageStored(_:)`` reads its message. If not, and neither the store nor a hook needs messages, none is
    /// made, and ``messageStored()`` is called instead. `true` by default.
    var wantsMessages: Bool { get }
    /// A message was acknowledged and not kept; see ``wantsMessages``.
    func messageStored()
    /// A line was said; secrets are masked.
    func dialogue(_ entry: TraceEntry, of session: Int)
    /// Whether ``remark(_:of:)`` is to be called.
    var wantsRemarks: Bool { get }
    /// Whether remarks tell of commands that only the lenient grammar allows, too; each command is read twice then.
    var wantsSyntaxRemarks: Bool { get }
    /// A client was refused something, or did something remarkable; `session` is 0 for a connection that never had one.
    func remark(_ remark: DialogueRemark, of session: Int)
    /// A TLS connection came to a bad end. By default ``failed(_:)`` is told.
    func tlsFailed(_ failure: TLSFailure, of session: Int)
    /// A hook, a store or a connection failed in a way that the operator should know: one line.
    func failed(_ reason: String)
}

extension ServerObserver {
    public var wantsDialogue: Bool { false }
    public func listening(on listeners: [Listener]) {}
    public func sessionStarted(_ session: Int, _ peer: Peer) {}
    public func sessionEnded(_ session: Int) {}
    public func messageStored(_ message: Message) {}
    public var wantsMessages: Bool { true }
    public func messageStored() {}
    public func dialogue(_ entry: TraceEntry, of session: Int) {}
    public var wantsRemarks: Bool { false }
    public var wantsSyntaxRemarks: Bool { false }
    public func remark(_ remark: DialogueRemark, of session: Int) {}
    public func tlsFailed(_ failure: TLSFailure, of session: Int) { failed("session \(session): \(failure)") }
    public func failed(_ reason: String) {}
}
