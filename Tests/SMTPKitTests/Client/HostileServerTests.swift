import NIOCore
import ProcessSupport
import SMTPKit
import Synchronization
import Testing
import TranscriptSupport

@Suite("Client against hostile servers", .blocking)
struct HostileServerTests {
    private static let envelope = [
        "220 mx.example\r\n", "250 mx.example\r\n", "250 Ok\r\n", "250 Ok\r\n", "250 Ok\r\n",
    ]

    @Test func `octets in clear behind the reply to STARTTLS are never taken for TLS`() async throws {
        let server = try ScriptedServer(replies: [
            "220 mx.example\r\n", "250-mx.example\r\n250 STARTTLS\r\n", "220 Go\r\n250 injected\r\n",
        ])
        var configuration = ClientFixture.configuration
        configuration.security = ClientSecurity(.required)
        let error = try await ClientFixture.error(server, configuration)
        #expect(error.code == .plaintextBehindStartTLS)
    }

    @Test func `TLS that is required and not offered ends the session`() async throws {
        var configuration = ClientFixture.configuration
        configuration.security = ClientSecurity(.required)
        let error = try await ClientFixture.error(try ScriptedServer(replies: Self.envelope), configuration)
        #expect(error.code == .tlsNotOffered)
        let refusing = try ScriptedServer(replies: [
            "220 mx.example\r\n", "250-mx.example\r\n250 STARTTLS\r\n", "454 4.7.0 Not now\r\n",
        ])
        let refused = try await ClientFixture.error(refusing, configuration)
        #expect(refused.code == .refused && refused.stage == .startTLS && refused.reply?.code == 454)
    }

    @Test(arguments: [
        (0, ClientStage.greeting), (1, .hello), (2, .mail), (3, .rcpt), (4, .rcpt), (5, .data), (6, .endOfData),
    ])
    func `a server that closes, and one that says nothing`(step: Int, stage: ClientStage) async throws {
        let replies = Self.envelope + ["354 Go\r\n"]
        let closing = try ScriptedServer { client in
            for (index, reply) in replies.prefix(step).enumerated() {
                if index > 0 { _ = try client.readLine() }
                client.send(reply)
            }
            if step == replies.count {
                while try client.readLine() != "." {}
            } else if step > 0 {
                _ = try client.readLine()
            }
        }
        let closed = try await ClientFixture.error(closing)
        #expect(closed.code == .closed && closed.stage == stage, "\(closed)")
        let silent = try ScriptedServer(replies: Array(replies.prefix(step)))
        var configuration = ClientFixture.configuration
        configuration.timeouts = Self.timeouts(short: stage)
        let late = try await ClientFixture.error(silent, configuration)
        #expect(late.code == .timedOut && late.stage == stage, "\(late)")
    }

    /// Patience with everything but what is awaited at `stage`: a busy machine is slow at every stage.
    private static func timeouts(short stage: ClientStage) -> ClientTimeouts {
        var timeouts = ClientTimeouts(all: .seconds(60))
        switch stage {
        case .greeting: timeouts.greeting = .milliseconds(300)
        case .mail: timeouts.mail = .milliseconds(300)
        case .rcpt: timeouts.rcpt = .milliseconds(300)
        case .data: timeouts.dataInitiation = .milliseconds(300)
        case .endOfData: timeouts.dataTermination = .milliseconds(300)
        default: timeouts.command = .milliseconds(300)
        }
        return timeouts
    }

    @Test func `a server that refuses at once`() async throws {
        let error = try await ClientFixture.error(try ScriptedServer(replies: ["554 5.7.1 Go away\r\n"]))
        #expect(error.code == .refused && error.stage == .greeting && error.reply?.code == 554)
        #expect("\(error)" == "the server refused the greeting: 554 5.7.1 Go away")
        let busy = try await ClientFixture.error(try ScriptedServer(replies: ["421 4.7.0 Busy\r\n"]))
        #expect(busy.reply?.code == 421)
    }

