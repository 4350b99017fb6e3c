/// A transaction that its client gave up before the content was there.
///
///     C: MAIL FROM:<joe@example.org>
///     S: 250 2.1.0 Sender ok
///     C: RSET
///     S: 250 2.0.0 Ok
///
/// - SeeAlso: RFC 5321, sections 4.1.1.5 and 4.1.4.
public struct AbandonedTransaction: Hashable, Sendable {
    /// Why a transaction was given up.
    public enum Reason: Hashable, Sendable {
        /// With `RSET`.
        case reset
        /// With another `EHLO`, `HELO` or `LHLO`.
        case hello
    }

    /// The client that gave it up, as it was known then.
    public var peer: Peer
    /// The sender, and the recipients accepted so far.
    public var envelope: Envelope
    /// Why it was given up.
    public var reason: Reason

    /// Makes a transaction that was given up.
    public init(peer: Peer, envelope: Envelope, reason: Reason) {
        self.peer = peer
        self.envelope = envelope
        self.reason = reason
    }
}
