import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

@Suite("Faults of the server", .blocking)
struct FaultTests {
    /// A command, and the reply that it has to get.
    typealias Turn = (said: String, heard: String)

    private static let start: [Turn] = [
        ("EHLO c.example", "250 "), ("MAIL FROM:<joe@example.org>", "250 2.1.0"),
        ("RCPT TO:<ann@example.net>", "250 2.1.5"),
    ]

    /// Lines that are wrong in ways that clients often are.
    private static let loose = "MAIL FROM: <joe@example.org>"

    /// Rules, the dialogue, and whether the server closes after it.
    static let dialogues: [([String], [Turn], Bool)] = [
        (["helo=550"], [("EHLO c.example", "550 5.3.0 Fault"), ("HELO c", "550 "), ("QUIT", "221 ")], true),
        (["helo#1=502 5.5.1 Old"], [("EHLO c.example", "502 5.5.1 Old"), ("HELO c", "250 ")], false),
        (
            ["mail~@example\\.org=550 5.7.1 Not you"],
            [
                ("EHLO c", "250 "), ("MAIL FROM:<joe@example.org>", "550 5.7.1 Not you"),
                ("MAIL FROM:<x@y.test>", "250 "),
            ], false
        ),
        (
            ["rcpt#2=452 4.5.3 Enough"],
            start + [("RCPT TO:<b@c.test>", "452 4.5.3 Enough"), ("RCPT TO:<b@c.test>", "250 ")], false
        ),
        (["data=451 4.3.0 Later"], start + [("DATA", "451 4.3.0 Later"), ("DATA", "451 "), ("RSET", "250 ")], false),
        (
            ["dot=554 5.6.0 Bad"],
            start + [("DATA", "354 "), ("Subject: x\r\n\r\nx\r\n.", "554 5.6.0 Bad"), ("MAIL FROM:<>", "250 ")], false
        ),
        (
            ["body=550 5.7.0 Stop"],
            start + [("DATA", "354 "), ("Subject: x\r\n.\r\nNOOP", "550 5.7.0 Stop"), ("NOOP", "250 "), ("", "250 ")],
            false
        ),
        (["dot~ann@=452 4.2.2 Full"], start + [("DATA", "354 "), ("x: y\r\n.", "452 4.2.2 Full")], false),
        (["rset=421"], [("RSET", "421 ")], true), (["noop=drop"], [("NOOP", "")], true),
        (["vrfy=250 2.1.5 <ann@example.net>"], [("VRFY ann", "250 2.1.5 <ann@example.net>")], false),
        (["quit=500"], [("QUIT", "500 "), ("NOOP", "250 ")], false), (["quit=drop"], [("QUIT", "")], true),
        (
            ["--tls", "--fault", "starttls=454"], [("EHLO c", "250 "), ("STARTTLS", "454 4.3.0"), ("NOOP", "250 ")],
            false
        ),
        (
            ["auth~PLAIN=454 4.7.0 Later", "auth=535"],
            [("EHLO c", "250 "), ("AUTH PLAIN AGEAYg==", "454 4.7.0 Later"), ("AUTH LOGIN", "535 ")], false
        ),
        (["noop=garble"], [("NOOP", "?50 2.0.0 Ok"), ("RSET", "250 ")], false),
        (
            ["noop=slow:200/s"], [("NOOP\r\nRSET", "250 2.0.0 Ok"), ("NOOP", "250 2.0.0 Ok"), ("", "250 2.0.0 Ok")],
            false
        ),
        (["noop=delay:10ms,450 x"], [("NOOP\r\nRSET", "450 x"), ("NOOP", "250 "), ("", "450 ")], false),
        (
            ["body=after:2K,drop"],
            start + [("DATA", "354 "), (String(repeating: "0123456789\r\n", count: 300) + ".", "")], true
        ),
        (
            ["--rate", "2/1h"],
            [
                ("EHLO c", "250 "), ("MAIL FROM:<>", "250 "), ("RSET", "250 "), ("MAIL FROM:<>", "250 "),
                ("RSET", "250 "), ("MAIL FROM:<>", "421 4.7.0 Too many"),
            ], true
        ),
        (
            ["--accept-rcpt", "@example\\.net$"],
            start + [("RCPT TO:<a@b.test>", "550 5.1.1 "), ("RCPT TO:<b@example.net>", "250 ")], false
        ),
        (
            ["--reject-rcpt", "^bob@", "--reject-rcpt", "full=452 4.2.2 Full"],
            start + [("RCPT TO:<bob@b.test>", "550 5.1.1 "), ("RCPT TO:<full@b.test>", "452 4.2.2 Full")], false
        ),
        (
            ["--reject-from", "^$=550 5.7.1 No bounces", "--reject-from", "spam"],
            [
                ("EHLO c", "250 "), ("MAIL FROM:<>", "550 5.7.1 No bounces"),
                ("MAIL FROM:<spam@b.test>", "550 5.7.1 Sender refused"), ("MAIL FROM:<a@b.test>", "250 "),
            ], false
        ),
        (["--strict"], [("EHLO c", "250 "), (loose, "501 5.1.7")], false),
        (
            ["--quiet"], [("EHLO c", "250 "), (loose, "250 "), ("RSET", "250 "), ("MAIL FROM:<> HOLDFOR=9", "555 ")],
            false
        ),
        (["--offer", "FUTURERELEASE"], [("EHLO c", "250 "), ("MAIL FROM:<a@b.test> HOLDFOR=9", "250 ")], false),
        (["--hide", "SIZE"], [("EHLO c", "250 "), ("MAIL FROM:<> SIZE=1", "555 ")], false),
        (["--no-esmtp"], [("EHLO c", "500 "), ("HELO c", "250 "), ("MAIL FROM:<> SIZE=1", "555 ")], false),
        (
            ["--max-size", "1K"],
            [
                ("EHLO c", "250 "), ("MAIL FROM:<> SIZE=1025", "552 5.3.4"), ("MAIL FROM:<>", "250 "),
                ("RCPT TO:<a@b.test>", "250 "), ("DATA", "354 "),
                (String(repeating: "0123456789\r\n", count: 100) + ".", "552 5.3.4"), ("NOOP", "250 "),
            ], false
        ),
        (["--max-recipients", "1"], start + [("RCPT TO:<b@c.test>", "452 4.5.3"), ("NOOP", "250 ")], false),
        (["--max-errors", "2"], [("FOO", "500 "), ("BAR", "500 "), ("BAZ", "421 ")], true),
    ]