    @Test func `an extra reply, and one in the middle of the content`() async throws {
        let extra = try ScriptedServer(replies: ["220 mx.example\r\n250 extra\r\n"])
        #expect(try await ClientFixture.error(extra).code == .outOfSync)
        let early = try ScriptedServer { client in
            client.send("220 mx.example\r\n")
            for reply in ["250 mx.example", "250 Ok", "250 Ok", "250 Ok", "354 Go\r\n250 Thanks"] {
                _ = try client.readLine()
                client.send(reply + "\r\n")
            }
            while try client.readLine() != nil {}
        }
        let error = try await ClientFixture.error(early)
        #expect(error.code == .outOfSync && error.reply?.code == 250)
    }

    @Test func `the last words of a server that closes amid the content are heard`() async throws {
        // Ten times: which of both sides is faster is chance.
        for _ in 0..<10 {
            let server = try ScriptedServer { client in
                client.send("220 mx.example\r\n")
                for reply in ["250 mx.example", "250 Ok", "250 Ok", "250 Ok", "354 Go"] {
                    _ = try client.readLine()
                    client.send(reply + "\r\n")
                }
                _ = try client.readLine()
                client.send("552 5.3.4 Too large\r\n")
            }
            let piece = ByteBuffer(repeating: UInt8(ascii: "\n"), count: 64 << 10)
            let content = AsyncStream<ByteBuffer> { stream in
                for _ in 0..<256 { stream.yield(piece) }
                stream.finish()
            }
            let error = await #expect(throws: SMTPError.self) {
                try await SMTPClient.withConnection(
                    to: ClientFixture.endpoint(server.port), configuration: ClientFixture.configuration
                ) { try await $0.send(Transaction(ClientFixture.envelope), content: content) }
            }
            #expect(error?.code == .refused && error?.reply?.code == 552, "\(String(describing: error))")
        }
    }

    @Test(arguments: [
        "250-a\r\n251 b\r\n", "garbage\r\n", "999 What\r\n", "\u{0}\u{1}\r\n", String(repeating: "x", count: 70_000),
        String(repeating: "250-x\r\n", count: 1_100), "250x\r\n",
    ])
    func `what is no reply ends the session`(text: String) async throws {
        let error = try await ClientFixture.error(try ScriptedServer(replies: ["220 mx.example\r\n", text]))
        #expect(error.code == .protocolViolation && error.stage == .hello, "\(error)")
        #expect(!"\(error)".utf8.contains { $0 < 0x20 })
    }

    @Test func `nobody accepted and content wanted: a lone dot`() async throws {
        let seen = Mutex<[String]>([])
        let server = try ScriptedServer { client in
            client.send("220 mx.example\r\n")
            for reply in ["250-mx.example\r\n250 PIPELINING", "250 Ok", "550 No", "550 No", "354 Go", "554 Nobody"] {
                let line = try client.readLine() ?? ""
                seen.withLock { $0.append(line) }
                client.send(reply + "\r\n")
            }
            while try client.readLine() != nil {}
        }
        let outcome = try await ClientFixture.send(to: server)
        #expect(outcome.refusal?.stage == .rcpt)
        #expect(seen.withLock { $0.suffix(2) } == ["DATA", "."])
    }

    @Test func `a task that is cancelled ends the connection`() async throws {
        let (greeted, isGreeted) = AsyncStream.makeStream(of: Void.self)
        let (ended, hasEnded) = AsyncStream.makeStream(of: Void.self)
        let server = try ScriptedServer { client in
            client.send("220 mx.example\r\n")
            _ = try client.readLine()
            isGreeted.yield()
            while try client.readLine() != nil {}
            hasEnded.yield()
        }
        let task = Task { try await ClientFixture.send(to: server) }
        _ = await greeted.first { _ in true }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        // The server sees the end of the connection.
        _ = await ended.first { _ in true }
    }

    @Test func `an error of the content is passed on, and ends the connection`() async throws {
        let server = try ScriptedServer(replies: Self.envelope + ["354 Go\r\n"])
        let content = AsyncThrowingStream<ByteBuffer, any Error>(unfolding: { throw HarnessError("no more paper") })
        let error = await #expect(throws: HarnessError.self) {
            try await SMTPClient.withConnection(
                to: ClientFixture.endpoint(server.port), configuration: ClientFixture.configuration
            ) { try await $0.send(Transaction(ClientFixture.envelope), content: content) }
        }
        #expect(error?.description == "no more paper")
    }
}
