import NIOCore
import SMTPCore

/// A question to a hook, kept in one place while the hook answers, so that a call passes on one reference instead of
/// copies of all that is known of a peer.
final class HookCall: Sendable {
    private let decision: Decision
    private let peer: Peer
    private let envelope: Envelope?
    private let number: Int
    private let run: ServerRun
    private let handler: NIOLoopBound<ServerHandler>

    init(_ decision: Decision, _ number: Int, of handler: ServerHandler) {
        self.decision = decision
        self.number = number
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
            let verdict = try await verdict()
            handler.value.decided(number, verdict)
        } catch {
            handler.value.failed(number, error)
        }
    }

    private nonisolated(nonsending) func verdict() async throws -> Verdict {
        switch decision {
        case .connection: try await run.server.hooks.onConnect?(peer) ?? .accept
        case .hello(let verb, let name): try await run.server.hooks.onHello?(peer, verb, name) ?? .accept
        case .sender(let path, let parameters): try await run.server.hooks.onSender?(peer, path, parameters) ?? .accept
        case .recipient(let recipient):
            try await run.server.hooks.onRecipient?(peer, envelope ?? Envelope(reversePath: .null), recipient)
                ?? .accept
        case .verify(let argument): try await run.server.hooks.onVerify?(peer, argument) ?? .accept
        case .expand(let argument): try await run.server.hooks.onExpand?(peer, argument) ?? .accept
        case .authenticate(let question):
            .answer(try await run.server.hooks.authenticate?(peer, question) ?? .unavailable)
        // Others than hooks answer these.
        case .message, .authenticationFailure, .step, .pause, .stall: .accept
        }
    }
}
