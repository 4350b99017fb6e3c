import ProcessSupport
import SMTPKit
import Testing
import TranscriptSupport

@Suite("Notifications", .timed)
struct NotificationTests {
    private static func noting(_ notes: Notes) -> SMTPServer {
        var server = SMTPServer()
        server.hooks.onReset = { notice in
            let recipients = notice.transaction.envelope.recipients.count
            notes.add(
                "\(notice.peer.heloName ?? "-"): \(notice.transaction.reason) \(notice.transaction.envelope.reversePath) \(recipients)"
            )
        }
        server.hooks.onDisconnect = { notice in notes.add("\(notice.peer.heloName ?? "-"): \(notice.reason.text)") }
        return server
    }

    @Test func `a transaction that is given up is told, with what it had`() async throws {
        let notes = Notes()
        try await RunningServer.with(Self.noting(notes)) { server in
            let client = try SocketClient(port: server.port)
            client.send(
                "EHLO a.example\r\nRSET\r\nMAIL FROM:<x@a.example>\r\nRCPT TO:<y@b.example>\r\nRSET\r\nRSET\r\n")
            client.send("MAIL FROM:<>\r\nEHLO b.example\r\nHELO b.example\r\nEHLO\r\nMAIL FROM:<>\r\n")
            client.send("RCPT TO:<y@b.example>\r\nDATA\r\n\r\n.\r\nQUIT\r\n")
            #expect(try client.readToEnd().contains("221 "))
        }
        #expect(
            await notes.all() == ["a.example: reset x@a.example 1", "a.example: hello  0", "b.example: quit"])
    }

    @Test func `the dialogue does not wait for who is told`() async throws {
        let gate = Gate()
        let notes = Notes()
        var server = SMTPServer()
        server.hooks.onReset = { _ in
            await gate.pass()
            notes.add("reset")
        }
        server.hooks.onDisconnect = { _ in notes.add("gone") }
        try await RunningServer.with(server) { server in
            let client = try SocketClient(port: server.port)
            try client.reply()
            try client.command("EHLO a.example")
            try client.command("MAIL FROM:<>")
            #expect(try client.command("RSET").hasPrefix("250 "))
            #expect(try client.command("MAIL FROM:<>").hasPrefix("250 "))
            #expect(try client.command("QUIT").hasPrefix("221 "))
            #expect(try client.readLine() == nil)
            gate.open()
        }
        // The server has waited until all was told, in its order.
        #expect(await notes.all() == ["reset", "gone"])
    }

    @Test func `who gives up transactions without end has to wait`() async throws {
        let gate = Gate()
        var server = SMTPServer()
        server.hooks.onReset = { _ in await gate.pass() }
        try await RunningServer.with(server) { server in
            let client = try SocketClient(port: server.port)
            client.send("EHLO a.example\r\n")
            let giving = Array(String(repeating: "MAIL FROM:<>\r\nRSET\r\n", count: 2_000).utf8)
            // All that is on the way is in the sockets' buffers: the server takes no more.
            #expect(try client.sendUntilBlocked(giving, atMost: 64 << 20) < 64 << 20)
            gate.open()
            // The server sees this end as a reset, because the client has not read all replies.
            client.end(isReset: true)
        }
    }

    @Test func `the end of a connection is told once, with its reason`() async throws {
        let notes = Notes()
        var server = Self.noting(notes)
        server.hooks.onSender = { request in request.path == .null ? .close(nil) : .reply(.shuttingDown) }
        let ways: [@Sendable (SocketClient) throws -> Void] = [
            { _ = try $0.command("QUIT") },
            { $0.end() },
            { $0.end(isReset: true) },
            { $0.finishSending() },
            { _ = try $0.command("MAIL FROM:<>") },
            { _ = try $0.command("MAIL FROM:<a@b.example>") },
        ]
        try await RunningServer.with(server) { server in
            for (number, way) in ways.enumerated() {
                let client = try SocketClient(port: server.port)
                try client.reply()
                try client.command("EHLO \(number).example")
                try way(client)
                if ![1, 2].contains(number) { _ = try client.readToEnd() }
            }
        }
        let told = await notes.all().sorted()
        #expect(
            told == [
                "0.example: quit", "1.example: gone", "2.example: gone", "3.example: gone",
                "4.example: closed", "5.example: closed 421 4.3.2 Service shutting down, closing channel",
            ])
    }

    @Test func `a time limit is a reason as well`() async throws {
        let notes = Notes()
        var server = Self.noting(notes)
        server.configuration.limits.commandInput = .milliseconds(20)
        try await RunningServer.with(server) { server in
            let said = try SocketClient(port: server.port).readToEnd()
            #expect(said.contains("421 4.4.2 "))
        }
        #expect(await notes.all() == ["-: closed 421 4.4.2 Timeout, closing channel"])
    }

    @Test func `a server that ends waits for who is told, within its grace`() async throws {
        let notes = Notes()
        var server = SMTPServer()
        server.configuration.shutdownGrace = .milliseconds(50)
        server.hooks.onDisconnect = { _ in
            notes.add("told")
            // Nothing opens this; the wait ends with the task that the server cancels.
            await Gate().pass()
            notes.add(Task.isCancelled ? "cancelled" : "left alone")
        }
        try await RunningServer.with(server) { server in
            let client = try SocketClient(port: server.port)
            try client.reply()
            client.end()
        }
        #expect(await notes.next(2) == ["told", "cancelled"])
    }
}

extension DisconnectReason {
    /// The reason in a word or two.
    fileprivate var text: String {
        switch self {
        case .quit: "quit"
        case .clientGone: "gone"
        case .closedByServer(let reply): "closed" + (reply.map { " \($0)" } ?? "")
        case .tlsFailed: "TLS failed"
        }
    }
}
