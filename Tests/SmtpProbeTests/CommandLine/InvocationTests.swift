import ArgumentParser
import CommandLineSupport
import ProcessSupport
import SMTPKit
import Testing

@testable import smtp_probe

@Suite("The command line of smtp-probe", .blocking)
struct InvocationTests {
    @Test(arguments: [
        (["help"], "USAGE: smtp-probe [options] [TARGET]"), (["help", "send"], "USAGE: smtp-probe send"),
        (["--help"], "smtp-probe localhost 2525"), (["send", "--help"], "--quit-after rcpt"), (["-h"], "EXAMPLES:"),
        (["--help-all"], "--proxy-header <line>"), (["send", "--help-all"], "--mt-priority <number>"),
        (["--version"], "smtp-probe \(SMTPKitVersion.current)\n"),
        (["send", "--version"], "smtp-probe \(SMTPKitVersion.current)\n"),
    ])
    func `help and versions are answered`(arguments: [String], part: String) async throws {
        let run = try await Script.run(arguments)
        #expect(run.status == 0 && run.errors.isEmpty)
        #expect(run.output.contains(part), "\(run.output)")
    }

    @Test(arguments: [SMTPProbe.overview, SendCommand.overview])
    func `help is one screen, and names options that exist`(text: String) throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 40)
        #expect(lines.allSatisfy { $0.count <= 120 })
        #expect(text.contains("EXAMPLES:") && text.contains("--help-all"))
        let table = try #require(OptionTable(dump: SMTPProbe._dumpHelp()))
        let known = Set((table.options + table.subcommands.flatMap(\.options)).flatMap(\.names))
        let named = text.split { " ,.;:()\n".contains($0) }.map(String.init).filter { $0.hasPrefix("-") && $0 != "-" }
        #expect(named.count > 15)
        for name in named where !["--help", "--help-all"].contains(name) { #expect(known.contains(name), "\(name)") }
    }

    @Test(arguments: [
        (["send", "-x"], "there is no option -x"), (["send", "-t", "a@b.test", "-p", "25"], "swaks' -p: HOST:PORT"),
        (["send", "--ehlo", "x"], "--helo"), (["send", "-tls"], "--tls"), (["send", "--h-X-A", "b"], "--header"),
        (["send", "--bodi", "x"], "did you mean --body?"), (["--verbos"], "did you mean --verbose?"),
        (["send", "-au", "ann", "-ap", "x"], "--auth-user"),
        (["send", "-t", "a@b.test", "--", "a", "b"], "Unexpected"),
        (["send", "-t", "a@b.test"], "add HOST[:PORT], or --mx b.test"),
        (["send", "mx.test"], "no recipient given: add --to"),
        (["send", "-t", "a@b.test", "-s", "x.test", "y.test"], "TARGET and --server"),
        (["send", "-t", "a@b.test", "-a", "x.test"], "--auth needs --auth-user"),
        (["send", "-t", "a@b.test", "--auth=PLAIN", "x.test"], "--auth needs --auth-user"),
        (["send", "-a", "NTLM", "x.test"], "the mechanisms are PLAIN"),
        (["help", "nope"], "the commands are send"),
    ])
    func `what is wrong is said before what is missing`(arguments: [String], part: String) async throws {
        let run = try await Script.run(arguments)
        #expect(run.status == 1)
        #expect(run.errors.contains(part), "\(run.errors)")
        #expect(run.errors.split(separator: "\n").count == 1 && run.output.isEmpty)
    }

    @Test func `a value may begin with a hyphen in every option of every command`() throws {
        let table = try #require(OptionTable(dump: SMTPProbe._dumpHelp()))
        for (words, options) in [([], table.options)] + table.subcommands.map({ ([$0.name], $0.options) }) {
            for option in options where option.valueName != nil {
                for name in option.names where name.hasPrefix("--") {
                    do {
                        _ = try Invocation(words + [name, "-x", "mx.test"]).parse()
                    } catch {
                        #expect(!"\(SMTPProbe.message(for: error))".contains("Missing value"), "\(words) \(name)")
                    }
                }
            }
        }
    }

    @Test(arguments: ["send", "check", "load"])
    func `each command has its help`(name: String) async throws {
        let run = try await Script.run([name, "--help"])
        #expect(run.status == 0 && run.output.contains("smtp-probe \(name)"), "\(run.output)")
    }

    @Test func `a document says it, too`() async throws {
        let run = try await Script.run(["send", "--json", "--ehlo", "x"])
        #expect(run.status == 1 && run.errors.isEmpty)
        let document = try await Probe.document(run.output)
        #expect(((document["result"] as? [String: Any])?["reason"] as? String)?.contains("--helo") == true)
    }

    @Test func `host and port may be two words`() async throws {
        let server = try await ScriptedServer.start()
        let script = try await Script.run(["-c", "NOOP", "127.0.0.1", "\(server.port)"])
        #expect(script.status == 0, "\(script.errors)")
        let sent = try await Probe.send(["-t", "a@b.test", "127.0.0.1", "\(server.port)", "-q"])
        #expect(sent.status == 0, "\(sent.errors)")
        for words in [
            ["127.0.0.1", "0"], ["127.0.0.1", "70000"], ["127.0.0.1", "25", "26"], ["127.0.0.1:25", "26"],
        ] {
            #expect(try await Script.run(["-c", "NOOP"] + words).status == 1, "\(words)")
        }
    }

    @Test func `short options of swaks are known`() async throws {
        let server = try await ScriptedServer.start([
            "EHLO": ["250-stub\r\n250 AUTH LOGIN PLAIN"], "AUTH": ["235 2.7.0 ok"],
        ])
        let sent = try await Probe.send([
            "-t", "ann@b.test", "-f", "joe@c.test", "-s", server.target, "-a", "PLAIN", "--auth-user", "u",
            "--auth-password", "-secret", "--insecure-auth",
        ])
        #expect(sent.status == 0, "\(sent.output)\(sent.errors)")
        let lines = try await server.finish()
        #expect(lines.contains("MAIL FROM:<joe@c.test>") && lines.contains("RCPT TO:<ann@b.test>"), "\(lines)")
        #expect(lines.contains { $0.hasPrefix("AUTH PLAIN ") })
    }

    @Test func `a value may begin with a hyphen`() async throws {
        let server = try await ScriptedServer.start()
        let sent = try await Probe.send([
            "-t", "a@b.test", server.target, "--subject", "-v", "--body", "--body", "--header", "X-A: -", "-q",
        ])
        #expect(sent.status == 0 && sent.output.isEmpty, "\(sent.output)\(sent.errors)")
        let lines = try await server.finish()
        #expect(lines.contains("| Subject: -v") && lines.contains("| --body"), "\(lines)")
    }

    @Test func `backslash n is a line end in texts of the command line`() async throws {
        let server = try await ScriptedServer.start()
        let whole = try await Probe.send([
            "-t", "a@b.test", server.target, "--data", #"Subject: x\n\nbody\n.line"#, "-q",
        ])
        let parts = try await Probe.send([
            "-t", "a@b.test", server.target, "--body", #"one\ntwo"#, "--header", #"X-A: 1\n 2\nX-B: 3"#, "-q",
        ])
        #expect(whole.status == 0 && parts.status == 0, "\(whole.errors)\(parts.errors)")
        let lines = try await server.finish().filter { $0.hasPrefix("| ") }.map { $0.dropFirst(2) }
        #expect(lines.prefix(4) == ["Subject: x", "", "body", "..line"])
        for line in ["one", "two", "X-A: 1 2", "X-B: 3"] { #expect(lines.contains { $0 == line }, "\(line): \(lines)") }
    }

    @Test func `verbose shows the message`() async throws {
        let server = try await ScriptedServer.start()
        let sent = try await Probe.send(["-t", "a@b.test", server.target, "-v", "--body", #"first\n\u{1}"#])
        #expect(sent.output.contains("\n -> To: a@b.test\n") && sent.output.contains("\n -> first\n"), "\(sent.output)")
        #expect(try await !Probe.send(["-t", "a@b.test", server.target]).output.contains("-> To:"))
    }

    @Test func `a dump that nobody reads on ends without a word`() async throws {
        let run = try await onThread {
            try ChildProcess.run([
                "bash", "-c",
                "'\(Probe.path)' send --dump --data @/dev/zero | head -c 1 >/dev/null; echo ${PIPESTATUS[0]}",
            ])
        }
        #expect(run.errors.isEmpty && run.output == "141\n", "\(run.errors)\(run.output)")
    }

    @Test func `a word that is not UTF-8 is named`() throws {
        let script = #"exec "$0" send --subject "$(printf 'caf\351')" --to joe@example.org 127.0.0.1:1"#
        let result = try ChildProcess.run(["sh", "-c", script, BuiltTool.path("smtp-probe")])
        #expect(result.status == 1)
        #expect(result.errors == "smtp-probe: argument 3, 'caf\\xE9', is not UTF-8 (give names in UTF-8)\n")
    }
}
