public import SMTPCore

/// The outcome for a message: its name, and the replies for recipients to whom it is refused.
///
/// A client that speaks LMTP reads one reply for each recipient:
///
///     C: .
///     S: 250 2.0.0 Ok: queued as 4F7A21C0
///     S: 452 4.2.2 Mailbox full
///
/// SMTP has one reply for all. There, a message that is refused to one recipient is kept for none, and the client
/// receives the first transient refusal, or else the first permanent one; so refuse at `RCPT` what can be refused there
/// (``Hooks/onRecipient``).
///
/// - SeeAlso: RFC 2033, section 4.2.
public struct MessageOutcome: Sendable {
    /// The name under which the message is acknowledged.
    public var id: QueueID
    /// A reply for each recipient, in the order of the envelope, `nil` for the usual one.
    private var replies: [Reply?]?

    /// The message was taken for all of its recipients.
    public init(_ id: QueueID) {
        self.id = id
    }

    /// The message was taken for some of its recipients.
    ///
    /// - Parameters:
    ///   - id: the name under which the message is acknowledged.
    ///   - replies: a reply for each recipient in the order of the envelope; `nil` takes the message with the usual
    ///     words, 2yz with these, anything else refuses. With another number of replies than recipients, all of them are
    ///     refused with `451 4.3.0`.
    public init(_ id: QueueID, replies: [Reply?]) {
        self.id = id
        self.replies = replies
    }

    /// The answer for each recipient.
    ///
    ///     server.hooks.onDelivery = { request in
    ///         await MessageOutcome(request.message) { recipient in
    ///             await mailboxes.isFull(recipient.path) ? .mailboxFull : nil
    ///         }
    ///     }
    ///
    /// - Parameters:
    ///   - message: the message that was taken.
    ///   - answer: asked for each recipient in turn; answers as in ``init(_:replies:)``.
    /// - Throws: what `answer` throws.
    public init<Failure: Error>(
        _ message: Message, answer: (Envelope.Recipient) async throws(Failure) -> Reply?
    ) async throws(Failure) {
        id = message.id
        var replies: [Reply?] = []
        for recipient in message.envelope.recipients { replies.append(try await answer(recipient)) }
        self.replies = replies
    }

    /// Whether the message was taken for all of its recipients, with the usual words.
    var isForAll: Bool { replies == nil }

    /// The reply for each of `count` recipients, or `nil` when all get the usual one.
    func replies(for count: Int) -> [Reply?]? {
        guard let replies else { return nil }
        return replies.count == count ? replies : Array(repeating: .localError, count: count)
    }
}
