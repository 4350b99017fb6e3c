import Dispatch
import NIOCore
import NIOPosix
import SMTPKit

/// A server on a free port, for as long as a test needs it.
struct RunningServer {
    /// The port that it listens on.
    let port: Int

    /// Runs a server, and `body` on a thread of its own beside it.
    static func with<Result: Sendable>(
        _ server: SMTPServer, control: ServerControl = ServerControl(),
        _ body: @escaping @Sendable (RunningServer) throws -> Result,
        next: (Result) async throws -> Void = { _ in }
    ) async throws -> Result {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        var server = server
        server.configuration.listen = [.tcp(host: "127.0.0.1", port: 0)]
        server.observer = PortObserver(port: port, next: server.observer)
        let run = Task { [server] in
            defer { port.finish() }
            try await server.run(control: control)
        }
        guard let number = await ports.first(where: { _ in true }) else {
            try await run.value
            throw CancellationError()
        }
        let result = await withCheckedContinuation { continuation in
            DispatchQueue(label: "client").async {
                continuation.resume(returning: Swift.Result { try body(RunningServer(port: number)) })
            }
        }
        if case .success(let result) = result { try await next(result) }
        control.stop()
        try await run.value
        return try result.get()
    }

    private struct PortObserver: ServerObserver {
        let port: AsyncStream<Int>.Continuation
        let next: (any ServerObserver)?

        func failed(_ reason: String) { next?.failed(reason) }
        func messageStored(_ message: Message) { next?.messageStored(message) }

        func listening(on listeners: [Listener]) {
            for number in listeners.compactMap(\.port) { port.yield(number) }
        }
    }
}
