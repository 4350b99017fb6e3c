import Glibc
import ProcessSupport
import SMTPKit
import Testing
import TranscriptSupport

/// Drives a connection by `poll`, as a shell does.
private final class PollLoop {
    let connection: PollableConnection
    private(set) var events: [String] = []

    init(_ port: Int, _ change: (inout PollableConnection.Options) -> Void = { _ in }) throws {
        var options = PollableConnection.Options()
        options.session.isRaw = true
        options.host = "mail.example"
        change(&options)
        connection = PollableConnection(options)
        connection.open(try Self.targets("127.0.0.1", port))
    }

    static func targets(_ address: String, _ port: Int) throws -> [SocketTarget] {
        try SocketTarget.find(
            Candidates.Host(name: "mail.example", addresses: [address], port: UInt16(port)))
    }

    /// Goes on until nothing is awaited, or the connection is over.
    func run() throws {
        collect()
        while connection.isOpen, connection.stage != nil { try turn() }
    }

    /// Goes on until the connection is over.
    func runToEnd() throws {
        while connection.isOpen { try turn() }
    }

    private func turn() throws {
        var polled = connection.pollSet
        guard poll(&polled, nfds_t(polled.count), 60_000) > 0 else { throw HarnessError("nothing for 60 seconds") }
        connection.serve(polled)
        collect()
    }

    func say(_ line: String) throws {
        try connection.perform { session, output throws(SMTPError) in
            session.sendRawLine(Array(line.utf8), into: &output)
        }
        try run()
    }

    private func collect() {
        for event in connection.takeEvents() {
            switch event {
            case .reply(let reply): events.append("\(reply.command?.line ?? "?") \(reply.reply.code)")
            case .startTLS: events.append("tls")
            case .failed(let error): events.append("failed: \(error.code)")
            case .closed: events.append("closed")
            case .malformed, .finished, .stageFinished, .tlsSkipped, .prepared, .stepFailed, .contentWanted,
                .transactionFinished:
                break
            }
        }
    }
}

@Suite("Pollable connection", .blocking)
struct PollableConnectionTests {
    @Test func `lines go out as they are, and TLS begins when it is granted`() async throws {
        let contexts = try TLSTestContexts()
        let store = RecordingStore()
        var server = SMTPServer(store: store)
        server.configuration.security = ServerSecurity(contexts.server)
        try await RunningServer.with(server) { running in
            let loop = try PollLoop(running.port) {
                $0.security.configuration.trust = contexts.client.configuration.trust
            }
            try loop.run()
            for line in [
                "EHLO client.example", "STARTTLS", "EHLO client.example", "MAIL FROM:<>", "RCPT TO:<a@b.example>",
            ] {
                try loop.say(line)
            }
            #expect(loop.connection.tlsReport?.isVerified == true)
            #expect(loop.connection.session.acceptedRecipients == 1)
            for line in ["DATA", "hi", "."] { try loop.say(line) }
            try loop.say("QUIT")
            try loop.runToEnd()
            #expect(
                loop.events == [
                    " 220", "EHLO client.example 250", "STARTTLS 220", "tls", "EHLO client.example 250",
                    "MAIL FROM:<> 250", "RCPT TO:<a@b.example> 250", "DATA 354", ". 250", "QUIT 221", "closed",
                ])
        }
        #expect(store.messages.map(\.content) == [Array("hi\r\n".utf8)])
    }

    @Test func `a certificate that is not good is refused, with the reason`() async throws {
        let contexts = try TLSTestContexts()
        var server = SMTPServer()
        server.configuration.security = ServerSecurity(contexts.server)
        try await RunningServer.with(server) { running in
            let loop = try PollLoop(running.port) {
                $0.security = ClientSecurity(.required)
                $0.security.configuration.trust = .nobody
            }
            try loop.run()
            try loop.say("EHLO client.example")
            try loop.say("STARTTLS")
            #expect(loop.events.last == "failed: tls-failed")
            #expect(!loop.connection.isOpen)
        }
    }

    @Test func `nobody listens, and a server that closes`() throws {
        let server = try ScriptedServer { $0.send("220 hi\r\n") }
        let loop = try PollLoop(server.port)
        try loop.run()
        try loop.runToEnd()
        #expect(loop.events.first == " 220")
        let refused = PollableConnection(PollableConnection.Options())
        refused.open(try PollLoop.targets("127.0.0.2", server.port))
        while refused.isOpen {
            var polled = refused.pollSet
            poll(&polled, nfds_t(polled.count), 60_000)
            refused.serve(polled)
        }
        guard case .failed(let error) = try #require(refused.takeEvents().last) else {
            throw HarnessError("no failure")
        }
        #expect(error.code == .connectFailed)
        #expect("\(error)".contains("127.0.0.2:\(server.port): Connection refused"))
    }
}
