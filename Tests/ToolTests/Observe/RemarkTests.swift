import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

@Suite("Remarks on standard error", .blocking)
struct RemarkTests {
    private static let start = ["EHLO c.example", "MAIL FROM:<joe@example.org>"]
    private static let envelope = start + ["RCPT TO:<ann@example.net>", "DATA"]

    /// Options, what a client sends line by line, and the lines on standard error after the session's number.
    static let remarks: [([String], [String], [String])] = [
        (
            ["--reject-rcpt", "^bob@"], start + ["RCPT TO:<bob@example.net>"],
            ["recipient <bob@example.net> refused: 550 5.1.1 No such mailbox (see --reject-rcpt)"]
        ),
        (
            ["--accept-rcpt", "@example.net$"], start + ["RCPT TO:<bob@example.com>"],
            ["recipient <bob@example.com> refused: 550 5.1.1 No such mailbox (see --accept-rcpt)"]
        ),
        (
            ["--reject-from", "^joe@=451 4.7.1 Later"], start + ["RCPT TO:<ann@example.net>"],
            ["sender <joe@example.org> refused: 451 4.7.1 Later (see --reject-from)"]
        ),
        (
            ["--max-size", "1K"], ["EHLO c", "MAIL FROM:<> SIZE=2000"],
            ["sender <> refused: 552 5.3.4 Message too large (see --max-size)"]
        ),
        (
            ["--max-size", "1K"], envelope + [String(repeating: "0123456789\r\n", count: 100) + "."],
            ["message refused: 552 5.3.4 Message too large (see --max-size)"]
        ),
        (
            ["--max-recipients", "1"], start + ["RCPT TO:<a@b.example>", "RCPT TO:<b@b.example>"],
            ["recipient <b@b.example> refused: 452 4.5.3 Too many recipients (see --max-recipients)"]
        ),
        (
            ["--max-errors", "1"], ["FOO", "BAR"],
            ["connection closed: 421 4.7.0 Too many errors, closing channel (see --max-errors)"]
        ),
        (
            ["--bare-newline", "reject"], envelope + ["a: b\r\n\r\nx\ny\r\n."],
            [
                "message refused: 550 5.5.2 Message holds a bare <LF>; lines end with <CR><LF> only "
                    + "(line 3; --bare-newline normalize takes it; curl: --crlf)"
            ]
        ),
        (
            ["--strict"], ["NOOP\nNOOP"],
            [
                "connection closed: 521 5.5.2 Bare <LF> or <CR> in command; end lines with <CR><LF> "
                    + "(--bare-newline normalize takes it; nc: -C)"
            ]
        ),
        (
            [], envelope + ["a: b\r\n\r\nx\ny\r\n."],
            ["line 3 of the message ends with a lone LF; strict servers refuse that (curl: --crlf)"]
        ),
        ([], envelope + ["a: b\r\n\r\nx\ry\r\n."], ["line 3 of the message has a lone CR; strict servers refuse that"]),
        (
            [], ["NOOP\nNOOP\nNOOP"],
            ["the client ends commands with a lone LF; strict servers refuse that (nc: -C)"]
        ),
        (
            [], envelope + ["a: b\r\n\r\nx\n.\nQUIT"],
            [
                "a line with nothing but a dot did not end the message, because a line end beside it is not CR LF; "
                    + "end the message with CR LF . CR LF (nc: -C)",
                "the connection ended in the middle of a message, of which nothing is kept",
            ]
        ),
        (
            ["--auth", "any", "--require-auth"], start,
            ["sender refused: 530 5.7.0 Authentication required (see --require-auth)"]
        ),
        ([], ["EHLO c", "AUTH PLAIN AGEAYg=="], ["login refused: 502 5.5.1 Command not implemented (see --auth)"]),
        ([], ["EHLO c", "STARTTLS"], ["STARTTLS refused: 502 5.5.1 Command not implemented (see --tls)"]),
        (
            ["--tls", "--require-tls"], start,
            ["sender refused: 530 5.7.0 Must issue a STARTTLS command first (see --require-tls)"]
        ),
        (
            ["--auth", "a:b"], ["EHLO c", "AUTH PLAIN AGEAYw=="],
            ["login refused: 535 5.7.8 Authentication credentials invalid (see --auth)"]
        ),
        (
            ["--fault", "rcpt=450"], start + ["RCPT TO:<a@b.example>"],
            ["recipient refused: 450 4.3.0 Fault as asked for (see --fault)"]
        ),
        (
            ["--rate", "1/1h"], ["EHLO c", "MAIL FROM:<>", "RSET", "MAIL FROM:<>"],
            ["sender refused: 421 4.7.0 Too many messages, try again later (see --rate)"]
        ),
        (
            ["--strict"], ["EHLO c", "MAIL FROM:<joe@example_.org>"],
            ["sender refused: 501 5.1.7 Bad sender address syntax (see --strict)"]
        ),
        ([], ["GET / HTTP/1.1"], ["connection closed: 421 4.7.0 This is SMTP, not HTTP; closing channel"]),
        (
            [], ["\u{16}\u{03}\u{01}\u{00}hello"],
            ["the client speaks TLS on a port that begins in clear (see --tls-listen)"]
        ),
        ([], ["FOO", "VRFY ann", "EXPN list", "NOOP", "QUIT"], []),
        (["--quiet", "--reject-rcpt", "."], start + ["RCPT TO:<ann@example.net>"], []),
    ]

