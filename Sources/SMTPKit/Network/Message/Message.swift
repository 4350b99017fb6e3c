/// A message that a client has handed over whole: what was said about it, and what it says.
public struct Message: Sendable {
    /// The sender and the recipients.
    public var envelope: Envelope
    /// The client that sent it.
    public var peer: Peer
    /// The name under which the final reply acknowledges it.
    public var id: QueueID
    /// When its last byte came.
    public var receivedAt: Timestamp
    /// The header and the body.
    public var content: MessageContent
    /// How long it took to come.
    public var timings: Timings

    /// Makes a message.
    public init(
        envelope: Envelope,
        peer: Peer,
        id: QueueID,
        receivedAt: Timestamp,
        content: MessageContent,
        timings: Timings = Timings()
    ) {
        self.envelope = envelope
        self.peer = peer
        self.id = id
        self.receivedAt = receivedAt
        self.content = content
        self.timings = timings
    }

    /// The time that a message took to arrive, up to its last byte; `nil` where it was not measured.
    public struct Timings: Hashable, Sendable {
        /// From the connection on.
        public var session: Duration?
        /// From `MAIL` on.
        public var transaction: Duration?
        /// From the start of the content on.
        public var content: Duration?

        /// Makes timings.
        public init(session: Duration? = nil, transaction: Duration? = nil, content: Duration? = nil) {
            self.session = session
            self.transaction = transaction
            self.content = content
        }
    }

    /// The header, read anew at each call and within the bounds of `HeaderFields.Bounds`. Empty when the
    /// content was discarded.
    ///
    /// - Throws: ``StoreError`` when a spooled message cannot be read.
    public var header: HeaderFields {
        get throws(StoreError) {
            let bounds = HeaderFields.Bounds()
            // One byte more tells a header that ends at the bound from one that goes on.
            let start = try content.prefix(bounds.octets + 1)
            return start.withUnsafeBytes { HeaderFields(parsing: $0, bounds: bounds) }
        }
    }

    /// The fields that say how the message came.
    public func traceFields(_ policy: TraceFields.Policy) -> TraceFields {
        TraceFields(policy, envelope: envelope, peer: peer, id: id, receivedAt: receivedAt)
    }
}
