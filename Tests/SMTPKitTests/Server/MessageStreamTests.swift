import Dispatch
import NIOCore
import ProcessSupport
import SMTPKit
import Testing
import TranscriptSupport

@Suite("Messages taken while they come in", .timed)
struct MessageStreamTests {
    private struct Nonsense: Error {}

    private static let transaction = "MAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n"
    private static let line = String(repeating: "x", count: 70) + "\r\n"

    /// A server that streams to `hook`, and a client that has sent a hello, a transaction and `DATA`.
    private func dialogue(
        _ hook: @escaping @Sendable (IncomingMessage) async throws -> MessageOutcome,
        limits change: (inout Limits) -> Void = { _ in },
        _ body: @escaping @Sendable (SocketClient) throws -> Void
    ) async throws {
        var server = SMTPServer(store: RefusingStore())
        change(&server.configuration.limits)
        server.hooks.onMessageStream = { request in
            #expect(request.peer.heloName == "client.example")
            return try await hook(request.message)
        }
        try await RunningServer.with(server) { server in
            let client = try SocketClient(port: server.port)
            client.send("EHLO client.example\r\n" + Self.transaction)
            for _ in 0..<5 { try client.reply() }
            try body(client)
            // Exactly one reply: the next one is this.
            #expect(try client.command("NOOP").hasPrefix("250 2.0.0 Ok"))
        }
    }

    @Test func `pieces come while the client still sends`() async throws {
        let isTaken = DispatchSemaphore(value: 0)
        let store = Notes()
        try await dialogue { message in
            var text = ""
            for try await piece in message.body {
                text += String(decoding: piece.readableBytesView, as: UTF8.self)
                if text == "one\r\n" { isTaken.signal() }
            }
            store.add(text)
            return MessageOutcome(QueueID(rawValue: "mine-\(message.envelope.recipients.count)"))
        } _: { (client: SocketClient) throws -> Void in
            client.send("one\r\n")
            // The rest is sent when the first line was taken, and not before.
            #expect(isTaken.wait(timeout: .now() + 45) == .success)
            client.send("..two\r\n.\r\n")
            #expect(try client.reply() == "250 2.0.0 Ok: queued as mine-1")
        }
        #expect(await store.all() == ["one\r\n.two\r\n"])
    }

    @Test func `an empty message and pipelined ones come one by one`() async throws {
        let notes = Notes()
        try await dialogue { message in
            var count = 0
            for try await piece in message.body { count += piece.readableBytes }
            notes.add("\(count)")
            return MessageOutcome(message.id)
        } _: { (client: SocketClient) throws -> Void in
            var text = ".\r\n"
            for lines in 0..<50 { text += Self.transaction + String(repeating: Self.line, count: lines) + ".\r\n" }
            client.send(text)
            #expect(try client.reply().hasPrefix("250 2.0.0 Ok: queued as "))
            for _ in 0..<50 {
                for _ in 0..<3 { try client.reply() }
                #expect(try client.reply().hasPrefix("250 2.0.0 Ok: queued as "))
            }
        }
        #expect(await notes.all() == ["0"] + (0..<50).map { "\($0 * 72)" })
    }

    @Test func `who takes nothing holds the client back`() async throws {
        let gate = Gate()
        let notes = Notes()
        let size = 64 << 20
        try await dialogue { message in
            await gate.pass()
            var count = 0
            for try await piece in message.body {
                #expect(piece.readableBytes <= 1 << 16)
                count += piece.readableBytes
            }
            notes.add("\(count)")
            return MessageOutcome(message.id)
        } limits: {
            $0.messageSize = nil
        } _: { (client: SocketClient) throws -> Void in
            let lines = Array(String(repeating: Self.line, count: 1_000).utf8)
            let sent = try client.sendUntilBlocked(lines, atMost: size)
            #expect(sent < size)
            gate.open()
            client.send(Array(lines.dropFirst(sent % lines.count)) + Array("\r\n.\r\n".utf8))
            #expect(try client.reply().hasPrefix("250 2.0.0 "))
            notes.add("\((sent / lines.count + 1) * lines.count + 2)")
        }
        let counts = await notes.all()
        #expect(counts.count == 2 && counts.first == counts.last)
    }

