import Foundation
import ProcessSupport
import Testing

@Suite("Scripts", .blocking)
struct ScriptTests {
    @Test func `lines come from standard input`() async throws {
        let server = try await ScriptedServer.start()
        let result = try await Script.run([server.target], input: "EHLO x\r\nQUIT\n")
        #expect(result.status == 0)
        #expect(
            result.output == """
                S: 220 stub ESMTP
                C: EHLO x
                S: 250-stub
                S: 250-PIPELINING
                S: 250 SIZE
                C: QUIT
                S: 221 2.0.0 bye

                """)
        #expect(result.errors.isEmpty)
        #expect(try await server.finish() == ["EHLO x", "QUIT"])
    }

    @Test func `lines come from a file, behind those of the command line`() async throws {
        let server = try await ScriptedServer.start(["NOOP 2": ["500 no"]])
        let folder = try TemporaryFolder()
        let file = try folder.write("NOOP 1\nNOOP 2".utf8, to: "script")
        let result = try await Script.run(["-c", "EHLO x", "-f", file, server.target])
        #expect(result.status == 41)
        #expect(result.errors == "smtp-probe: NOOP 2: 500 no\n" || result.errors.contains("NOOP 2: 500 no"))
        #expect(try await server.finish() == ["EHLO x", "NOOP 1", "NOOP 2", "QUIT"])
    }

    @Test func `what is expected is no failure, and with -k nothing is the end`() async throws {
        let server = try await ScriptedServer.start(["VRFY": ["550 5.1.1 no such user"], "EXPN": ["CLOSE"]])
        let lines = ["VRFY joe", ":expect 550 /such/", "NOOP", ":expect 2xx", "EXPN x", ":expect close"]
        #expect(try await Script.run(server.target, lines).status == 0)
        let result = try await Script.run(server.target, ["VRFY joe", "NOOP", "RCPT TO:<a@b>"], ["-k"])
        #expect(result.status == 41)
        #expect(result.output.contains("C: QUIT"))
    }

    @Test func `a timeout can be expected, and a latency judged`() async throws {
        let server = try await ScriptedServer.start(["NOOP": ["STALL"]])
        let late = try await Script.run(server.target, ["NOOP", ":expect timeout"], ["--timeout", "2s"])
        #expect(late.status == 0, "\(late.errors)")
        let prompt = try await Script.run(server.target, ["VRFY x", ":within 60000ms"])
        #expect(prompt.status == 0)
    }

    @Test func `lines that are collected go out at once, each judged by itself`() async throws {
        let server = try await ScriptedServer.start(["RCPT TO:<b": ["550 no"]])
        let lines = [
            "EHLO x", ":pipeline", "MAIL FROM:<>", "RCPT TO:<a@b>", ":expect 250", "RCPT TO:<b@b>", ":expect 550",
            "DATA",
            ":pipeline", "Subject: x", "", ".dot", ".",
        ]
        let result = try await Script.run(server.target, lines)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        let received = try await server.finish()
        #expect(
            received == [
                "EHLO x", "MAIL FROM:<>", "RCPT TO:<a@b>", "RCPT TO:<b@b>", "DATA", "| Subject: x", "| ", "| ..dot",
                "QUIT",
            ])
    }

    @Test func `octets go out as they are, in pieces, and in chunks`() async throws {
        let server = try await ScriptedServer.start()
        let folder = try TemporaryFolder()
        let file = try folder.write([UInt8](repeating: 65, count: 25), to: "data")
        let lines = [
            #":raw "NOOP \x41\r\nVRFY b\r\n""#, ":split 1", "NOOP split", ":split off", "::text",
            ":bdat \(file) 10",
        ]
        let result = try await Script.run(server.target, lines)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(
            try await server.finish() == [
                "NOOP A", "VRFY b", "NOOP split", ":text", "BDAT 10", "BDAT 10", "BDAT 5 LAST", "QUIT",
            ])
    }

    @Test func `commands that need no server`() async throws {
        let result = try await Script.run([
            "-c", ":help", "-c", ":help rcpt", "-c", ":explain 5.7.1", "-c", ":status", "-c", ":caps", "-c", ":tls",
            "-c", ":set timing on", "-c", ":set", "-c", ":!echo from the shell", "-c", ":history", "-c", ":sleep 1ms",
        ])
        #expect(result.status == 0, "\(result.errors)")
        for part in [
            ":starttls", "NOTIFY=", "5.7.1  permanent", "not connected", "timing on", "from the shell",
        ] {
            #expect(result.output.contains(part), "\(part)")
        }
    }

    @Test func `a connection can be closed, broken and made again`() async throws {
        let server = try await ScriptedServer.start()
        let other = try await ScriptedServer.start()
        let lines = [
            "NOOP 1", ":close", ":open", "NOOP 2", ":drop", ":open \(other.target)", "NOOP 3", ":reconnect", "NOOP 4",
            ":repeat 2 NOOP 5", ":quit", "NOOP 6",
        ]
        let result = try await Script.run(server.target, lines)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(try await server.finish() == ["NOOP 1", "NOOP 2"])
        #expect(try await other.finish() == ["NOOP 3", "NOOP 4", "NOOP 5", "NOOP 5", "QUIT"])
    }

    @Test func `a server is shown with its certificate`() async throws {
        let server = try await LiteServer.start()
        let result = try await Script.run(server.target, [":tls", ":cert", ":cert pem", ":status"], ["--tls"])
        #expect(result.status == 0, "\(result.errors)")
        for part in ["TLSv1.3", "subject: CN=mx.example", "-----BEGIN CERTIFICATE-----", "TLS: TLSv1.3"] {
            #expect(result.output.contains(part), "\(part)")
        }
        #expect(!result.output.contains("\u{1B}"))
    }

    @Test func `the dialogue is logged, and recorded as a script that runs again`() async throws {
        let server = try await ScriptedServer.start(["VRFY": ["550 no"], "AUTH": ["235 in"]])
        let folder = try TemporaryFolder()
        let log = folder.file("log")
        let record = folder.file("record")
        let lines = [
            ":log \(log)", ":record \(record)", "EHLO x", "VRFY joe", ":expect 550", "AUTH PLAIN AHNlY3JldA==",
            ":record off",
        ]
        #expect(try await Script.run(server.target, lines).status == 0)
        let logged = String(decoding: folder.read("log"), as: UTF8.self)
        #expect(logged.contains("C: VRFY joe\nS: 550 no\n"))
        let recorded = String(decoding: folder.read("record"), as: UTF8.self)
        #expect(recorded.hasPrefix("EHLO x\n:expect 250\nVRFY joe\n:expect 550\n"))
        #expect(!logged.contains("AHNlY3JldA") && !recorded.contains("AHNlY3JldA"))
        #expect(try await Script.run([server.target], input: recorded.replacing(":record off\n", with: "")).status == 0)
    }

    @Test(arguments: ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", ""])
    func `a password comes from a file, and is nowhere to be seen`(mechanism: String) async throws {
        let server = try await LiteServer.start(["--auth", "alice:open-sesame-9", "--auth-without-tls"])
        let folder = try TemporaryFolder()
        let file = try folder.write("open-sesame-9\n".utf8, to: "password")
        let log = folder.file("log")
        let result = try await Script.run(
            server.target, [":log \(log)", ":auth \(mechanism)", ":status"],
            ["--tls", "--auth-user", "alice", "--auth-password-file", file, "-v"])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.output.contains("235") && result.output.contains("logged in: alice"))
        let everything = result.output + result.errors + String(decoding: folder.read("log"), as: UTF8.self)
        for secret in ["open-sesame-9", "b3Blbi1zZXNhbWUtOQ", "AGFsaWNlAG9wZW4tc2VzYW1lLTk"] {
            #expect(!everything.contains(secret))
        }
    }

    @Test func `a password is not sent in clear, and one on the command line is warned about`() async throws {
        let server = try await LiteServer.start(["--auth", "alice:open-sesame-9", "--auth-without-tls"])
        let result = try await Script.run(
            server.target, [":auth PLAIN"], ["--auth-user", "alice", "--auth-password", "open-sesame-9"])
        #expect(result.status == 28, "\(result.errors)")
        #expect(result.errors.contains("warning: --auth-password shows in the process list"))
        #expect(!result.errors.contains("open-sesame-9") && !result.output.contains("AUTH PLAIN A"))
    }

    @Test func `a message is put together, or comes from a file`() async throws {
        let server = try await ScriptedServer.start(["RCPT TO:<bob": ["550 5.1.1 no"]])
        let folder = try TemporaryFolder()
        let attachment = try folder.write("attached".utf8, to: "note.txt")
        let file = try folder.write("Subject: from a file\n\n.dot\n".utf8, to: "mail")
        let lines = [
            ":from joe@example.org", ":to ann@example.net", ":header Subject: Greetings", ":body Hello",
            ":attach \(attachment)",
            ":send", ":to ann@example.net bob@example.net", ":send \(file)",
        ]
        let result = try await Script.run(server.target, lines)
        #expect(result.status == 40, "\(result.output)\(result.errors)")
        let received = try await server.finish()
        for line in [
            "MAIL FROM:<joe@example.org>", "| Subject: Greetings", "| Hello", "| YXR0YWNoZWQ=",
            "| Subject: from a file",
            "| ..dot",
        ] {
            #expect(received.contains { $0.hasPrefix(line) }, "\(line) is not in \(received)")
        }
    }

    @Test func `mail exchangers are tried in their order`() async throws {
        let result = try await Script.run(["--mx", "--resolver", "127.0.0.1:1", "-c", "NOOP", "example.org"])
        #expect(result.status == 2)
    }

    @Test func `the time of each reply is shown where that is asked for`() async throws {
        let server = try await ScriptedServer.start()
        let run = try await Script.run(server.target, [":timing", "NOOP", ":timing off", "RSET"])
        #expect(run.status == 0)
        #expect(run.output.matches(of: /\([0-9.]+ m?s\)/).count == 1, "\(run.output)")
        #expect(run.output.contains(/S: 250 2.0.0 Ok\n  \([0-9.]+ m?s\)\nC: RSET/), "\(run.output)")
    }

    @Test func `further connections begin with the line of a proxy`() async throws {
        let server = try await LiteServer.start(["--proxy-from", "127.0.0.1"])
        let lines = [
            ":proxy PROXY TCP4 192.0.2.9 192.0.2.1 4711 25", ":open \(server.target)", "NOOP with", ":close",
            ":proxy off",
            ":open \(server.target)", "NOOP without",
        ]
        let run = try await Script.run(lines.flatMap { ["-c", $0] })
        #expect(run.status == 21, "\(run.output)\(run.errors)")
        #expect(run.output.contains("C: NOOP with\nS: 250"), "\(run.output)")
    }
}
