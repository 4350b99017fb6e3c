import NIOCore
import ProcessSupport
import SMTPKit
import Synchronization
import Testing
import TranscriptSupport

/// Helpers that the client's tests share.
enum ClientFixture {
    static let ann = Envelope.Recipient(.mailbox(Mailbox(localPart: "ann", domain: .name("example.net"))))
    static let bob = Envelope.Recipient(.mailbox(Mailbox(localPart: "bob", domain: .name("example.net"))))
    static let envelope = Envelope(
        reversePath: .mailbox(Mailbox(localPart: "joe", domain: .name("example.org"))), recipients: [ann, bob])

    /// A client that does not wait for long: nothing here takes time but what is meant to.
    static var configuration: SMTPClient.Configuration {
        var configuration = SMTPClient.Configuration()
        configuration.helloName = "client.example"
        configuration.security = ClientSecurity(.none)
        return configuration
    }

    static func endpoint(_ port: Int) -> Endpoint { .host("127.0.0.1", port: UInt16(port)) }

    /// Sends a message to a scripted server.
    static func send(
        to server: ScriptedServer, _ configuration: SMTPClient.Configuration = configuration,
        _ transaction: Transaction = Transaction(envelope), _ content: String = "hi\n"
    ) async throws -> TransactionOutcome {
        try await SMTPClient.withConnection(to: endpoint(server.port), configuration: configuration) {
            try await $0.send(transaction, content: content.utf8)
        }
    }

    /// The error of a client that cannot do it.
    static func error(
        _ server: ScriptedServer, _ configuration: SMTPClient.Configuration = configuration,
        _ transaction: Transaction = Transaction(envelope)
    ) async throws -> SMTPError {
        do {
            let outcome = try await send(to: server, configuration, transaction)
            throw HarnessError("no error but \(outcome)")
        } catch let error as SMTPError {
            return error
        }
    }
}