    @Test(arguments: dialogues.indices)
    func `a dialogue goes as the rules say`(index: Int) throws {
        let (rules, turns, closes) = Self.dialogues[index]
        let arguments = rules.first?.hasPrefix("--") == true ? rules : rules.flatMap { ["--fault", $0] }
        let server = try ToolServer(arguments + ["--discard", "--auth", "any", "--auth-without-tls"])
        let client = try server.client()
        for (said, heard) in turns {
            let reply = said.isEmpty ? try client.reply() : try client.command(said)
            #expect(heard.isEmpty ? reply.isEmpty : reply.hasPrefix(heard), "\(said.prefix(40)): \(reply)")
        }
        if closes { #expect(try client.readToEnd().isEmpty) } else { #expect(try client.command("QUIT").count >= 3) }
        #expect(server.stop() == 0, "\(server.process.standardError)")
    }

    @Test func `odds are those of the seed`() throws {
        func refusals(_ seed: String) throws -> [Bool] {
            let server = try ToolServer(["--fault", "noop#50%=450", "--seed", seed, "--discard"])
            let client = try server.client()
            let refusals = try (0..<64).map { _ in try client.command("NOOP").hasPrefix("450") }
            #expect(server.stop() == 0)
            return refusals
        }
        let first = try refusals("7")
        #expect(try refusals("7") == first)
        #expect(try refusals("8") != first)
        #expect(16...48 ~= first.count { $0 })
    }

    @Test(
        arguments: [
            ("connect=554 5.7.1 Go", "554 5.7.1 Go\r\n503 "), ("connect=421", "421 "), ("connect=drop", ""),
            ("connect=220 Hello", "220 Hello\r\n250 "), ("connect=truncate", "220 "),
            ("connect~^127=450 x", "450 x\r\n"),
        ])
    func `a connection is met as the rule says`(rule: String, heard: String) throws {
        let server = try ToolServer(["--fault", rule, "--discard", "-n", "mx"])
        let client = try SocketClient(port: server.port)
        client.send("NOOP\r\nQUIT\r\n")
        let all = try client.readToEnd()
        #expect(heard.isEmpty ? all.isEmpty : all.hasPrefix(heard))
        if rule.hasSuffix("truncate") { #expect(all.count < 20 && !all.contains("\r\n")) }
        #expect(server.stop() == 0)
    }

    /// Says some lines and prints what becomes of the connection: how many bytes came, and how it ended.
    private static let witness = """
        import socket, sys
        port, said = int(sys.argv[1]), sys.argv[2].encode().decode("unicode_escape").encode()
        heard = b""
        try:
            client = socket.create_connection(("127.0.0.1", port), 60)
            client.settimeout(float(sys.argv[3]))
            client.sendall(said)
            while True:
                piece = client.recv(4096)
                if not piece:
                    print("end", len(heard)); break
                heard += piece
        except ConnectionResetError:
            print("reset", len(heard))
        except TimeoutError:
            print("silence", len(heard))
        """

    @Test(
        arguments: [
            ("connect=reset", "", "60", "reset 0"), ("connect=stall", "NOOP\\r\\n", "0.3", "silence 0"),
            ("connect=drop", "", "60", "end 0"),
        ])
    func `a connection ends as the rule says`(rule: String, said: String, patience: String, end: String) throws {
        let server = try ToolServer(["--fault", rule, "--discard"])
        let result = try ChildProcess.run(["python3", "-c", Self.witness, "\(server.port)", said, patience])
        #expect(result.output == "\(end)\n", "\(result.errors)")
        #expect(server.stop() == 0)
    }

    @Test func `a body that is not read fills the window`() throws {
        let server = try ToolServer(["--fault", "body=stall", "--discard"])
        let client = try server.client()
        for (said, heard) in Self.start + [("DATA", "354 ")] { #expect(try client.command(said).hasPrefix(heard)) }
        // More than both sockets can hold: sending ends when the client's patience does, and the server stays small.
        let sender = """
            import os, socket, sys, time
            client = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 60)
            f = client.makefile("rb"); f.readline()
            for line in (b"HELO x", b"MAIL FROM:<>", b"RCPT TO:<a@b.test>", b"DATA"):
                client.sendall(line + b"\\r\\n"); f.readline()
            client.settimeout(1)
            sent = 0
            try:
                while sent < 256 << 20: sent += client.send(b"x" * 65536)
                print("all was taken")
            except TimeoutError:
                print("it stopped")
            """
        let result = try ChildProcess.run(["python3", "-c", sender, "\(server.port)"])
        #expect(result.output == "it stopped\n", "\(result.errors)")
        client.end()
        #expect(server.stop() == 0)
    }

    @Test func `a reply comes octet by octet`() throws {
        let server = try ToolServer(["--fault", "connect=slow:100/s", "--discard", "-n", "mx.example", "--banner", ""])
        let start = ContinuousClock.now
        let client = try SocketClient(port: server.port)
        #expect(try client.reply() == "220 mx.example")
        // 16 octets with 15 pauses of 10 ms between them.
        #expect(ContinuousClock.now - start >= .milliseconds(150))
        #expect(try client.command("QUIT").hasPrefix("221 "))
        #expect(server.stop() == 0)
    }

    @Test func `a delay longer than the patience with hooks is kept, and the end does not wait for it`() throws {
        let server = try ToolServer(["--fault", "noop=delay:1h", "--discard", "--command-timeout", "2s"])
        let client = try server.client()
        client.send("NOOP\r\n")
        let idle = try server.client()
        #expect(try idle.reply().hasPrefix("421 4.4.2"))
        #expect(try client.lineIfAny() == nil)
        server.process.signal(SIGTERM)
        #expect(try client.reply().hasPrefix("421 4.3.2"))
        #expect(server.process.wait() == 0)
    }

    @Test func `faults are there inside TLS, too`() throws {
        let folder = try TemporaryFolder()
        let server = try ToolServer([
            "--fault", "mail=450 4.3.0 Later", "--fault", "noop=drop", "--discard", "--cert-out", folder.file("c.pem"),
        ])
        let script = """
            import smtplib, ssl, sys
            with smtplib.SMTP("localhost", int(sys.argv[1])) as client:
                client.starttls(context=ssl.create_default_context(cafile=sys.argv[2]))
                print(client.mail("joe@example.org")[0])
                try: client.noop()
                except smtplib.SMTPServerDisconnected: print("gone")
            """
        let result = try ChildProcess.run(["python3", "-c", script, "\(server.port)", folder.file("c.pem")])
        #expect(result.output == "450\ngone\n", "\(result.errors)")
        #expect(server.stop() == 0)
    }
}
