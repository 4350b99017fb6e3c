import ProcessSupport
import Testing

@Suite("Lines of a script", .blocking)
struct ScriptLineTests {
    @Test func `comments and blank lines send nothing, but in content`() async throws {
        let server = try await ScriptedServer.start()
        let script = "\u{FEFF}# first\nNOOP\n\n  # second\nDATA\n# text\n\n.\n"
        let run = try await Script.run(["-f", "-", server.target], input: script)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try await server.finish() == ["NOOP", "DATA", "| # text", "| ", "QUIT"])
    }

    @Test func `an empty script reads the greeting and says QUIT`() async throws {
        let server = try await ScriptedServer.start()
        let run = try await Script.run([server.target])
        #expect(run.status == 0 && run.output.contains("S: 220 stub ESMTP"), "\(run.errors)")
        #expect(try await server.finish() == ["QUIT"])
        #expect(try await Script.run([]).errors.contains("there is nothing to do"))
    }

    @Test(arguments: [
        ("EHLO x\nFOO\nNOOP\n", "line 2: FOO: 500"), ("FOO\n", "line 1: FOO: 500"), ("\n#\nFOO\n", "line 3: FOO"),
    ])
    func `a message names the line that it is about`(script: String, part: String) async throws {
        let server = try await ScriptedServer.start(["FOO": ["500 what"]])
        for options in [[], ["-k"]] {
            let run = try await Script.run(options + [server.target], input: script)
            #expect(run.status == 41)
            #expect(run.errors.contains("smtp-probe: \(part)"), "\(run.errors)")
        }
    }

    @Test func `programs get the usual signals`() async throws {
        let run = try await Script.run(["-c", ":!yes | head -n 1"])
        #expect(run.output == "y\n" && run.errors.isEmpty, "\(run.errors)")
        let status = try await Script.run(["-c", ":!bash -c 'yes | true; exit ${PIPESTATUS[0]}'", "-v"])
        #expect(status.errors.contains("status 141"), "\(status.errors)")
    }

    @Test(arguments: [
        (["--ca", "/nonexistent/ca.pem"], "/nonexistent/ca.pem"), (["--ca", "/etc/hostname"], "hostname"),
        (["--ciphers", "NOPE"], "NOPE"), (["--ca", "/proc/self/task"], "no file of this folder"),
    ])
    func `what is wrong with local files and lists is found before connecting`(options: [String], part: String)
        async throws
    {
        let server = try await ScriptedServer.start()
        let sent = try await Probe.send(["-t", "a@b.test", server.target] + options)
        #expect(sent.status == 1 && sent.errors.contains(part), "\(sent.errors)")
        let script = try await Script.run(["-c", "NOOP", server.target] + options)
        #expect(script.status == 1 && script.errors.contains(part), "\(script.errors)")
        let attached = try await Probe.send(["-t", "a@b.test", server.target, "--attach", "@/nonexistent"])
        #expect(attached.status == 1 && attached.errors.contains("/nonexistent"), "\(attached.errors)")
        #expect(try await server.finish() == [])
    }

    @Test func `a folder of certificates is trusted`() async throws {
        let folder = try TemporaryFolder()
        let authority = try await onThread { try ChildProcess.run(["cat", TestCertificate.authority]).output }
        try folder.write(authority.utf8, to: "ca.crt")
        try folder.write("no certificate".utf8, to: "README")
        let server = try await ScriptedServer.start(
            ["EHLO": ["250-stub\r\n250 STARTTLS", "250 stub"]], certificate: TestCertificate.signed)
        let sent = try await Probe.send([
            "-t", "a@b.test", server.target, "--tls", "--ca", folder.path, "--name", "stub.test",
        ])
        #expect(sent.status == 0 && sent.output.contains("certificate verified"), "\(sent.output)\(sent.errors)")
    }

    @Test(arguments: [
        ("--ret", "HDRS"), ("--quit-after", "RCPT"), ("--color", "NEVER"), ("--quit-after", "to"),
        ("--drop-after", "DOT"),
    ])
    func `words of lists have any case, and stages those of swaks`(option: String, value: String) async throws {
        let server = try await ScriptedServer.start(["EHLO": ["250-stub\r\n250 DSN"]])
        let sent = try await Probe.send(["-t", "a@b.test", server.target, option, value])
        #expect(sent.status == 0, "\(sent.errors)")
    }
}