    @Test(arguments: remarks.indices)
    func `what is refused is one line with the option that changes it`(index: Int) throws {
        let (options, lines, remarks) = Self.remarks[index]
        let server = try ToolServer(options + ["--discard"])
        let client = try server.client()
        client.send(lines.map { "\($0)\r\n" }.joined())
        client.finishSending()
        _ = try? client.readToEnd()
        #expect(server.stop() == 0)
        let said = server.process.standardError.split(separator: "\n").filter { !$0.hasPrefix("listening ") }
        #expect(said.map(String.init) == remarks.map { "smtpd-lite: session 1: \($0)" })
    }

    @Test func `repeats are summed`() throws {
        let server = try ToolServer(["--discard", "--reject-rcpt", "."])
        let client = try server.client()
        for line in Self.start { try client.command(line) }
        for number in 1...42 { try client.command("RCPT TO:<user\(number)@example.net>") }
        client.end()
        #expect(server.stop() == 0)
        let said = server.process.standardError.split(separator: "\n").filter { !$0.hasPrefix("listening ") }
        #expect(said.first?.contains("recipient <user1@example.net> refused: 550 5.1.1") == true)
        // On a machine with much else to do there may be several seconds, each with a line and a sum.
        let omitted = said.compactMap { $0.firstMatch(of: /: \.\.\. (\d+) more: recipient refused: 550/)?.1 }.compactMap
        { Int($0) }
        #expect(omitted.reduce(0, +) + said.count - omitted.count == 42, "\(said)")
        #expect(!omitted.isEmpty)
    }

    @Test func `a handshake that the client ends is told with the fix`() throws {
        let server = try ToolServer(["--discard", "--tls"])
        let script = """
            import smtplib, ssl, sys
            with smtplib.SMTP("localhost", int(sys.argv[1])) as server:
                server.starttls(context=ssl.create_default_context())
            """
        let result = try ChildProcess.run(["python3", "-c", script, "\(server.port)"])
        #expect(result.status != 0)
        #expect(server.stop() == 0)
        let said = server.process.standardError
        #expect(said.contains("smtpd-lite: session 1: "), "\(said)")
        #expect(
            said.contains("the client does not trust the self-signed certificate: give it --cert-out FILE"), "\(said)")
    }

    @Test func `a connection too many is told`() throws {
        let server = try ToolServer(["--discard", "--max-connections", "1"])
        let client = try server.client()
        #expect(try SocketClient(port: server.port).reply().hasPrefix("421 "))
        client.end()
        #expect(server.stop() == 0)
        let said = server.process.standardError
        #expect(said.contains("smtpd-lite: connection refused: 421 4.7.0 Too many connections"), "\(said)")
        #expect(said.contains("(see --max-connections)"))
    }

    @Test func `no octet of the client reaches the terminal as it is`() throws {
        let server = try ToolServer(["--discard", "--reject-rcpt", "."])
        let client = try server.client()
        for line in Self.start { try client.command(line) }
        try client.command("RCPT TO:<\"\u{202E}x\"@example.net>")
        try client.command("RCPT TO:<\(String(repeating: "x", count: 200))@example.net>")
        client.end()
        #expect(server.stop() == 0)
        let said = server.process.standardError
        #expect(!said.contains("\u{202E}"))
        #expect(!said.contains(String(repeating: "x", count: 120)), "\(said)")
    }

    // MARK: The end

    /// Options, a command, the status and what is said.
    static let ends: [([String], [String], Int32, String)] = [
        (["--count", "2"], ["true"], 124, "0 of 2 messages arrived before the command ended"),
        (["--count", "1", "--timeout", "100ms"], [], 124, "0 of 1 message arrived within 100ms (see --timeout)"),
        (
            ["--wait-for", "subject~Nope", "--timeout", "100ms"], [], 124,
            "no message matched subject~Nope within 100ms (see --timeout)"
        ),
        (["--sessions", "3", "--timeout", "100ms"], [], 124, "0 of 3 sessions ended within 100ms (see --timeout)"),
        (
            ["--once", "--idle", "100ms"], [], 124,
            "0 of 1 message arrived before there was no session for 100ms (see --idle)"
        ),
        (["--timeout", "100ms"], ["sleep", "600"], 124, "the command had not ended within 100ms (see --timeout)"),
        ([], ["sh", "-c", "exit 3"], 3, "the command ended with status 3"),
        (["--timeout", "100ms"], [], 0, ""), (["--quiet", "--once", "--timeout", "100ms"], [], 124, ""),
    ]

    @Test(arguments: ends.indices)
    func `a status other than 0 is explained`(index: Int) throws {
        let (options, command, status, line) = Self.ends[index]
        let words = ["-l", "0", "--discard"] + options + (command.isEmpty ? [] : ["--"] + command)
        let result = try ChildProcess.run([BuiltTool.path("smtpd-lite")] + words)
        #expect(result.status == status)
        let said = result.errors.split(separator: "\n").filter { !$0.hasPrefix("listening ") }.map(String.init)
        #expect(said == (line.isEmpty ? [] : ["smtpd-lite: \(line)"]))
    }
}
