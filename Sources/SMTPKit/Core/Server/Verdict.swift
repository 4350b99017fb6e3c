/// The answer to a question about a client, a greeting, a sender, a recipient, `VRFY` or `EXPN`.
public enum Verdict: Hashable, Sendable {
    /// Accepts, with the usual reply.
    case accept
    /// Sends this reply in place of the usual one. 2yz accepts, 4yz and 5yz refuse, and `421` also closes.
    case reply(Reply)
    /// Closes the connection, after this reply if there is one.
    case close(Reply?)
}

/// The answer to a complete message.
public enum MessageVerdict: Hashable, Sendable {
    /// Accepts: the message is stored under this name.
    case queued(QueueID)
    /// Sends this reply in place of the usual one. 2yz accepts, 4yz and 5yz refuse, and `421` also closes.
    case reply(Reply)
    /// In LMTP, sends one reply for each recipient, in the order of the envelope (RFC 2033, section 4.2).
    ///
    /// With another number of replies than recipients, no message was stored: `451 4.3.0` for each. SMTP has one reply
    /// for all: the first transient refusal, so that no mail is lost, or else the first permanent one, or else the
    /// first reply.
    case perRecipient([Reply])
    /// Closes the connection, after this reply if there is one.
    case close(Reply?)
}

/// The answer to any ``Decision``, on its way to the session.
package enum DecisionAnswer: Hashable, Sendable {
    /// Yes, with the usual reply.
    case accept
    /// The message is stored under this name.
    case queued(QueueID)
    /// This reply in place of the usual one.
    case reply(Reply)
    /// One reply for each recipient of a message.
    case perRecipient([Reply])
    /// The answer to ``Decision/authenticate(_:)``.
    indirect case answer(SASLAnswer)
    /// The end of the connection, after this reply if there is one.
    case close(Reply?)
    /// The answer to a ``Decision/step(_:)``.
    indirect case intercept(Interception)

    /// Makes the answer of a hook.
    package init(_ verdict: Verdict) {
        switch verdict {
        case .accept: self = .accept
        case .reply(let reply): self = .reply(reply)
        case .close(let reply): self = .close(reply)
        }
    }

    /// Makes the answer to a message.
    package init(_ verdict: MessageVerdict) {
        switch verdict {
        case .queued(let id): self = .queued(id)
        case .reply(let reply): self = .reply(reply)
        case .perRecipient(let replies): self = .perRecipient(replies)
        case .close(let reply): self = .close(reply)
        }
    }
}
