public import SMTPCore

/// A message whose content is still coming in: all that is known before it is there.
public struct IncomingMessage: Sendable {
    /// The sender and the recipients.
    public var envelope: Envelope
    /// The client that sends it.
    public var peer: Peer
    /// A name for it, under which the final reply may acknowledge it.
    public var id: QueueID
    /// When its first byte came.
    public var receivedAt: Timestamp
    /// The header and the body, piece by piece.
    public var body: MessageBody

    /// The fields that say how the message came, to be written before the first piece.
    public func traceFields(_ policy: TraceFields.Policy) -> TraceFields {
        TraceFields(policy, envelope: envelope, peer: peer, id: id, receivedAt: receivedAt)
    }
}
