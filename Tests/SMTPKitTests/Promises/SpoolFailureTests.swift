import Foundation
import ProcessSupport
import SMTPKit
import Synchronization
import Testing
import TranscriptSupport

/// A message that cannot be spooled, and the messages after it.
@Suite("Messages that cannot be spooled", .blocking)
struct SpoolFailureTests {
    /// The calls that a spool makes in turn, of which one fails.
    private static func calls(failing number: Int) -> FileCalls {
        let count = Mutex(0)
        let fails: @Sendable () -> Bool = {
            count.withLock { count in
                count += 1
                return count == number
            }
        }
        var calls = FileCalls.system
        calls.open = { fails() ? -Int(EMFILE) : FileCalls.system.open($0, $1, $2) }
        calls.makeTemporary = { _ in -Int(EMFILE) }
        calls.writeAt = { fails() ? -Int(ENOSPC) : FileCalls.system.writeAt($0, $1, $2) }
        return calls
    }

    /// The 1st call opens the file, the others write it; the last one writes its end.
    @Test(arguments: 1...5)
    func `a failing call refuses its message and leaves nothing behind`(number: Int) async throws {
        let store = RecordingStore()
        var server = SMTPServer(store: store)
        server.configuration.spoolThreshold = 1_000
        server.configuration.spoolCalls = Self.calls(failing: number)
        let replies = try await RunningServer.with(server) { server in
            let client = try SocketClient(port: server.port)
            try client.reply()
            try client.command("EHLO client.example")
            var replies = [try Self.deliverSlowly("large", to: client)]
            // Neither the next message nor one after a new greeting has bytes of the one before.
            replies.append(try Self.deliver("small", to: client))
            try client.command("EHLO client.example")
            replies.append(try Self.deliver("other", to: client))
            return replies
        }
        let isRefused = replies[0].hasPrefix("452 4.3.1 ")
        #expect(isRefused || replies[0].hasPrefix("250 2.0.0 "))
        #expect(replies.dropFirst().allSatisfy { $0.hasPrefix("250 2.0.0 ") })
        let contents = store.messages.map { String(decoding: $0.content, as: UTF8.self) }
        let expected = (isRefused ? [] : [Self.large]) + ["Subject: small\r\n", "Subject: other\r\n"]
        #expect(contents == expected)
        // The fifth call is one more than there are.
        #expect(isRefused == (number < 5))
    }

    private static let large = String(repeating: "Subject: large\r\n", count: 200)

    /// Sends a large message in three pieces, each of which the server has read before the next comes.
    private static func deliverSlowly(_ name: String, to client: SocketClient) throws -> String {
        try client.command("MAIL FROM:<joe@example.org>")
        try client.command("RCPT TO:<ann@example.net>")
        let pieces = [1_600, 1_200, 400]
        var octets = Array(large.utf8)[...]
        for (index, count) in pieces.enumerated() {
            let end = index == pieces.count - 1 ? " LAST" : ""
            client.send(Array("BDAT \(count)\(end)\r\n".utf8) + octets.prefix(count))
            octets = octets.dropFirst(count)
            let reply = try client.reply()
            if index == pieces.count - 1 { return reply }
        }
        return ""
    }

    private static func deliver(_ name: String, to client: SocketClient) throws -> String {
        try client.command("MAIL FROM:<joe@example.org>")
        try client.command("RCPT TO:<ann@example.net>")
        try client.command("DATA")
        client.send("Subject: \(name)\r\n.\r\n")
        return try client.reply()
    }
}
