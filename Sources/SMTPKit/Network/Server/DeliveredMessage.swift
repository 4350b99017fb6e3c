import SMTPCore

/// A message and what its hook says became of it.
struct DeliveredMessage: Sendable {
    /// The message with those recipients for whom it was taken.
    private(set) var message: Message
    /// The reply for each recipient of the envelope, `nil` for the usual one; `nil` altogether when all were taken.
    private(set) var replies: [Reply?]?

    init(_ message: Message, _ outcome: MessageOutcome) {
        self.message = message
        self.message.id = outcome.id
        replies = outcome.replies(for: message.envelope.recipients.count)
        guard let replies else { return }
        let recipients = zip(message.envelope.recipients, replies).filter { $1?.isAcceptance ?? true }.map(\.0)
        self.message.envelope.recipients = recipients
    }

    /// Whether it was taken for anyone.
    var isTaken: Bool { !message.envelope.recipients.isEmpty }

    /// The store failed: nobody gets the message.
    mutating func fail(with reply: Reply) {
        replies = replies?.map { $0?.isAcceptance ?? true ? reply : $0 }
        message.envelope.recipients = []
    }

    /// What the session is told.
    var verdict: Verdict {
        guard let replies, !isTaken, let refusal = replies.compactMap(\.self).first else { return .queued(message.id) }
        return .reply(refusal)
    }
}

extension Reply {
    /// Whether a message was taken that is answered so.
    fileprivate var isAcceptance: Bool { code.severity == .success }
}
