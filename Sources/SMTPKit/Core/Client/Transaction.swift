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
        /// After the reply to `MAIL`.
        case sender
        /// After the replies to all `RCPT`s: whether the recipients would be accepted is known, and no content is sent.
        case recipients
        /// After the reply to the content.
        case content
    }

    /// The treatment of a parameter whose extension the server does not offer.
    public enum UnofferedParameters: Hashable, Sendable {
        /// The transaction does not begin: ``SMTPError/Code/extensionNotOffered``.
        case refuse
        /// The parameter is left out.
        case omit
        /// The parameter is sent nevertheless.
        case send
    }

    /// The sender and the recipients. Parameters that are given here are sent as they are; the session
    /// adds those that follow from the content and that are not given (``ContentFacts``).
    public var envelope: Envelope
    /// Keywords of parameters that the session does not add: `SIZE`, `BODY` or `SMTPUTF8`.
    public var withheldParameters: Set<String> = []
    /// How content travels.
    public var transfer: Transfer
    /// Whether commands are sent in groups where the server offers PIPELINING (RFC 2920).
    public var isPipelined: Bool
    /// The treatment of a parameter whose extension the server does not offer.
    public var unofferedParameters: UnofferedParameters
    /// Where the transaction ends.
    public var end: End

    /// Makes a transaction.
    public init(
        _ envelope: Envelope, transfer: Transfer = .data, isPipelined: Bool = true,
        unofferedParameters: UnofferedParameters = .refuse, end: End = .content
    ) {
        self.envelope = envelope
        self.transfer = transfer
        self.isPipelined = isPipelined
        self.unofferedParameters = unofferedParameters
        self.end = end
    }
}

/// The outcome of a transaction: each of the server's replies, as far as there was one.
///
/// Refusals are no errors: a message may be accepted for some recipients and refused for others.
public struct TransactionOutcome: Hashable, Sendable {
    /// The outcome for one recipient.
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
        /// The fate of the message for this recipient.
        public var fate: Fate {
            if isDelivered { return .delivered }
            guard let last = isAccepted ? delivery : reply else { return .unknown }
            return .refused(last)
        }
        /// Whether the recipient was refused for now. That includes `552` to `RCPT`, which means that there are too
        /// many recipients (RFC 5321, section 4.5.3.1.10).
        public var isRefusedForNow: Bool {
            guard case .refused(let reply) = fate else { return false }
            return reply.code.severity == .transient || !isAccepted && reply.code == 552
        }
    }

    /// The fate of a message for one recipient.
    public enum Fate: Hashable, Sendable {
        /// The server accepted the message for it.
        case delivered
        /// The server refused the recipient, or the message, with this reply.
        case refused(Reply)
        /// There was no final reply. After ``TransactionOutcome/isContentSent``, the message may have been delivered.
        case unknown
    }

    /// The reply to `MAIL`.
    public internal(set) var sender: Reply?
    /// Whether the end of the content was sent.
    public internal(set) var isContentSent = false
    /// The recipients in the order of the envelope.
    public internal(set) var recipients: [Recipient]
    /// The reply to `DATA`: `354`, or a refusal. `nil` with chunks.
    public internal(set) var data: Reply?
    /// The reply to the content, or to the chunk that was refused; with LMTP the last of them.
    public internal(set) var final: Reply?
    /// How many bytes of content were sent, without doubled dots.
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
        // The last word of a server that closes (RFC 5321, section 3.8).
        if data == nil, final == nil, let reply = recipients.compactMap(\.reply).last, reply.code == 421 {
            return (.rcpt, reply)
        }
        return nil
    }
}
