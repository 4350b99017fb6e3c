import Glibc
import ProcessSupport
import SMTPKit
import Testing
import TranscriptSupport

/// The limits that only a server with a clock and sockets has.
@Suite("Server limits", .timed)
struct ServerLimitsTests {
    private func server(_ change: (inout Limits) -> Void) -> SMTPServer {
        var server = SMTPServer(store: RecordingStore())
        change(&server.configuration.limits)
        return server
    }

    private static let transaction = "MAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n"

    @Test func `as many connections as the limit says, and no more`() async throws {
        try await RunningServer.with(server { $0.connections = 2 }) { server in
            let first = try SocketClient(port: server.port)
            let second = try SocketClient(port: server.port)
            #expect(try first.reply().hasPrefix("220 "))
            #expect(try second.reply().hasPrefix("220 "))
            let third = try SocketClient(port: server.port)
            #expect(try third.reply().hasPrefix("421 4.7.0 "))
            #expect(try third.readLine() == nil)
            #expect(try first.command("QUIT").hasPrefix("221 "))
            #expect(try first.readLine() == nil)
        }
    }

    @Test(arguments: ["", "NOO", "EHLO a.example\r\nMAIL FROM:<>\r\nRC"])
    func `who does not end a command in time is told and closed on`(said: String) async throws {
        try await RunningServer.with(server { $0.commandInput = .milliseconds(40) }) { server in
            let client = try SocketClient(port: server.port)
            client.send(said)
            let lines = try client.readToEnd().split(separator: "\r\n")
            #expect(lines.last?.hasPrefix("421 4.4.2 ") == true)
        }
    }

    @Test func `a command in drips does not move its deadline`() async throws {
        try await RunningServer.with(server { $0.commandInput = .milliseconds(100) }) { server in
            let client = try SocketClient(port: server.port)
            try client.reply()
            // Bytes without end: only the deadline of the first one can stop this.
            let drips = Array(repeating: UInt8(ascii: "x"), count: 100)
            var said = ""
            while said.isEmpty {
                client.send(drips)
                said = try client.lineIfAny() ?? ""
            }
            #expect(said.hasPrefix("421 4."))
        }
    }

    @Test func `a server knows what time it is, where that matters`() async throws {
        var server = server { _ in }
        server.configuration.promised = [.futureRelease, .deliverBy]
        try await RunningServer.with(server) { server in
            let client = try SocketClient(port: server.port)
            try client.reply()
            try client.command("EHLO a.example")
            let late = "MAIL FROM:<a@b.example> HOLDUNTIL=9999-12-31T23:59:59Z"
            #expect(try client.command("\(late) BY=100;R").hasPrefix("501 5.5.4 "))
            #expect(try client.command(late).hasPrefix("250 "))
        }
    }

    @Test func `content that stops is told and closed on, and nothing is stored`() async throws {
        let store = RecordingStore()
        var server = server { $0.messageInput = .milliseconds(40) }
        server.store = store
        try await RunningServer.with(server) { server in
            let client = try SocketClient(port: server.port)
            client.send("EHLO a.example\r\n" + Self.transaction + "half a message\r\n")
            #expect(try client.readToEnd().split(separator: "\r\n").last?.hasPrefix("421 4.4.2 ") == true)
        }
        #expect(store.messages.isEmpty)
    }

    @Test func `who takes no replies is closed on, and makes nobody wait`() async throws {
        try await RunningServer.with(server { $0.replyOutput = .milliseconds(100) }) { server in
            let greedy = try SocketClient(port: server.port)
            try greedy.reply()
            // Help is answered with more than it costs to ask. Sending ends when the server reads no more, and
            // the call returns when it closes.
            let asking = Array(repeating: "HELP\r\n", count: 1_000).joined()
            for _ in 0..<20_000 where !greedy.isRefused { greedy.send(asking) }
            #expect(greedy.isRefused)
            let other = try SocketClient(port: server.port)
            #expect(try other.reply().hasPrefix("220 "))
        }
    }

    @Test func `who takes replies late gets each of them once, and in order`() async throws {
        try await RunningServer.with(server { _ in }) { server in
            let client = try SocketClient(port: server.port)
            try client.reply()
            let asking = "HELP\r\nNOOP\r\nVRFY a\r\n"
            client.send(asking)
            // Two lines of help, and one for each of the others.
            let answer = try (0..<4).compactMap { _ in try client.readLine() }.joined(separator: "\r\n") + "\r\n"
            // The first writes find room, one finds half of what it needs, and then the server waits for the client.
            let limit = 64 << 20
            let sent = try client.sendUntilBlocked(Array(asking.utf8), atMost: limit)
            #expect(sent < limit)
            client.finishSending()
            let replies = Array(try client.readToEnd().utf8)
            let count = sent / asking.utf8.count
            let expected = Array(String(repeating: answer, count: count).utf8)
            // Byte by byte, a debug build would take half a minute.
            let areSame = replies.count >= expected.count && memcmp(replies, expected, expected.count) == 0
            #expect(areSame)
            // A command or two of the next round may be whole.
            #expect(replies.count - expected.count < answer.utf8.count)
        }
    }

    @Test func `a large message goes through a file and arrives whole`() async throws {
        let store = RecordingStore()
        var server = server { _ in }
        server.store = store
        server.configuration.spoolThreshold = 1_000
        let line = String(repeating: "x", count: 70) + "\r\n"
        try await RunningServer.with(server) { server in
            let client = try SocketClient(port: server.port)
            client.send("EHLO a.example\r\n")
            for lines in [10, 20_000, 14, 15] {
                client.send(Self.transaction + String(repeating: line, count: lines) + ".\r\n")
            }
            client.send("QUIT\r\n")
            #expect(try client.readToEnd().contains("221 "))
        }
        #expect(store.messages.map(\.content.count) == [10, 20_000, 14, 15].map { $0 * 72 })
        #expect(store.messages.allSatisfy { $0.content.count % 72 == 0 && $0.content.starts(with: line.utf8) })
    }

    @Test func `a message that cannot be spooled is refused, and the next is taken`() async throws {
        let store = RecordingStore()
        var server = server { _ in }
        server.store = store
        server.configuration.spoolThreshold = 1_000
        server.configuration.spoolDirectory = "/nonexistent"
        try await RunningServer.with(server) { server in
            let client = try SocketClient(port: server.port)
            try client.reply()
            try client.command("EHLO a.example")
            for (size, expected) in [(5_000, "452 4.3.1 "), (500, "250 2.0.0 ")] {
                client.send(Self.transaction + String(repeating: "y", count: size) + "\r\n.\r\n")
                for _ in 0..<3 { try client.reply() }
                #expect(try client.reply().hasPrefix(expected))
            }
        }
        #expect(store.messages.count == 1)
    }
}
