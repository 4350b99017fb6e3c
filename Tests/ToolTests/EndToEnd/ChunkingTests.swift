import ProcessSupport
import Testing
import TranscriptSupport

@Suite("Messages in chunks", .blocking)
struct ChunkingTests {
    /// Sends the content in chunks, as a client that waits for no reply does.
    private static func deliver(_ content: [UInt8], in size: Int, _ client: SocketClient) throws -> [String] {
        try client.command("EHLO client.example")
        client.send("MAIL FROM:<joe@example.org>\r\nRCPT TO:<ann@example.net>\r\n")
        var count = 2
        for start in stride(from: 0, to: content.count, by: size) {
            let end = min(start + size, content.count)
            client.send("BDAT \(end - start)\(end == content.count ? " LAST" : "")\r\n")
            client.send(Array(content[start..<end]))
            count += 1
        }
        return try (0..<count).map { _ in try client.reply() }
    }

    @Test(arguments: [100, 4_096, 1 << 20])
    func `a message in any chunks is the same in the mailbox`(size: Int) async throws {
        let lines = (0..<3_000).map { ".From line \($0) of a message that is too large for memory\n" }
        let content = "Subject: chunks\n\n" + lines.joined()
        try await onThread {
            let folder = try TemporaryFolder()
            let server = try ToolServer(["--once", "--mbox", folder.file("mbox"), "--quiet"])
            let client = try server.client()
            let wire = Array(content.replacing("\n", with: "\r\n").utf8)
            let replies = try Self.deliver(wire, in: size, client)
            #expect(replies.allSatisfy { $0.hasPrefix("250 2.") })
            #expect(replies.last?.contains("queued as") == true)
            #expect(try client.command("QUIT").hasPrefix("221 "))
            #expect(server.process.wait() == 0)
            let messages = try MailboxReader.messages(in: folder.file("mbox"))
            #expect(messages.map(MailboxReader.withoutTraceFields) == [content])
        }
    }

    @Test func `a client that goes in the middle of a chunk leaves nothing`() async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            let server = try ToolServer(["--once", "--mbox", folder.file("mbox"), "--quiet"])
            for end in ["BDAT 10\r\nabc", "BDAT 3\r\nabc", "BDAT 10 LAST\r\nabc", "BDAT 3\r\nabcQUIT\r\n"] {
                let client = try server.client()
                try client.command("EHLO client.example")
                client.send("MAIL FROM:<joe@example.org>\r\nRCPT TO:<ann@example.net>\r\n" + end)
                _ = try client.reply()
                client.end()
            }
            try server.deliver("Subject: the only one\r\n\r\nbody\r\n")
            #expect(server.process.wait() == 0)
            #expect(try MailboxReader.messages(in: folder.file("mbox")).count == 1)
        }
    }
}
