import NIOPosix
import ProcessSupport
import SMTPKit
import Testing
import TranscriptSupport

@Suite("The end of a server", .timed)
struct ServerEndTests {
    private static let transaction = "EHLO a.example\r\nMAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n"

    /// One loop for all connections, so that what one client is told says how far the server has come.
    private static let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    /// Runs a server until it ends by itself, with a control to end it.
    private func run(
        _ store: any MessageStore, grace: Duration = .seconds(30),
        _ body: @escaping @Sendable (SocketClient, (Ending) throws -> Void) throws -> Void
    ) async throws {
        let control = ServerControl()
        var server = SMTPServer(store: store)
        server.configuration.shutdownGrace = grace
        server.configuration.eventLoopGroup = Self.loop
        try await RunningServer.with(server, control: control) { running in
            let idler = try SocketClient(port: running.port)
            try idler.reply()
            let client = try SocketClient(port: running.port)
            try body(client) { (ending: Ending) throws -> Void in
                ending == .stop ? control.stop() : control.finish()
                // Who is idle is told at once; then the others know as well.
                #expect(try idler.reply().hasPrefix("421 4.3.2 "))
            }
        }
    }

    private enum Ending { case stop, finish }

    @Test func `the idle are told and closed on`() async throws {
        try await run(DiscardingStore()) { (client: SocketClient, end: (Ending) throws -> Void) throws -> Void in
            try client.reply()
            try client.command("EHLO a.example")
            try end(.stop)
            #expect(try client.reply().hasPrefix("421 4.3.2 "))
            #expect(try client.readLine() == nil)
        }
    }

    @Test func `a message under way is finished, and then its client is told at once`() async throws {
        let store = RecordingStore()
        try await run(store) { (client: SocketClient, end: (Ending) throws -> Void) throws -> Void in
            client.send(Self.transaction)
            for _ in 0..<5 { try client.reply() }
            try end(.stop)
            #expect(try client.command("body\r\n.").hasPrefix("250 2.0.0 "))
            #expect(try client.reply().hasPrefix("421 4.3.2 "))
        }
        #expect(store.messages.count == 1)
    }

    @Test func `a QUIT that came with the message is served`() async throws {
        let store = RecordingStore()
        try await run(store) { (client: SocketClient, end: (Ending) throws -> Void) throws -> Void in
            client.send(Self.transaction)
            for _ in 0..<5 { try client.reply() }
            try end(.stop)
            #expect(try client.command("body\r\n.\r\nQUIT").hasPrefix("250 2.0.0 "))
            #expect(try client.reply().hasPrefix("221 "))
        }
        #expect(store.messages.count == 1)
    }

    @Test func `who is not done within the grace is told and closed on`() async throws {
        let store = RecordingStore()
        try await run(store, grace: .milliseconds(50)) {
            (client: SocketClient, end: (Ending) throws -> Void) throws -> Void in
            client.send(Self.transaction + "half")
            for _ in 0..<5 { try client.reply() }
            try end(.stop)
            #expect(try client.reply().hasPrefix("421 4.3.2 "))
        }
        #expect(store.messages.isEmpty)
    }

    @Test func `after enough mail, only QUIT is served`() async throws {
        let store = RecordingStore()
        try await run(store) { (client: SocketClient, end: (Ending) throws -> Void) throws -> Void in
            client.send(Self.transaction + "body\r\n.\r\n")
            for _ in 0..<6 { try client.reply() }
            try end(.finish)
            #expect(try client.command("MAIL FROM:<>").hasPrefix("421 4.3.2 "))
        }
        #expect(store.messages.count == 1)
    }

    @Test func `after enough mail, a message under way is not taken`() async throws {
        let store = RecordingStore()
        try await run(store) { (client: SocketClient, end: (Ending) throws -> Void) throws -> Void in
            client.send(Self.transaction)
            for _ in 0..<5 { try client.reply() }
            try end(.finish)
            #expect(try client.command("body\r\n.").hasPrefix("421 4.3.2 "))
        }
        #expect(store.messages.isEmpty)
    }

    @Test func `cancelling the task ends the server`() async throws {
        let (listening, continuation) = AsyncStream.makeStream(of: Void.self)
        var server = SMTPServer(observer: ListeningObserver(continuation: continuation))
        server.configuration.listen = [.tcp(host: "127.0.0.1", port: 0)]
        try await withThrowingTaskGroup { [server] group in
            group.addTask { try await server.run() }
            await listening.first { true }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private struct ListeningObserver: ServerObserver {
        let continuation: AsyncStream<Void>.Continuation

        func listening(on listeners: [Listener]) { continuation.yield() }
    }

    @Test func `an address that is taken names itself`() async throws {
        _ = try await RunningServer.with(SMTPServer()) { running in
            running.port
        } next: { port in
            var second = SMTPServer()
            second.configuration.listen = [.tcp(host: "127.0.0.1", port: port)]
            do {
                try await second.run()
                Issue.record("the address was free")
            } catch {
                #expect("\(error)".hasPrefix("cannot listen on 127.0.0.1:\(port): "))
            }
        }
    }
}
