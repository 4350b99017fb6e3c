import NIOCore
import SMTPCore

/// A question to a hook, kept in one place while the hook answers, so that a call passes on one reference instead of
/// copies of all that is known of a peer.
final class HookCall: Sendable {
    private let decision: Decision
    private let peer: Peer
    private let envelope: Envelope?
    private let number: Int
    private let session: Int
    private let run: ServerRun
    private let handler: NIOLoopBound<ServerHandler>

    init(_ decision: Decision, _ number: Int, of handler: ServerHandler) {
        self.decision = decision
        self.number = number
        session = handler.number
        peer = handler.session.peer
        envelope = handler.session.envelope
        run = handler.loop.run
        self.handler = NIOLoopBound(handler, eventLoop: handler.loop.eventLoop)
    }

    /// Asks on the event loop: at once, up to where the hook first waits.
    func start(on executor: LoopTaskExecutor) -> Task<Void, Never> {
        Task.immediateDetached(executorPreference: executor) { await self.perform() }
    }

    /// Asks, and tells the session's handler.
    private nonisolated(nonsending) func perform() async {
        do {
            let answer = try await answer()
            handler.value.decided(number, answer)
        } catch {
            handler.value.failed(number, error)
        }
    }

    private nonisolated(nonsending) func answer() async throws -> DecisionAnswer {
        if case .authenticate(let question) = decision {
            let request = AuthenticationRequest(session: session, peer: peer, question: question)
            return .answer(try await run.server.hooks.authenticate?(request) ?? .unavailable)
        }
        return DecisionAnswer(try await verdict() ?? .accept)
    }

    /// Calls the hook for the question. Returns `nil` if there is none.
    private nonisolated(nonsending) func verdict() async throws -> Verdict? {
        switch decision {
        case .connection:
            return try await run.server.hooks.onConnect?(ConnectionRequest(session: session, peer: peer))
        case .hello(let verb, let name):
            return try await run.server.hooks.onHello?(
                HelloRequest(session: session, peer: peer, verb: verb, name: name))
        case .sender(let path, let parameters):
            return try await run.server.hooks.onSender?(
                SenderRequest(session: session, peer: peer, path: path, parameters: parameters))
        case .recipient(let recipient):
            let envelope = envelope ?? Envelope(reversePath: .null)
            return try await run.server.hooks.onRecipient?(
                RecipientRequest(session: session, peer: peer, envelope: envelope, recipient: recipient))
        case .verify(let argument):
            return try await run.server.hooks.onVerify?(LookupRequest(session: session, peer: peer, argument: argument))
        case .expand(let argument):
            return try await run.server.hooks.onExpand?(LookupRequest(session: session, peer: peer, argument: argument))
        case .message, .authenticate, .authenticationFailure, .step, .pause, .stall: return nil
        }
    }
}
