import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

@Suite("What is taken beyond the grammar", .blocking)
struct LeniencyTests {
    /// Commands that the grammar does not allow and Postfix takes.
    private static let commands = [
        "EHLO my host", "MAIL FROM:<root>", "RCPT TO:< ann@example.net. >", "RCPT TO:<<bob@example.net>>",
        "RCPT TO:Joe <joe@example.net>", "RCPT TO:<carl@example.net>",
    ]

    @Test func `it is delivered, and JSON has the raw form`() throws {
        let folder = try TemporaryFolder()
        let server = try ToolServer(["--once", "--json", folder.file("json")])
        let client = try server.client()
        for command in Self.commands + ["DATA"] { #expect(try client.command(command).first != "5", "\(command)") }
        #expect(try client.command("Subject: x\r\n\r\nbody\r\n.").hasPrefix("250 "))
        try client.command("QUIT")
        #expect(server.process.wait() == 0)
        let script = """
            import json, sys
            envelope = json.load(open(sys.argv[1]))["envelope"]
            print(envelope["from"], envelope["from_raw"])
            for to in envelope["to"]: print(to["address"], to["raw"])
            """
        let result = try ChildProcess.run(["python3", "-c", script, folder.file("json")])
        #expect(
            result.output == """
                root None
                ann@example.net < ann@example.net. >
                bob@example.net <<bob@example.net>>
                joe@example.net Joe <joe@example.net>
                carl@example.net None

                """, "\(result.errors)")
    }

