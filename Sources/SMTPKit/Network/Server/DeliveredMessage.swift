import SMTPCore

/// A message and what its hook says became of it.
struct DeliveredMessage: Sendable {
    /// The message with those recipients for whom it is accepted; with none, it is not stored.
    private(set) var message: Message
    /// The reply for each recipient of the envelope, or `nil` when it is the usual one for all.
    private var replies: [Reply]?

    init(_ message: Message, _ outcome: MessageOutcome) {
        self.message = message
        self.message.id = outcome.id
        let recipients = message.envelope.recipients
        guard let replies = outcome.replies(for: recipients.count) else { return }
        self.replies = replies.map { $0 ?? .queued(as: outcome.id) }
        let taken = zip(recipients, replies).filter { $1?.isAcceptance ?? true }.map(\.0)
        // SMTP has one reply for all of them, so what is refused to one is kept for none.
        let isOneForAll = message.peer.heloVerb != .lhlo && taken.count < recipients.count
        self.message.envelope.recipients = isOneForAll ? [] : taken
    }

    /// Whether anybody is to have it.
    var isTaken: Bool { !message.envelope.recipients.isEmpty }

    /// Records that the store failed: all accepted recipients get the reply.
    mutating func fail(with reply: Reply) {
        replies = replies?.map { $0.isAcceptance ? reply : $0 } ?? message.envelope.recipients.map { _ in reply }
        message.envelope.recipients = []
    }

    /// The verdict for the session.
    var answer: DecisionAnswer { replies.map { .perRecipient($0) } ?? .queued(message.id) }
}

extension Reply {
    /// Whether a message was taken that is answered so.
    fileprivate var isAcceptance: Bool { code.severity == .success }
}
