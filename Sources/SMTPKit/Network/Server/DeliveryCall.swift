import NIOCore
import SMTPCore

/// A message that a hook is asked to take, kept in one place like the question of a ``HookCall``.
final class DeliveryCall: Sendable {
    private let request: MessageRequest
    private let number: Int
    private let run: ServerRun
    private let handler: NIOLoopBound<ServerHandler>

    init(_ message: Message, _ number: Int, of handler: ServerHandler) {
        request = MessageRequest(session: handler.number, message: message)
        self.number = number
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
            let outcome = try await outcome()
            handler.value.store(request.message, outcome, number)
        } catch {
            handler.value.failed(number, error)
        }
    }

    /// Calls `onDelivery`, or else `onMessage`, and returns the outcome.
    private nonisolated(nonsending) func outcome() async throws -> MessageOutcome {
        if let hook = run.server.hooks.onDelivery { return try await hook(request) }
        return MessageOutcome(try await run.server.hooks.onMessage?(request) ?? request.message.id)
    }
}
