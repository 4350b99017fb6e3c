import ProcessSupport
import SMTPKit
import SMTPTestKit
import Testing
import TranscriptSupport

/// Used as an embedder would: in Swift Testing, against a real client.
@Suite("A server for tests", .blocking)
struct TestServerTests {
    private static func send(_ text: String, to recipients: [String], port: Int) throws -> Int32 {
        let words = ["swaks", "--server", "127.0.0.1:\(port)", "--from", "joe@example.org", "--to"]
        return try ChildProcess.run(words + [recipients.joined(separator: ","), "--data", text]).status
    }

    @Test(arguments: [false, true])
    func `TLS is offered by STARTTLS and on a port of its own`(isImplicit: Bool) async throws {
        try await TestServer.run(usesTLS: true) { server in
            let tlsPort = try #require(server.tlsPort)
            #expect(server.certificatePEM?.hasPrefix("-----BEGIN CERTIFICATE-----") == true)
            let port = isImplicit ? tlsPort : server.port
            let words = [
                "swaks", "--server", "127.0.0.1:\(port)", "--from", "joe@example.org", "--to", "ann@example.net",
                isImplicit ? "--tls-on-connect" : "--tls",
            ]
            #expect(try ChildProcess.run(words).status == 0)
            let messages = try await server.messages(count: 1)
            #expect(messages[0].peer.tls != nil)
        }
    }

    @Test func `a client verifies the certificate of the server`() async throws {
        try await TestServer.run(usesTLS: true) { server in
            var configuration = SMTPClient.Configuration()
            let pem = try #require(server.certificatePEM)
            var tls = TLSConfiguration.client()
            tls.trust = .certificates(.bytes(Array(pem.utf8)))
            configuration.security = ClientSecurity(.required)
            configuration.security.configuration = tls
            let endpoint = Endpoint.host("127.0.0.1", port: UInt16(server.port))
            let isSecured = try await SMTPClient.withConnection(to: endpoint, configuration: configuration) {
                await $0.tls != nil
            }
            #expect(isSecured)
        }
    }

    @Test func `without TLS there is no second port`() async throws {
        try await TestServer.run { server in
            #expect(server.tlsPort == nil)
            #expect(server.certificatePEM == nil)
        }
    }

    @Test func `messages come with all that a test may ask for`() async throws {
        try await TestServer.run { server in
            #expect(server.messages.isEmpty)
            #expect(
                try Self.send(
                    "From: joe@example.org\nSubject: Welcome\n\n.Hello\n", to: ["ann@example.net", "bob@example.net"],
                    port: server.port) == 0)
            let messages = try await server.messages(count: 1)
            #expect(messages.count == 1)
            #expect(messages[0].sender == "joe@example.org")
            #expect(messages[0].recipients == ["ann@example.net", "bob@example.net"])
            #expect(messages[0].subject == "Welcome")
            #expect(messages[0].text.contains("\r\n\r\n.Hello\r\n"))
            #expect(messages[0].peer.heloName != nil)
            server.removeMessages()
            #expect(server.messages.isEmpty)
        }
    }

    @Test func `who waits is told as soon as enough has come`() async throws {
        try await TestServer.run { (server: TestServer) async throws -> Void in
            async let waiting = server.messages(count: 3)
            for _ in 0..<3 { #expect(try Self.send("Subject: x\n\n", to: ["ann@example.net"], port: server.port) == 0) }
            #expect(try await waiting.count == 3)
        }
    }

    @Test func `who waits for too much is told what is missing`() async throws {
        try await TestServer.run { (server: TestServer) async throws -> Void in
            await #expect(throws: MessagesMissing(expected: 1, came: 0, timeout: .milliseconds(10))) {
                try await server.messages(count: 1, timeout: .milliseconds(10))
            }
            let waiting = Task { try await server.messages(count: 1) }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
        }
    }

    @Test func `what is refused on request is refused, and nothing else`() async throws {
        try await TestServer.run { (server: TestServer) async throws -> Void in
            server.answers.recipients["bob@example.net"] = .mailboxNotFound
            #expect(try Self.send("Subject: x\n\n", to: ["bob@example.net"], port: server.port) != 0)
            #expect(try Self.send("Subject: x\n\n", to: ["ann@example.net"], port: server.port) == 0)
            server.answers = CannedAnswers()
            #expect(try Self.send("Subject: x\n\n", to: ["bob@example.net"], port: server.port) == 0)
            #expect(server.messages.map(\.recipients) == [["ann@example.net"], ["bob@example.net"]])
        }
    }

    @Test func `every step of the dialogue can be refused`() async throws {
        var hooks = Hooks()
        hooks.onSender = { request in request.path == .null ? .reply(.noService) : .accept }
        try await TestServer.run(hooks: hooks) { server in
            let dialogue = [
                "EHLO a.example", "MAIL FROM:<x@a.example>", "RCPT TO:<y@b.example>", "DATA", "Subject: x\r\n.",
            ]
            func replies() throws -> [String] {
                let client = try SocketClient(port: server.port)
                return try [client.reply()] + dialogue.map { try client.command($0) }
            }
            let refusal = Reply(450, .transient(.otherUndefinedStatus), "Not today")
            let steps: [WritableKeyPath<CannedAnswers, Reply?>] = [
                \.connection, \.hello, \.sender, \.recipient, \.message,
            ]
            for (step, place) in zip(steps, [0, 1, 2, 3, 5]) {
                server.answers[keyPath: step] = refusal
                #expect(try replies().firstIndex { $0.hasPrefix("450 ") } == place)
                server.answers = CannedAnswers()
            }
            #expect(try replies().last?.hasPrefix("250 2.0.0 ") == true)
            #expect(server.messages.count == 1)
            // The hooks are asked when there is no other answer.
            let client = try SocketClient(port: server.port)
            try client.reply()
            try client.command("EHLO a.example")
            #expect(try client.command("MAIL FROM:<>").hasPrefix("554 "))
            server.answers.senders[""] = .senderOK
            #expect(try client.command("MAIL FROM:<>").hasPrefix("250 "))
        }
    }
}
