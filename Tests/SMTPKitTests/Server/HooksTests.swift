import ProcessSupport
import SMTPKit
import Synchronization
import Testing
import TranscriptSupport

@Suite("Hooks", .timed)
struct HooksTests {
    private struct Nonsense: Error {}

    /// Waits for the task to be cancelled.
    private static func never() async {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        for await _ in stream {}
        continuation.finish()
    }

    /// A server with hooks, and a client that has said EHLO.
    private func dialogue(
        store: any MessageStore = DiscardingStore(),
        _ change: (inout SMTPServer) -> Void,
        _ body: @escaping @Sendable (SocketClient) throws -> Void
    ) async throws {
        var server = SMTPServer(store: store)
        change(&server)
        try await RunningServer.with(server) { server in
            let client = try SocketClient(port: server.port)
            try client.reply()
            try client.command("EHLO client.example")
            try body(client)
        }
    }

    @Test func `a hook accepts, refuses with its own words, throws them, or closes`() async throws {
        try await dialogue { server in
            server.hooks.onRecipient = { request in
                #expect(request.envelope.reversePath.description == "a@b.example")
                switch request.recipient.path.description {
                case "yes@d.example": return .accept
                case "own@d.example": return .reply(Reply(251, .success(.init(1, 5)), "will forward"))
                case "no@d.example": return .reply(.mailboxNotFound)
                case "full@d.example": throw Reply.mailboxFull
                case "odd@d.example": throw Nonsense()
                case _: return .close(.shuttingDown)
                }
            }
        } _: { (client: SocketClient) throws -> Void in
            #expect(try client.command("MAIL FROM:<a@b.example>").hasPrefix("250 "))
            #expect(try client.command("RCPT TO:<yes@d.example>").hasPrefix("250 2.1.5 "))
            #expect(try client.command("RCPT TO:<own@d.example>") == "251 2.1.5 will forward")
            #expect(try client.command("RCPT TO:<no@d.example>").hasPrefix("550 5.1.1 "))
            #expect(try client.command("RCPT TO:<full@d.example>").hasPrefix("452 4.2.2 "))
            #expect(try client.command("RCPT TO:<odd@d.example>").hasPrefix("451 4.3.0 "))
            #expect(try client.command("RCPT TO:<bye@d.example>").hasPrefix("421 4.3.2 "))
            #expect(try client.readLine() == nil)
        }
    }

    @Test func `every hook sees the number that observers give its session`() async throws {
        let sessions = Mutex<[String: Int]>([:])
        let note: @Sendable (String, Int) -> Void = { name, session in sessions.withLock { $0[name] = session } }
        try await dialogue { server in
            server.hooks.onConnect = { request in
                note("connect", request.session)
                return .accept
            }
            server.hooks.onHello = { request in
                note("hello", request.session)
                return .accept
            }
            server.hooks.onSender = { request in
                note("sender", request.session)
                return .accept
            }
            server.hooks.onRecipient = { request in
                note("recipient \(request.envelope.reversePath)", request.session)
                return .accept
            }
            server.hooks.onMessage = { request in
                note("message \(request.peer.heloName ?? "-")", request.session)
                return request.message.id
            }
            server.hooks.onVerify = { request in
                note("verify \(request.argument)", request.session)
                return .accept
            }
            server.hooks.onDisconnect = { notice in note("gone \(notice.peer.heloName ?? "-")", notice.session) }
        } _: { (client: SocketClient) throws -> Void in
            for line in ["MAIL FROM:<a@b.example>", "RCPT TO:<c@d.example>", "VRFY ann"] {
                #expect(try client.command(line).hasPrefix("25"))
            }
            #expect(try client.command("DATA").hasPrefix("354"))
            #expect(try client.command("Subject: x\r\n.").hasPrefix("250"))
            #expect(try client.command("QUIT").hasPrefix("221"))
        }
        let expected = [
            "connect", "hello", "sender", "recipient a@b.example", "message client.example", "verify ann",
            "gone client.example",
        ]
        #expect(sessions.withLock { $0 } == Dictionary(uniqueKeysWithValues: expected.map { ($0, 1) }))
    }

