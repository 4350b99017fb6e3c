import SMTPKit
import Synchronization

/// Puts canned answers before an embedder's hooks.
final class Canned: Sendable {
    private let current = Mutex(CannedAnswers())

    var answers: CannedAnswers {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    func before(_ hooks: Hooks) -> Hooks {
        var all = hooks
        all.onConnect = { [self] request in
            if let reply = answers.connection { return .reply(reply) }
            return try await hooks.onConnect?(request) ?? .accept
        }
        all.onHello = { [self] request in
            if let reply = answers.hello { return .reply(reply) }
            return try await hooks.onHello?(request) ?? .accept
        }
        all.onSender = { [self] request in
            if let reply = answers.senders["\(request.path)"] ?? answers.sender { return .reply(reply) }
            return try await hooks.onSender?(request) ?? .accept
        }
        all.onRecipient = { [self] request in
            if let reply = answers.recipients["\(request.recipient.path)"] ?? answers.recipient { return .reply(reply) }
            return try await hooks.onRecipient?(request) ?? .accept
        }
        // A hook for messages that come in is the embedder's own way of taking them.
        guard hooks.onMessageStream == nil else { return all }
        all.onDelivery = { [self] request in
            if let reply = answers.message { throw reply }
            if let hook = hooks.onDelivery { return try await hook(request) }
            return MessageOutcome(try await hooks.onMessage?(request) ?? request.message.id)
        }
        return all
    }
}
