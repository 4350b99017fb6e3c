import Foundation
import ProcessSupport
import SMTPKit
import Testing
import TranscriptSupport

@Suite("The examples of docs/library.md", .timed)
struct LibraryPageTests {
    // PAGE begins
    static func example(users: Set<String>) -> SMTPServer {
        var server = SMTPServer()
        server.configuration.listen = [.tcp(host: "127.0.0.1", port: 2525)]
        server.configuration.hostname = "mx.example"
        server.configuration.limits.messageSize = 10 << 20
        server.hooks.onRecipient = { request in
            users.contains("\(request.recipient.path)") ? .accept : .reply(.mailboxNotFound)
        }
        server.hooks.onMessage = { request in
            print("\(request.message.content.count) octets from <\(request.message.envelope.reversePath)>")
            return request.message.id
        }
        return server
    }
    // PAGE ends

    // PAGE begins
    static func send(_ envelope: Envelope) async throws -> TransactionOutcome {
        let outcome = try await SMTPClient.withConnection(to: .mailExchange(of: "example.net")) { connection in
            try await connection.send(Transaction(envelope), content: FileContent(path: "message.eml"))
        }
        return outcome
    }
    // PAGE ends

    @Test func `they are the same there as here`() throws {
        let here = URL(filePath: #filePath)
        let source = try String(contentsOf: here, encoding: .utf8)
        let page = try String(
            contentsOf: here.appending(path: "../../../../docs/library.md").standardizedFileURL, encoding: .utf8)
        let parts = source.components(separatedBy: "// PAGE ")
        for (part, count) in [(parts[1], 11), (parts[3], 3)] {
            let lines = part.split(separator: "\n").dropFirst(2).dropLast(3)
            #expect(lines.count == count)
            #expect(page.contains(lines.map { "\n\($0.dropFirst(8))" }.joined() + "\n"))
        }
    }

    @Test func `it refuses strangers and takes the rest`() async throws {
        let replies = try await RunningServer.with(Self.example(users: ["ann@example.net"])) { server in
            let client = try SocketClient(port: server.port)
            try client.reply()
            let lines = [
                "EHLO client.example", "MAIL FROM:<joe@example.org>", "RCPT TO:<bob@example.net>",
                "RCPT TO:<ann@example.net>", "DATA", "Subject: x\r\n.",
            ]
            return try lines.map { try client.command($0).prefix(3) }
        }
        #expect(replies == ["250", "250", "550", "250", "354", "250"])
    }
}