    @Test(arguments: [true, false])
    func `pipelined commands wait for the hooks before them`(isSlow: Bool) async throws {
        let store = RecordingStore()
        try await dialogue(store: store) { server in
            server.hooks.onSender = { _ in
                if isSlow { await Task.yield() }
                return .accept
            }
            server.hooks.onRecipient = { request in
                if isSlow { for _ in 0..<10 { await Task.yield() } }
                return request.recipient.path.description.hasPrefix("no") ? .reply(.mailboxNotFound) : .accept
            }
            server.hooks.onMessage = { request in request.message.id }
        } _: { (client: SocketClient) throws -> Void in
            let recipients = (0..<300).map { "RCPT TO:<\($0 % 3 == 0 ? "no" : "yes")\($0)@d.example>\r\n" }.joined()
            client.send("MAIL FROM:<>\r\n" + recipients + "DATA\r\nSubject: x\r\n\r\nbody\r\n.\r\nNOOP\r\n")
            #expect(try client.reply().hasPrefix("250 2.1.0 "))
            for number in 0..<300 {
                #expect(try client.reply().hasPrefix(number % 3 == 0 ? "550 5.1.1 " : "250 2.1.5 "))
            }
            #expect(try client.reply().hasPrefix("354 "))
            #expect(try client.reply().hasPrefix("250 2.0.0 "))
            #expect(try client.reply().hasPrefix("250 2.0.0 Ok"))
        }
        #expect(store.messages.map(\.envelope.recipients.count) == [200])
    }

    @Test func `a message hook names the message, sees all of it, and refuses it`() async throws {
        let seen = Mutex<[String]>([])
        try await dialogue { server in
            server.hooks.onMessage = { request in
                #expect(request.peer.heloName == "client.example")
                var content: [UInt8] = []
                try request.message.content.forEachChunk { content += $0 }
                seen.withLock { $0.append(String(decoding: content, as: UTF8.self)) }
                if content.contains(UInt8(ascii: "!")) { throw Reply(554, .permanent(.init(7, 1)), "no shouting") }
                return QueueID(rawValue: "mine-1")
            }
        } _: { (client: SocketClient) throws -> Void in
            for (text, expected) in [("quiet", "250 2.0.0 Ok: queued as mine-1"), ("loud!", "554 5.7.1 no shouting")] {
                try client.command("MAIL FROM:<>")
                try client.command("RCPT TO:<a@b.example>")
                try client.command("DATA")
                #expect(try client.command("\(text)\r\n.") == expected)
            }
        }
        #expect(seen.withLock { $0 } == ["quiet\r\n", "loud!\r\n"])
    }

    @Test func `a hook that takes too long is given up, and its session goes on`() async throws {
        try await dialogue { server in
            server.configuration.limits.decision = .seconds(1)
            server.hooks.onSender = { request in
                // Nothing ever comes; the wait ends with the task that the server cancels.
                if request.path != .null { await Self.never() }
                return .accept
            }
        } _: { (client: SocketClient) throws -> Void in
            #expect(try client.command("MAIL FROM:<slow@d.example>").hasPrefix("451 4.3.0 "))
            #expect(try client.command("MAIL FROM:<>").hasPrefix("250 "))
        }
    }

    @Test func `one session's slow hook delays no other session`() async throws {
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        var server = SMTPServer()
        server.hooks.onHello = { request in
            if request.name == "slow.example" { for await _ in gate { break } }
            return .accept
        }
        try await RunningServer.with(server) { server in
            let slow = try SocketClient(port: server.port)
            try slow.reply()
            slow.send("EHLO slow.example\r\n")
            for _ in 0..<20 {
                let other = try SocketClient(port: server.port)
                try other.reply()
                #expect(try other.command("EHLO quick.example").hasPrefix("250 "))
            }
            opener.yield()
            #expect(try slow.reply().hasPrefix("250 "))
        }
    }

    @Test func `VRFY and EXPN are answered by those who know`() async throws {
        try await dialogue { server in
            server.hooks.onVerify = { request in .reply(Reply(250, .success(.init(1, 5)), "<\(request.argument)>")) }
            server.hooks.onExpand = { _ in .reply(Reply(250, .success(.init(1, 5)), lines: ["<a@b>", "<c@d>"])) }
        } _: { (client: SocketClient) throws -> Void in
            #expect(try client.command("VRFY joe") == "250 2.1.5 <joe>")
            client.send("EXPN list\r\n")
            #expect(try client.readLine() == "250-2.1.5 <a@b>")
            #expect(try client.readLine() == "250 2.1.5 <c@d>")
        }
    }
}
