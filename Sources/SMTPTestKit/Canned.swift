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
        all.onConnect = { [self] peer in
            if let reply = answers.connection { return .reply(reply) }
            return try await hooks.onConnect?(peer) ?? .accept
        }
        all.onHello = { [self] peer, verb, name in
            if let reply = answers.hello { return .reply(reply) }
            return try await hooks.onHello?(peer, verb, name) ?? .accept
        }
        all.onSender = { [self] peer, path, parameters in
            if let reply = answers.senders["\(path)"] ?? answers.sender { return .reply(reply) }
            return try await hooks.onSender?(peer, path, parameters) ?? .accept
        }
        all.onRecipient = { [self] peer, envelope, recipient in
            if let reply = answers.recipients["\(recipient.path)"] ?? answers.recipient { return .reply(reply) }
            return try await hooks.onRecipient?(peer, envelope, recipient) ?? .accept
        }
        // A hook for messages that come in is the embedder's own way of taking them.
        guard hooks.onMessageStream == nil else { return all }
        all.onDelivery = { [self] peer, message in
            if let reply = answers.message { throw reply }
            if let hook = hooks.onDelivery { return try await hook(peer, message) }
            return MessageOutcome(try await hooks.onMessage?(peer, message) ?? message.id)
        }
        return all
    }
}
