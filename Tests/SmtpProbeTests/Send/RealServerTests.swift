import Foundation
import ProcessSupport
import Testing

@Suite("send and real servers", .blocking)
struct RealServerTests {
    /// Runs a script beside `smtpd-lite`, which finds the server in its environment, and `$PROBE`.
    private static func withServer(_ options: [String], _ script: String) throws -> (
        status: Int32, output: String, errors: String
    ) {
        try ChildProcess.run(
            [BuiltTool.path("smtpd-lite"), "--listen", "127.0.0.1:0", "--tls"] + options + ["--", "sh", "-ec", script],
            environment: ["PROBE": "\(Probe.path) send --from joe@example.org --to ann@example.net"])
    }

    @Test func `smtpd-lite takes it inside TLS, verified, with a password from a file`() throws {
        let folder = try TemporaryFolder()
        let secret = try folder.write("sesame\n".utf8, to: "secret")
        let script = """
            $PROBE --tls --verify --ca "$SMTP_CERT" --name localhost --auth-user ann --auth-password-file '\(secret)' \\
                --subject 'Grüße' --body '.dots' --json "$SMTP_HOST:$SMTP_PORT"
            """
        let run = try Self.withServer(
            ["--auth", "ann:sesame", "--require-auth", "--mbox", folder.file("mbox")], script)
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(run.output.contains("\"verified\":true"))
        #expect(!run.output.contains("sesame"))
        let mail = String(decoding: folder.read("mbox"), as: UTF8.self)
        #expect(mail.contains("\n.dots\n"))
        #expect(mail.contains("ESMTPSA"))
    }

    @Test(arguments: ["--name wrong.test", "--verify", "--pin \(String(repeating: "00", count: 32))"])
    func `a certificate that is not good is told in words`(options: String) throws {
        let authority = options.contains("--name") ? "--ca \"$SMTP_CERT\"" : ""
        let run = try Self.withServer(["--discard"], "$PROBE --tls \(options) \(authority) \"$SMTP_HOST:$SMTP_PORT\"")
        #expect(run.status == 29, "\(run.output)\(run.errors)")
        #expect(run.errors.contains("certificate"))
    }

    @Test(arguments: [
        "", "--pipeline", "--bdat", "--bdat --pipeline", "--tls --bdat", "--tls --pipeline",
        "--notify never --envid x --ret hdrs",
    ])
    func `a message arrives as it was, whichever way`(options: String) throws {
        let folder = try TemporaryFolder()
        let lines = (0..<20_000).map { "\($0 % 3 == 0 ? "." : "")line \($0) of some text\n" }.joined()
        let path = try folder.write("Subject: long\n\n\(lines)".utf8, to: "mail")
        let run = try Self.withServer(
            ["--mbox", folder.file("mbox")], "$PROBE \(options) --data '@\(path)' \"$SMTP_HOST:$SMTP_PORT\"")
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(String(decoding: folder.read("mbox"), as: UTF8.self).contains("Subject: long\n\n\(lines)"))
    }

    @Test func `LMTP goes through a UNIX socket`() throws {
        let folder = try TemporaryFolder()
        let socket = folder.file("lmtp")
        let run = try ChildProcess.run(
            [BuiltTool.path("smtpd-lite"), "--listen", "unix:\(socket)", "--lmtp", "--discard", "--"]
                + [Probe.path, "send", "--lmtp", "--to", "a@b.test,c@d.test", "unix:\(socket)"])
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(run.output.contains("LHLO"))
    }

    @Test func `a large message is never held in memory`() throws {
        let folder = try TemporaryFolder()
        let script = """
            { echo 'Subject: large'; echo; yes 'a line of a message that is very long indeed, and goes on' | head -c 80000000; } >'\(folder.file("mail"))'
            /usr/bin/time -f %M -o '\(folder.file("peak"))' $PROBE -q --data '@\(folder.file("mail"))' "$SMTP_HOST:$SMTP_PORT"
            """
        let run = try Self.withServer(["--discard", "--max-size", "0"], script)
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        let peak = String(decoding: folder.read("peak"), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try #require(Int(peak)) < 64 << 10)
    }

    @Test func `a terminal shows how far a large message is, until it is there`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            String(repeating: "a line of some forty octets, again again\n", count: 1 << 20).utf8, to: "mail")
        let terminal = try Terminal([
            BuiltTool.path("smtpd-lite"), "--listen", "127.0.0.1:0", "--quiet", "--discard", "--",
            "sh", "-c", "exec '\(Probe.path)' send --to ann@example.net --data '@\(path)' \"$SMTP_HOST:$SMTP_PORT\"",
        ])
        try terminal.wait(for: " of 41 MiB (")
        // The line is taken away before the reply is shown.
        try terminal.wait(for: "\r\u{1B}[K")
        try terminal.wait(for: "queued as")
        #expect(try terminal.finish() == 0)
    }

    @Test func `aiosmtpd takes it`() async throws {
        let script = """
            import asyncio, sys
            from aiosmtpd.smtp import SMTP
            class Handler:
                async def handle_DATA(self, server, session, envelope):
                    print(envelope.mail_from, *envelope.rcpt_tos, len(envelope.content), flush=True)
                    return '250 OK id=1sXyZa-000000001Ab-2CdE'
            async def main():
                loop = asyncio.get_running_loop()
                server = await loop.create_server(lambda: SMTP(Handler(), enable_SMTPUTF8=True), '127.0.0.1', 0)
                print(server.sockets[0].getsockname()[1], flush=True)
                await loop.run_in_executor(None, sys.stdin.read)
                import os; os._exit(0)
            asyncio.run(main())
            """
        let server = try Companion("\(BuiltTool.project)/.build-venv/bin/python3", ["-c", script])
        let port = try await server.line()
        let result = try await Probe.send([
            "--from", "jörg@example.org", "--to", "ann@example.net", "127.0.0.1:\(port)",
        ])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(try await server.line().hasPrefix("jörg@example.org ann@example.net "))
        #expect(result.output.contains("Queued as 1sXyZa-000000001Ab-2CdE."))
        #expect(try await server.finish().status == 0)
    }

    @Test func `smtp-sink takes it`() async throws {
        let folder = try TemporaryFolder()
        let socket = folder.file("sink")
        let sink = try ChildProcess(["smtp-sink", "-u", "root", "-8", "unix:\(socket)", "10"])
        defer { sink.signal(SIGTERM) }
        // It does not say when it is ready, so it is asked until it answers.
        var result = try await Probe.send(["--to", "ann@example.net", "--pipeline", "unix:\(socket)"])
        var attempts = 1
        while result.status == 2, attempts < 200 {
            result = try await Probe.send(["--to", "ann@example.net", "--pipeline", "unix:\(socket)"])
            attempts += 1
        }
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }
}
