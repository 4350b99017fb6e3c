import SMTPKit

/// Refuses senders that could not be answered: no mail can be sent to their domain.
///
/// When the DNS does not say, the client is told to come again.
struct SenderDomains: Sendable {
    static let refusal = Reply(
        550, .permanent(.badSendersSystemAddress), "Sender's domain does not exist or takes no mail")
    static let later = Reply(
        451, .transient(.directoryServerFailure), "Sender's domain cannot be looked up now")

    let resolver: Resolver

    /// Returns the verdict on a sender. Bounces have none, and are accepted.
    func verdict(on path: ReversePath) async -> Verdict {
        guard case .mailbox(let mailbox) = path else { return .accept }
        do {
            return try await resolver.acceptsMail(mailbox.domain.description) ? .accept : .reply(Self.refusal)
        } catch {
            return .reply(Self.later)
        }
    }
}
