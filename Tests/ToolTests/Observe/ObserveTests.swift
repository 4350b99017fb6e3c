import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

@Suite("Observing", .blocking)
struct ObserveTests {
    private static let message =
        "From: joe@example.org\r\nDate: Sun, 22 Nov 2026 12:00:00 +0000\r\nMessage-ID: <1@x.test>\r\n\r\nbody\r\n"

    @Test func `a transcript has the dialogues with their times, and no secret`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("transcript")
        let server = try ToolServer([
            "--transcript", path, "--discard", "--quiet", "--auth", "any", "--auth-without-tls",
        ])
        let client = try server.client()
        for line in ["EHLO c", "AUTH PLAIN AGFubgBodXNoLWh1c2g=", "AUTH LOGIN", "aHVzaC1odXNo", "*"] {
            client.send("\(line)\r\n")
        }
        try client.command("QUIT")
        _ = try client.readToEnd()
        #expect(server.stop() == 0)
        #expect(server.process.standardError.isEmpty)
        let text = String(decoding: folder.read("transcript"), as: UTF8.self)
        let lines = text.split(separator: "\n")
        #expect(
            lines.first?.hasSuffix("Z [1] S: 220 \(lines.first?.components(separatedBy: "220 ").last ?? "")") == true)
        #expect(lines.contains { $0.hasSuffix(" [1] C: AUTH PLAIN ***") })
        #expect(lines.allSatisfy { $0.prefix(24).hasSuffix("Z") && $0.dropFirst(24).hasPrefix(" [1] ") })
        for secret in ["AGFubgBodXNoLWh1c2g", "aHVzaC1odXNo", "hush"] { #expect(!text.contains(secret)) }
        #expect(!text.contains("\u{1B}"))
    }

    @Test func `statistics are JSON where there is no terminal`() throws {
        let server = try ToolServer(["--stats", "--discard", "--quiet"])
        for _ in 0..<3 { try server.deliver(Self.message) }
        #expect(server.stop() == 0)
        let script = """
            import json, sys
            totals = json.loads(sys.stdin.read())
            print(totals["sessions"], totals["messages"], totals["recipients"], totals["octets"])
            assert totals["seconds"] > 0 and totals["messages_per_second"] > 0
            """
        let result = try ChildProcess.run(["python3", "-c", script], input: Array(server.process.standardError.utf8))
        #expect(
            result.output == "3 3 3 \(3 * Self.message.utf8.count)\n", "\(result.errors)\(server.process.standardError)"
        )
    }

    // MARK: Lint

    /// The client's messages, and the expected remarks.
    static let lints: [(String, [String])] = [
        (message, []),
        ("Subject: x\r\n\r\nbody\r\n", ["no Date field", "no From field", "no Message-ID field"]),
        ("From: a@b\r\n" + message, ["2 from fields"]),
        ("no field\r\n" + message, ["line 1 of the header is no field"]),
        (message + String(repeating: "x", count: 999) + "\r\n", ["line 6 has 999 octets, more than 998"]),
        (message + String(repeating: "x", count: 998) + "\r\n", []),
        (message + "gr\u{FC}n\r\n", ["8-bit octets from line 6 on without BODY=8BITMIME"]),
        (message + "a\0b\r\n", ["a NUL in line 6"]),
        (message + "a\nb\r\n", ["a bare CR or LF in the content"]),
    ]

    @Test(arguments: lints.indices, ["reject", "normalize", "allow"])
    func `messages are looked at, and answered as ever`(index: Int, policy: String) throws {
        let (message, remarks) = Self.lints[index]
        let server = try ToolServer(["--lint", "--quiet", "--discard", "--bare-newline", policy])
        let reply = try server.deliver(message)
        let isRefused = policy == "reject" && message.contains("a\nb")
        #expect(reply.hasPrefix(isRefused ? "550 5.5.2" : "250 2.0.0"), "\(reply)")
        #expect(server.stop() == 0)
        let lines = server.process.standardError.split(separator: "\n")
        #expect(lines.count == remarks.count, "\(lines)")
        for (line, remark) in zip(lines, remarks) {
            #expect(line.hasPrefix("lint ") && line.contains(remark), "\(line)")
        }
    }

    @Test func `what was announced is no reason for a remark`() throws {
        let server = try ToolServer(["--lint", "--quiet", "--discard"])
        let client = try server.client()
        for line in ["EHLO c", "MAIL FROM:<> BODY=8BITMIME", "RCPT TO:<a@b.test>", "DATA"] { try client.command(line) }
        client.send(Self.message + "gr\u{FC}n\r\n.\r\n")
        #expect(try client.reply().hasPrefix("250 "))
        client.end()
        #expect(server.stop() == 0)
        #expect(server.process.standardError.isEmpty, "\(server.process.standardError)")
    }

    // MARK: A terminal

    /// Runs the tool in a terminal of tmux, delivers a message, and gives what is shown then; Ctrl-C ends it.
    private static func shown(_ arguments: [String], until words: String) throws -> (screen: String, end: String) {
        let folder = try TemporaryFolder()
        let tmux = ["tmux", "-u", "-S", folder.file("tmux")]
        func run(_ words: String...) throws -> String { try ChildProcess.run(tmux + words).output }
        let tool = ([BuiltTool.path("smtpd-lite"), "-l", "0", "--port-file", folder.file("port")] + arguments)
            .map { "'\($0)'" }.joined(separator: " ")
        // What tmux shows goes to a terminal of ours, where it can be waited for.
        let terminal = try Terminal(
            tmux + ["-f", "/dev/null", "new-session", "\(tool); echo \"status $?\"; exec cat"],
            environment: ["LANG": "C.UTF-8", "NO_COLOR": ""])
        try folder.wait(for: "port")
        let port = String(decoding: folder.read("port"), as: UTF8.self).trimmingCharacters(in: .newlines)
        let mail = try folder.write("From: joe@example.org\nSubject: Hello terminal\n\nbody\n".utf8, to: "mail")
        let client = try ChildProcess.run([
            "curl", "--silent", "--show-error", "--url", "smtp://127.0.0.1:\(port)/c.example", "--mail-from",
            "joe@example.org", "--mail-rcpt", "ann@example.net", "--crlf", "--upload-file", mail,
        ])
        guard client.status == 0 else { throw HarnessError("curl: \(client.errors)") }
        try terminal.wait(for: words)
        let screen = try run("capture-pane", "-p")
        _ = try run("send-keys", "C-c")
        try terminal.wait(for: "status 0")
        let end = try run("capture-pane", "-p")
        _ = try run("kill-server")
        _ = try terminal.finish()
        return (screen, end)
    }

    @Test func `a terminal shows a live line, and Ctrl-C ends it in good order`() throws {
        let (screen, end) = try Self.shown(["--stats", "--discard"], until: "1 session (0 open), 1 message, ")
        #expect(screen.contains("listening smtp 127.0.0.1:"))
        #expect(screen.contains("1 session (0 open), 1 message, "))
        #expect(end.contains("status 0") && end.contains("1 message,"))
    }

    @Test func `a terminal shows the message itself`() throws {
        let (screen, end) = try Self.shown([], until: "body")
        #expect(screen.contains("body"))
        #expect(end.contains("status 0"))
    }
}