@Suite("Client", .blocking)
struct ClientTests {
    @Test(arguments: [true, false])
    func `a message arrives as it was given`(isPipelined: Bool) async throws {
        let store = RecordingStore()
        _ = try await RunningServer.with(SMTPServer(store: store)) {
            $0.port
        } next: { port in
            let outcome = try await SMTPClient.withConnection(
                to: ClientFixture.endpoint(port), configuration: ClientFixture.configuration
            ) { connection in
                #expect(await connection.capabilities?.contains("PIPELINING") == true)
                #expect(connection.remoteAddress?.port == port)
                let transaction = Transaction(ClientFixture.envelope, isPipelined: isPipelined)
                _ = try await connection.send(transaction, content: "first\n".utf8)
                return try await connection.send(transaction, content: "second\n.\n.dot\nno end".utf8)
            }
            #expect(outcome.isDeliveredToAll)
            #expect(outcome.final?.code == 250)
        }
        #expect(
            store.messages.map(\.content) == [Array("first\r\n".utf8), Array("second\r\n.\r\n.dot\r\nno end\r\n".utf8)])
        #expect(
            store.messages.allSatisfy { message in
                var envelope = message.envelope
                envelope.parameters = []
                return envelope == ClientFixture.envelope && message.envelope.declaredSize != nil
            })
    }

    @Test(arguments: [ClientSecurity.Mode.required, .opportunistic])
    func `a session is secured and authenticated`(mode: ClientSecurity.Mode) async throws {
        let contexts = try TLSTestContexts()
        let store = RecordingStore()
        var server = SMTPServer(store: store)
        server.configuration.security = ServerSecurity(contexts.server)
        server.configuration.authentication = ServerAuthentication(mechanisms: [.plain, .scramSHA256Plus])
        server.hooks.authenticate = { request in
            if case .secret = request.question { .password(Secret("secret")) } else { .refused }
        }
        var configuration = ClientFixture.configuration
        configuration.security = ClientSecurity(mode)
        configuration.security.configuration.trust = contexts.client.configuration.trust
        configuration.security.serverName = "mail.example"
        configuration.credentials = SASLCredentials(user: "alice", secret: Secret("secret"))
        let lines = Mutex<[String]>([])
        configuration.trace = { entry in lines.withLock { $0.append("\(entry.item)") } }
        _ = try await RunningServer.with(server) {
            $0.port
        } next: { [configuration] port in
            try await SMTPClient.withConnection(to: ClientFixture.endpoint(port), configuration: configuration) {
                connection in
                #expect(await connection.user == "alice")
                let report = try #require(await connection.tls)
                #expect(report.isVerified && report.nameMatches == true && report.problems.isEmpty)
                #expect(report.chain.first?.names == ["mail.example"])
                #expect(report.chain.first?.pem.hasPrefix("-----BEGIN CERTIFICATE-----\n") == true)
                let transaction = Transaction(ClientFixture.envelope)
                #expect(try await connection.send(transaction, content: "hi\n".utf8).isDeliveredToAll)
            }
        }
        #expect(store.messages.count == 1)
        lines.withLock { lines in
            #expect(lines.contains { $0.contains("AUTH SCRAM-SHA-256-PLUS ***") })
            #expect(lines.contains { $0.contains("secured") })
            #expect(lines.contains { $0.contains("content(3)") })
        }
    }

    @Test func `a host that refuses is followed by the next`() async throws {
        let server = try ScriptedServer(replies: ["220 mx.example ESMTP\r\n", "250 mx.example\r\n", "221 Bye\r\n"])
        var configuration = ClientFixture.configuration
        let asked = Mutex<[String]>([])
        configuration.resolver = Resolver(
            mailExchangers: { _ in
                [
                    MailExchanger(preference: 20, host: "up.example"),
                    MailExchanger(preference: 10, host: "down.example"),
                ]
            },
            addresses: { host, _ in
                asked.withLock { $0.append(host) }
                // Connections to these addresses fail: the server is bound to another address of the loopback.
                return host == "down.example" ? ["127.0.0.2", "127.0.0.3"] : ["127.0.0.1"]
            })
        let greeting = try await SMTPClient.withConnection(
            to: .mailExchange(of: "example", port: UInt16(server.port)), configuration: configuration
        ) { await $0.greeting }
        #expect(greeting?.code == 220)
        #expect(asked.withLock { $0 } == ["down.example", "up.example"])
    }

    @Test func `nobody listens`() async throws {
        let server = try ScriptedServer(replies: [])
        var configuration = ClientFixture.configuration
        configuration.resolver = Resolver(
            mailExchangers: { _ in [] }, addresses: { _, _ in ["127.0.0.2", "127.0.0.3"] })
        let endpoint = Endpoint.host("mx.example", port: UInt16(server.port))
        let error = await #expect(throws: SMTPError.self) {
            try await SMTPClient.withConnection(to: endpoint, configuration: configuration) { _ in }
        }
        #expect(error?.code == .connectFailed)
        configuration.resolver = Resolver(
            mailExchangers: { throw ResolverError.acceptsNoMail($0) }, addresses: { _, _ in [] })
        let refused = await #expect(throws: SMTPError.self) {
            try await SMTPClient.withConnection(to: .mailExchange(of: "null.example"), configuration: configuration) {
                _ in
            }
        }
        #expect(refused?.code == .notResolved)
        #expect("\(try #require(refused))".contains("null MX"))
    }

    @Test func `HELO alone is sent when asked for, and forgets the extensions`() async throws {
        let server = try ScriptedServer(replies: [
            "220 mx.example\r\n", "250-mx.example\r\n250 PIPELINING\r\n", "250 plain.example\r\n", "221 Bye\r\n",
        ])
        try await SMTPClient.withConnection(
            to: ClientFixture.endpoint(server.port), configuration: ClientFixture.configuration
        ) { connection in
            #expect(await connection.helloReply?.lines == ["mx.example", "PIPELINING"])
            let reply = try await connection.plainHello()
            #expect(reply.lines == ["plain.example"])
            #expect(await connection.helloReply?.lines == ["plain.example"])
            #expect(await connection.capabilities?.contains("PIPELINING") != true)
        }
    }

    @Test func `what comes before everything else is sent first`() async throws {
        let header = "PROXY TCP4 192.0.2.9 192.0.2.1 4711 25\r\n"
        let first = Mutex<String?>(nil)
        let server = try ScriptedServer { client in
            let line = try client.readLine()
            first.withLock { $0 = line }
            for reply in [
                "220 mx.example\r\n", "250-mx.example\r\n250 XCLIENT ADDR\r\n", "220 again\r\n", "250 hi\r\n",
            ] {
                client.send(reply)
                if try client.readLine() == nil { return }
            }
            client.send("221 Bye\r\n")
        }
        var configuration = ClientFixture.configuration
        configuration.preamble = Array(header.utf8)
        configuration.xclient = [("addr", "192.0.2.9")]
        configuration.sourceAddress = "127.0.0.1"
        let greeting = try await SMTPClient.withConnection(
            to: ClientFixture.endpoint(server.port), configuration: configuration
        ) { await $0.greeting }
        #expect(greeting?.lines == ["again"])
        #expect(first.withLock { $0 } == String(header.dropLast()))
    }

    @Test func `content is asked for no faster than it is taken`() async throws {
        let pieces = 256
        let pieceSize = 256 << 10
        let taken = Mutex(0)
        let server = try ScriptedServer { client in
            client.send("220 mx.example\r\n")
            for reply in ["250 mx.example", "250 Ok", "250 Ok", "250 Ok", "354 Go"] {
                _ = try client.readLine()
                client.send(reply + "\r\n")
            }
            while let line = try client.readLine(), line != "." { taken.withLock { $0 += line.utf8.count + 2 } }
            client.send("250 Ok\r\n")
            _ = try client.readLine()
        }
        let ahead = Mutex(0)
        let line = String(repeating: "x", count: 1022) + "\r\n"
        let piece = ByteBuffer(string: String(repeating: line, count: pieceSize / 1024))
        let content = AsyncStream<ByteBuffer>(unfolding: { [given = Counter()] in
            guard given.next() < pieces else { return nil }
            let sent = given.count * pieceSize
            ahead.withLock { ahead in ahead = max(ahead, sent - taken.withLock { $0 }) }
            return piece
        })
        let outcome = try await SMTPClient.withConnection(
            to: ClientFixture.endpoint(server.port), configuration: ClientFixture.configuration
        ) { try await $0.send(Transaction(ClientFixture.envelope), content: content) }
        #expect(outcome.isDeliveredToAll)
        #expect(outcome.contentCount == pieces * pieceSize)
        // The channel's own megabyte, a few pieces on their way, and what both sockets hold.
        #expect(ahead.withLock { $0 } < 24 << 20)
    }
}

/// Counts calls.
private final class Counter: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }
    func next() -> Int {
        value.withLock { value in
            defer { value += 1 }
            return value
        }
    }
}