    @Test func `lint remarks on it`() throws {
        let server = try ToolServer(["--lint", "--quiet", "--discard"])
        let client = try server.client()
        for command in Self.commands { try client.command(command) }
        client.end()
        #expect(server.stop() == 0)
        let lines = server.process.standardError.split(separator: "\n").map(String.init)
        #expect(
            lines == [
                "lint [1]: EHLO: a blank in the name (RFC 5321, section 4.1.1.1); --strict refuses it",
                "lint [1]: MAIL: an address without a domain (RFC 5321, section 4.1.2); --strict refuses it",
                "lint [1]: RCPT: a blank in the angle brackets (RFC 5321, section 4.1.2); --strict refuses it",
                "lint [1]: RCPT: more than one pair of angle brackets (RFC 5321, section 4.1.2); --strict refuses it",
                "lint [1]: RCPT: a name before the angle brackets (RFC 5321, section 4.1.2); --strict refuses it",
            ])
    }

    @Test func `strict refuses it, and takes white space at the end of a line`() throws {
        let server = try ToolServer(["--strict", "--discard"])
        let client = try server.client()
        #expect(try client.command("EHLO my host").hasPrefix("501 "))
        #expect(try client.command("EHLO client.example ").hasPrefix("250 "))
        #expect(try client.command("MAIL FROM:<root>").hasPrefix("501 "))
        #expect(try client.command("MAIL FROM:<joe@example.org>  ").hasPrefix("250 "))
        for command in Self.commands[2...4] { #expect(try client.command(command).hasPrefix("501 "), "\(command)") }
        #expect(try client.command("RSET ").hasPrefix("250 "))
        client.end()
        #expect(server.stop() == 0)
        #expect(
            server.process.standardError.contains("sender refused: 501 5.1.7 Bad sender address syntax (see --strict)"))
    }

    @Test func `a session of many messages may have a bad recipient in each`() throws {
        let server = try ToolServer(["--discard", "--count", "30"])
        let client = try server.client()
        try client.command("EHLO client.example")
        for _ in 0..<30 {
            try client.command("MAIL FROM:<joe@example.org>")
            #expect(try client.command("RCPT TO:<@>").hasPrefix("501 "))
            try client.command("RCPT TO:<ann@example.net>")
            try client.command("DATA")
            #expect(try client.command("Subject: x\r\n.").hasPrefix("250 "))
        }
        try client.command("QUIT")
        #expect(server.process.wait() == 0)
    }

    @Test func `recipients that are refused do not count`() throws {
        let server = try ToolServer(["--discard", "--quiet", "--max-recipients", "1", "--reject-rcpt", "^bob@"])
        let client = try server.client()
        for command in ["EHLO c", "MAIL FROM:<joe@example.org>"] { try client.command(command) }
        for _ in 0..<3 { #expect(try client.command("RCPT TO:<bob@example.net>").hasPrefix("550 ")) }
        #expect(try client.command("RCPT TO:<ann@example.net>").hasPrefix("250 "))
        #expect(try client.command("RCPT TO:<ann@example.net>").hasPrefix("452 4.5.3"))
        client.end()
        #expect(server.stop() == 0)
    }

    @Test(arguments: ["AUTH PLAIN AGFubgA=", "AUTH LOGIN YW5u", "AUTH PLAIN AGFubgBzZWNyZXQ="])
    func `any user may have any password, and none`(command: String) throws {
        let server = try ToolServer(["--discard", "--quiet", "--auth", "any"])
        let client = try server.client()
        try client.command("EHLO client.example")
        var reply = try client.command(command)
        if reply.hasPrefix("334 ") { reply = try client.command("") }
        #expect(reply.hasPrefix("235 "), "\(reply)")
        client.end()
        #expect(server.stop() == 0)
    }

    @Test func `padding is strict, and an empty password is none of a user's`() throws {
        let server = try ToolServer(["--discard", "--quiet", "--auth", "ann:secret"])
        let client = try server.client()
        try client.command("HELO client.example")
        #expect(try client.command("AUTH PLAIN AGFubgA=") == "503 5.5.1 Send EHLO first")
        try client.command("EHLO client.example")
        #expect(try client.command("AUTH PLAIN AGFubgBzZWNyZXQ").hasPrefix("501 5.5.2"))
        #expect(try client.command("AUTH PLAIN AGFubgA=").hasPrefix("535 "))
        #expect(try client.command("MAIL FROM:<joe@example.org> AUTH=joe").hasPrefix("501 5.5.4"))
        #expect(try client.command("MAIL FROM:<joe@example.org> AUTH=joe+0D+0Ax@example.org").hasPrefix("501 5.5.4"))
        client.end()
        #expect(server.stop() == 0)
    }

    @Test func `an IPv4 client of a socket for IPv6 has an IPv4 address`() throws {
        let folder = try TemporaryFolder()
        let server = try ToolServer(
            ["--once", "--json", folder.file("json"), "--mbox", folder.file("mbox"), "--proxy-from", "192.0.2.1"],
            listen: "[::]:0")
        try server.deliver("Subject: x\r\n")
        #expect(server.process.wait() == 0)
        #expect(String(decoding: folder.read("json"), as: UTF8.self).contains("\"peer\":{\"address\":\"127.0.0.1\""))
        #expect(String(decoding: folder.read("mbox"), as: UTF8.self).contains("from client.example ([127.0.0.1])"))
    }

    @Test func `an error about a proxy names its address as people write it`() throws {
        let server = try ToolServer(["--discard", "--proxy-from", "127.0.0.1"])
        let client = try SocketClient(port: server.port)
        client.send("EHLO client.example\r\n")
        _ = try? client.readToEnd()
        #expect(server.stop() == 0)
        let said = server.process.standardError
        #expect(said.contains(/smtpd-lite: 127\.0\.0\.1:\d+: what came first is not the header of a proxy/), "\(said)")
    }

    @Test func `HELP names what is offered`() throws {
        let server = try ToolServer(["--discard", "--quiet"])
        let client = try server.client()
        client.send("HELP\r\n")
        let line = try #require(try client.readLine())
        #expect(try client.reply().hasPrefix("214 "))
        #expect(try client.command("EXPN list").hasPrefix("502 "))
        #expect(!line.contains("EXPN"))
        #expect(server.stop() == 0)
    }
}
