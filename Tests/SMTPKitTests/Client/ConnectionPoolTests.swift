import ProcessSupport
import SMTPKit
import Synchronization
import Testing
import TranscriptSupport

/// How many connections there are, and have been at a time.
private final class ConnectionCount: Sendable {
    private let state = Mutex<(all: Int, open: Int, most: Int)>((0, 0, 0))

    var all: Int { state.withLock { $0.all } }
    var most: Int { state.withLock { $0.most } }

    func add() {
        state.withLock { state in
            state.all += 1
            state.open += 1
            state.most = max(state.most, state.open)
        }
    }

    func remove() { state.withLock { $0.open -= 1 } }
}

@Suite("Connections that a client keeps", .blocking)
struct ConnectionPoolTests {
    /// A server that counts its connections, takes a message for each command line `DATA`, and ends each connection
    /// after `limit`.
    private static func server(_ count: ConnectionCount, limit: Int = .max) throws -> ScriptedServer {
        try ScriptedServer { client in
            count.add()
            defer { count.remove() }
            client.send("220 stub\r\n")
            var messages = 0
            while let line = try client.readLine() {
                switch line.prefix(4).uppercased() {
                case "EHLO": client.send("250-stub\r\n250 SIZE\r\n")
                case "DATA":
                    client.send("354 go\r\n")
                    while let line = try client.readLine(), line != "." {}
                    client.send("250 2.0.0 Ok\r\n")
                    messages += 1
                    if messages == limit { return }
                case "QUIT": return client.send("221 bye\r\n")
                case _: client.send("250 2.0.0 Ok\r\n")
                }
            }
        }
    }

    @Test func `messages share a bounded number of connections`() async throws {
        let count = ConnectionCount()
        let server = try Self.server(count)
        var limits = SMTPClient.PoolLimits()
        limits.connections = 3
        let client = SMTPClient(
            to: ClientFixture.endpoint(server.port), configuration: ClientFixture.configuration, limits: limits)
        let delivered = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<30 {
                group.addTask {
                    try await client.send(message: "Subject: \(number)\n\nhi\n".utf8, to: ClientFixture.envelope)
                        .isDeliveredToAll
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        await client.shutDown()
        #expect(delivered == 30)
        #expect(1...3 ~= count.most && count.all <= 3)
        await #expect(throws: SMTPError.self) {
            try await client.send(message: "hi".utf8, to: ClientFixture.envelope)
        }
    }

    @Test func `a connection that the server closed is replaced`() async throws {
        let count = ConnectionCount()
        let server = try Self.server(count, limit: 1)
        let client = SMTPClient(
            to: ClientFixture.endpoint(server.port), configuration: ClientFixture.configuration)
        for _ in 0..<5 {
            let outcome = try await client.send(message: "hi\n".utf8, to: ClientFixture.envelope)
            #expect(outcome.isDeliveredToAll)
        }
        await client.shutDown()
        #expect(count.all == 5)
    }

    @Test func `a connection is left after its share of messages, and when it is idle for long`() async throws {
        let count = ConnectionCount()
        let server = try Self.server(count)
        var limits = SMTPClient.PoolLimits()
        limits.messagesPerConnection = 2
        let client = SMTPClient(
            to: ClientFixture.endpoint(server.port), configuration: ClientFixture.configuration, limits: limits)
        for _ in 0..<6 { _ = try await client.send(message: "hi\n".utf8, to: ClientFixture.envelope) }
        await client.shutDown()
        #expect(count.all == 3)
        limits.idleTime = .milliseconds(50)
        let (stream, ended) = AsyncStream.makeStream(of: Void.self)
        let other = try ScriptedServer { client in
            // A connection that ends without QUIT ends the stream, so that the test fails and does not wait.
            defer { ended.finish() }
            client.send("220 stub\r\n")
            while let line = try client.readLine() {
                if line == "QUIT" { ended.yield() }
                guard line == "DATA" else {
                    client.send("250 stub\r\n")
                    continue
                }
                client.send("354 go\r\n")
                while let line = try client.readLine(), line != "." {}
                client.send("250 ok\r\n")
            }
        }
        let idle = SMTPClient(
            to: ClientFixture.endpoint(other.port), configuration: ClientFixture.configuration, limits: limits)
        _ = try await idle.send(message: "hi".utf8, to: ClientFixture.envelope)
        var iterator = stream.makeAsyncIterator()
        #expect(await iterator.next() != nil)
        await idle.shutDown()
    }

    @Test func `a message that waits for a connection can be given up`() async throws {
        let (stream, began) = AsyncStream.makeStream(of: Void.self)
        let server = try ScriptedServer { client in
            client.send("220 stub\r\n")
            while let line = try client.readLine() {
                if line.hasPrefix("MAIL") { began.yield() } else { client.send("250 stub\r\n") }
            }
        }
        var limits = SMTPClient.PoolLimits()
        limits.connections = 1
        let client = SMTPClient(
            to: ClientFixture.endpoint(server.port), configuration: ClientFixture.configuration, limits: limits)
        let first = Task { try await client.send(message: "hi".utf8, to: ClientFixture.envelope) }
        var iterator = stream.makeAsyncIterator()
        _ = await iterator.next()
        let second = Task { try await client.send(message: "hi".utf8, to: ClientFixture.envelope) }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        await client.shutDown()
    }

    @Test func `a refused message leaves the connection for the next one`() async throws {
        let count = ConnectionCount()
        let isRefusing = Mutex(true)
        let server = try ScriptedServer { client in
            count.add()
            client.send("220 stub\r\n")
            while let line = try client.readLine() {
                switch line.prefix(4) {
                case "RCPT":
                    let refuses = isRefusing.withLock { value in
                        defer { value = false }
                        return value
                    }
                    client.send(refuses ? "550 no\r\n" : "250 ok\r\n")
                case "DATA":
                    client.send("354 go\r\n")
                    while let line = try client.readLine(), line != "." {}
                    client.send("250 ok\r\n")
                case _: client.send("250 stub\r\n")
                }
            }
        }
        let client = SMTPClient(
            to: ClientFixture.endpoint(server.port), configuration: ClientFixture.configuration)
        let envelope = Envelope(reversePath: .null, recipients: [ClientFixture.ann])
        #expect(try await client.send(message: "hi".utf8, to: envelope).refusal?.stage == .rcpt)
        #expect(try await client.send(message: "hi".utf8, to: envelope).isDeliveredToAll)
        await client.shutDown()
        #expect(count.all == 1)
    }
}