    @Test(arguments: ["reply", "error", "early", "late"])
    func `a consumer that ends before the message decides, once`(way: String) async throws {
        try await dialogue { message in
            for try await _ in message.body {
                switch way {
                case "reply": throw Reply(554, .permanent(.init(7, 1)), "no more")
                case "error": throw Nonsense()
                case "early": return MessageOutcome(QueueID(rawValue: "early"))
                case _: continue
                }
            }
            throw Reply.mailboxFull
        } _: { (client: SocketClient) throws -> Void in
            client.send("Subject: x\r\n")
            for _ in 0..<20_000 { client.send(Self.line) }
            #expect(try client.lineIfAny() == nil)
            let expected = [
                "reply": "554 5.7.1 no more", "error": "451 4.3.0 Local error in processing",
                "early": "250 2.0.0 Ok: queued as early", "late": "452 4.2.2 Mailbox full",
            ]
            #expect(try client.command(".") == expected[way])
        }
    }

    @Test(arguments: ["bare\n", "long"])
    func `a message that breaks a rule is refused, whatever its consumer says`(content: String) async throws {
        let notes = Notes()
        let isTaken = DispatchSemaphore(value: 0)
        try await dialogue { message in
            do {
                for try await _ in message.body { isTaken.signal() }
                notes.add("complete")
            } catch is CancellationError {
                notes.add("refused")
            } catch {
                #expect(error as? MessageBodyError == .refused)
                notes.add("refused")
            }
            return MessageOutcome(message.id)
        } limits: {
            $0.messageSize = 10_000
        } _: { (client: SocketClient) throws -> Void in
            client.send("fine\r\n")
            // Refused in one read with its beginning, a message would not come to the hook at all.
            #expect(isTaken.wait(timeout: .now() + 45) == .success)
            client.send(content == "long" ? String(repeating: Self.line, count: 1_000) : content)
            client.send(String(repeating: Self.line, count: 1_000))
            #expect(try client.command("\r\n.").hasPrefix(content == "long" ? "552 5.3.4 " : "550 5.5.2 "))
        }
        #expect(await notes.all() == ["refused"])
    }

    @Test func `a connection that is lost in the middle is no end of a message`() async throws {
        let notes = Notes()
        var server = SMTPServer()
        server.hooks.onMessageStream = { request in
            do {
                for try await _ in request.message.body { notes.add("piece") }
                notes.add("complete")
            } catch {
                notes.add("interrupted")
            }
            return MessageOutcome(request.message.id)
        }
        _ = try await RunningServer.with(server) { server in
            for isReset in [true, false] {
                let client = try SocketClient(port: server.port)
                client.send("EHLO a.example\r\n" + Self.transaction)
                for _ in 0..<5 { try client.reply() }
                client.send("half a message\r\n")
                client.end(isReset: isReset)
            }
        } next: { _ in
            // A reset may overtake the piece.
            var ends = 0
            while ends < 2 { ends += await notes.next(1) == ["interrupted"] ? 1 : 0 }
        }
        #expect(await notes.all() == [])
    }

    @Test func `a consumer that takes too long is given up, and its session goes on`() async throws {
        try await dialogue { message in
            // Nothing opens this; the wait ends with the task that the server cancels.
            await Gate().pass()
            return MessageOutcome(message.id)
        } limits: {
            $0.decision = .milliseconds(20)
        } _: { (client: SocketClient) throws -> Void in
            client.send(String(repeating: Self.line, count: 100_000))
            #expect(try client.command(".").hasPrefix("451 4.3.0 "))
        }
    }
}

/// Keeps nothing: a message that comes here went the wrong way.
private struct RefusingStore: MessageStore {
    func store(_ message: Message) async throws { throw Reply.localError }
}
