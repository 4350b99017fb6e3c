import Glibc
import NIOCore
import NIOPosix
import SMTPKit

/// A server to measure with: `bench-hooks none|all|stream|bare PORT`.
///
/// The first three keep nothing and are handed the content of every message. With `all`, every hook is set and accepts.
/// `bare` is no server of this library, but the least that one on SwiftNIO can be. `bench-hooks pool` is a client: see
/// ``PoolLoad``.
@main
enum HookServer {
    private enum Visits: SessionStorageKey { typealias Value = Int }

    static func main() async throws {
        let words = CommandLine.arguments
        if words.count == 3, words[1] == "bare", let port = Int(words[2]) {
            return try await BareServer.run(port: port)
        }
        let numbers = words.dropFirst(2).compactMap { Int($0) }
        if words.count == 6, words[1] == "pool", numbers.count == 4, let port = UInt16(exactly: numbers[0]) {
            return try await PoolLoad.run(
                port: port, messages: numbers[1], connections: numbers[2], size: numbers[3])
        }
        guard words.count == 3, let port = Int(words[2]), let hooks = hooks(words[1]) else {
            print("usage: bench-hooks none|all|stream|bare PORT, or bench-hooks pool PORT MESSAGES CONNECTIONS SIZE")
            exit(64)
        }
        var server = SMTPServer(hooks: hooks, store: Shredder(), observer: Announcement())
        server.configuration.listen = [.tcp(host: "127.0.0.1", port: port)]
        server.configuration.hostname = "bench.test"
        server.configuration.limits.connections = 20_000
        server.configuration.limits.messageSize = nil
        // As smtpd-lite does it.
        server.configuration.eventLoopGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        try await server.run()
    }

    private static func hooks(_ kind: String) -> Hooks? {
        var hooks = Hooks()
        switch kind {
        case "none":
            break
        case "all":
            hooks.onConnect = { _ in .accept }
            hooks.onHello = { request in
                request.peer.storage[Visits.self] = 1
                return .accept
            }
            hooks.onSender = { _ in .accept }
            hooks.onRecipient = { _ in .accept }
            hooks.onVerify = { _ in .accept }
            hooks.onExpand = { _ in .accept }
            hooks.onMessage = { request in request.message.id }
            hooks.onReset = { _ in }
            hooks.onDisconnect = { _ in }
        case "stream":
            hooks.onMessageStream = { request in
                for try await _ in request.message.body {}
                return MessageOutcome(request.message.id)
            }
        case _:
            return nil
        }
        return hooks
    }
}

/// Says where the server listens, for who asked for port 0.
private struct Announcement: ServerObserver {
    func listening(on listeners: [Listener]) {
        for listener in listeners { print("listening on \(listener)") }
        fflush(nil)
    }
}

/// Takes every message whole and keeps none.
private struct Shredder: EventLoopStore {
    func store(_ message: Message) async {}

    func store(_ message: Message, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        eventLoop.makeSucceededVoidFuture()
    }
}
