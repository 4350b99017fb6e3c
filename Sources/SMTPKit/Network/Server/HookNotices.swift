public import SMTPCore

/// A transaction that a client gave up, for ``Hooks/onReset``.
public struct ResetNotice: Sendable {
    /// The number of the session, from 1, as a ``ServerObserver`` has it.
    public var session: Int
    /// The transaction.
    public var transaction: AbandonedTransaction

    /// The client.
    public var peer: Peer { transaction.peer }

    /// Makes a notice, for tests of a hook.
    public init(session: Int = 1, transaction: AbandonedTransaction) {
        self.session = session
        self.transaction = transaction
    }
}

/// The end of a session, for ``Hooks/onDisconnect``.
public struct DisconnectNotice: Sendable {
    /// The number of the session, from 1, as a ``ServerObserver`` has it.
    public var session: Int
    /// The client.
    public var peer: Peer
    /// Why the connection was closed.
    public var reason: DisconnectReason

    /// Makes a notice, for tests of a hook.
    public init(session: Int = 1, peer: Peer, reason: DisconnectReason) {
        self.session = session
        self.peer = peer
        self.reason = reason
    }
}
