/// One message's way to a server, as a client asks for it: an envelope, and how the content travels.
///
/// - SeeAlso: RFC 5321, section 3.3.
public struct Transaction: Hashable, Sendable {
    /// How content travels.
    public enum Transfer: Hashable, Sendable {
        /// With `DATA`, dots doubled.
        case data
        /// In chunks, with `BDAT` (RFC 3030). The server has to offer CHUNKING.
        case chunks
    }

    /// Where a transaction ends.
    public enum End: Hashable, Sendable, Comparable {
        /// Behind the reply to `MAIL`.
        case sender
        /// Behind the replies to all `RCPT`s: whether the recipients would be accepted is known, and nothing is sent.
        case recipients
        /// Behind the reply to the content.
        case content
    }

    /// Who the message is from and whom it is for, with all parameters.
    public var envelope: Envelope
    /// How content travels.
    public var transfer: Transfer
    /// Whether commands are sent in groups where the server offers PIPELINING (RFC 2920).
    public var isPipelined: Bool
    /// Whether a parameter whose extension the server does not offer is an error. Without, it is sent all the same.
    public var checksOffers: Bool
    /// Where the transaction ends.
    public var end: End

    /// Makes a transaction.
    public init(
        _ envelope: Envelope, transfer: Transfer = .data, isPipelined: Bool = true, checksOffers: Bool = true,
        end: End = .content
    ) {
        self.envelope = envelope
        self.transfer = transfer
        self.isPipelined = isPipelined
        self.checksOffers = checksOffers
        self.end = end
    }
}

/// What became of a transaction: each of the server's replies, as far as there was one.
///
/// Refusals are no errors: a message may be accepted for some recipients and refused for others.
public struct TransactionOutcome: Hashable, Sendable {
    /// What became of one recipient.
    public struct Recipient: Hashable, Sendable {
        /// The recipient, as asked for.
        public let recipient: Envelope.Recipient
        /// The reply to its `RCPT`; `nil` when there was none.
        public internal(set) var reply: Reply?
        /// The reply to the content: its own with LMTP, everybody's with SMTP. `nil` when the recipient was refused, or
        /// there was none.
        public internal(set) var delivery: Reply?

        /// Whether `RCPT` was accepted.
        public var isAccepted: Bool { reply?.code.severity == .success }
        /// Whether the server took responsibility for this recipient's message.
        public var isDelivered: Bool { isAccepted && delivery?.code.severity == .success }
    }

    /// The reply to `MAIL`.
    public internal(set) var sender: Reply?
    /// The recipients in the order of the envelope.
    public internal(set) var recipients: [Recipient]
    /// The reply to `DATA`: `354`, or a refusal. `nil` with chunks.
    public internal(set) var data: Reply?
    /// The reply to the content, or to the chunk that was refused; with LMTP the last of them.
    public internal(set) var final: Reply?
    /// How many octets of content were sent, without doubled dots.
    public internal(set) var contentCount = 0

    init(_ envelope: Envelope) {
        recipients = envelope.recipients.map { Recipient(recipient: $0) }
    }

    /// Whether `MAIL` was accepted.
    public var isSenderAccepted: Bool { sender?.code.severity == .success }
    /// How many recipients were accepted.
    public var acceptedCount: Int { recipients.count { $0.isAccepted } }
    /// Whether the message was delivered to every recipient.
    public var isDeliveredToAll: Bool { !recipients.isEmpty && recipients.allSatisfy(\.isDelivered) }
    /// Whether the message was delivered to at least one recipient.
    public var isDelivered: Bool { recipients.contains(where: \.isDelivered) }

    /// The first reply that refused the whole message, and where; `nil` when none did.
    public var refusal: (stage: ClientStage, reply: Reply)? {
        func isRefusal(_ reply: Reply) -> Bool { reply.code.rawValue >= 400 }
        if let sender, isRefusal(sender) { return (.mail, sender) }
        if acceptedCount == 0, let reply = recipients.compactMap(\.reply).first(where: isRefusal) {
            return (.rcpt, reply)
        }
        if let data, isRefusal(data) { return (.data, data) }
        if !isDelivered, let final, isRefusal(final) { return (.endOfData, final) }
        return nil
    }
}
