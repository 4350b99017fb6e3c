import Foundation
import ProcessSupport
import Testing

@Suite("The JSON document of a script", .blocking)
struct ScriptDocumentTests {
    private static func result(_ document: [String: Any]) throws -> [String: Any] {
        try #require(document["result"] as? [String: Any])
    }

    @Test func `tells everything that passed`() async throws {
        let server = try await ScriptedServer.start(
            [
                "EHLO": ["250-stub\r\n250 STARTTLS", "250-stub\r\n250 AUTH PLAIN"], "AUTH": ["235 2.7.0 in"],
                "RCPT TO:<bob": ["550 5.1.1 caf\u{E9}"],
            ],
            certificate: TestCertificate.path)
        let lines = [
            "AUTH PLAIN AHUAc2VzYW1l", "MAIL FROM:<>", "RCPT TO:<ann@b.test> NOTIFY=NEVER", "RCPT TO:<bob@b.test>",
            ":expect 550", "DATA", "Subject: x", ".", "NOOP",
        ]
        let run = try await Script.run(server.target, lines, ["--json", "--tls"])
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.output)\(run.errors)")
        let document = try await Probe.document(run.output)
        #expect(Set(document.keys) == JSONDocumentTests.keys)
        #expect(document["schema"] as? String == "smtp-probe/1")
        #expect((document["target"] as? [String: Any])?["given"] as? String == server.target)
        let tls = try #require(document["tls"] as? [String: Any])
        #expect(tls["mode"] as? String == "starttls" && (tls["chain"] as? [Any])?.count == 1)
        let capabilities = try #require(document["capabilities"] as? [String: Any])
        #expect(capabilities["before_tls"] as? [String] == ["STARTTLS"])
        #expect(capabilities["after_tls"] as? [String] == ["AUTH PLAIN"])
        let recipients = try #require(document["recipients"] as? [[String: Any]])
        #expect(recipients.map { $0["address"] as? String } == ["ann@b.test", "bob@b.test"])
        #expect(recipients.map { $0["accepted"] as? Bool } == [true, false])
        #expect(recipients.map { $0["code"] as? Int } == [250, 550])
        #expect(recipients.first?["text"] as? String == "Ok: queued as STUB1")
        #expect((document["message"] as? [String: Any])?["queue_id"] as? String == "STUB1")
        let transcript = try #require(document["transcript"] as? [[String: Any]])
        #expect(transcript.contains { $0["line"] as? String == "AUTH PLAIN ***" && $0["tls"] as? Bool == true })
        #expect(!run.output.contains("AHUAc2VzYW1l"))
        let times = try #require(document["timing_ms"] as? [String: Any])
        #expect(
            Set(times.filter { $0.value is NSNumber }.keys) == [
                "resolve", "connect", "banner", "ehlo", "tls", "ehlo-tls", "auth", "mail", "rcpt", "data", "message",
                "command", "quit",
            ],
            "\(times)")
    }

    @Test(arguments: [
        ("550 5.1.1 nobody", "unknown-user", "Correct the address, or remove it from the list."),
        ("503 Bad sequence of commands", "protocol-error", "Fix the client's order of commands."),
        ("502 5.5.1 Unrecognized command", "protocol-error", "Fix the client's command order; check that EHLO"),
        ("501 5.5.4 Syntax error", "protocol-error", "Fix the parameter; send only what EHLO offered."),
    ])
    func `a refusal has a reason in a word, and the advice for its code`(
        reply: String, reason: String, advice: String
    ) async throws {
        let server = try await ScriptedServer.start(["RCPT": [reply]])
        let lines = ["MAIL FROM:<>", "RCPT TO:<ann@b.test>"]
        let run = try await Script.run(server.target, lines, ["--json"])
        let refused = try #require((try await Probe.document(run.output)["recipients"] as? [[String: Any]])?.first)
        #expect(refused["reason"] as? String == reason)
        #expect((refused["advice"] as? String)?.hasPrefix(advice) == true, "\(refused)")
        #expect(try await Script.run(server.target, lines).errors.contains(advice))
    }

    /// The dialogues of the statuses, as JSON: a document whatever comes of them.
    @Test(arguments: ScriptStatusTests.examples)
    func `is there whatever comes of it`(example: ScriptStatusTests.Example) async throws {
        let server = try await ScriptedServer.start(example.rules)
        let run = try await Script.run(server.target, example.lines, example.options + ["--json"])
        #expect(run.status == example.status, "\(run.output)\(run.errors)")
        let document = try await Probe.document(run.output)
        #expect(Set(document.keys) == JSONDocumentTests.keys)
        let result = try Self.result(document)
        #expect(result["exit"] as? Int == Int(example.status))
        #expect(result["ok"] as? Bool == (example.status == 0))
        #expect(((result["reason"] as? String) == nil) == (example.status == 0))
        #expect(run.errors.isEmpty == (example.status == 0), "\(run.errors)")
    }

    @Test(arguments: [
        (["MAIL": ["451 4.7.1 later"]], "MAIL FROM:<>", "mail", "transient"),
        (["VRFY": ["550 5.1.1 no"]], "VRFY joe", "command", "permanent"),
        (["NOOP": ["CLOSE"]], "NOOP", "command", "transient"),
        (["GREETING": ["554 no"]], "NOOP", "banner", "permanent"),
    ])
    func `says where and what kind`(rules: [String: [String]], line: String, stage: String, kind: String) async throws {
        let server = try await ScriptedServer.start(rules)
        let result = try Self.result(
            await Probe.document(try await Script.run(server.target, [line], ["--json"]).output))
        #expect(result["stage"] as? String == stage)
        #expect(result["class"] as? String == kind)
        #expect(result["out_of_sync"] as? Bool == false)
    }

    @Test func `a reply that nobody asked for is told`() async throws {
        let server = try await ScriptedServer.start(["NOOP": ["250 ok\r\n250 more"]])
        let run = try await Script.run(server.target, ["NOOP", "NOOP"], ["--json"])
        #expect(run.status == 42)
        #expect(try Self.result(await Probe.document(run.output))["out_of_sync"] as? Bool == true)
    }

    @Test func `nothing else goes to standard output`() async throws {
        let server = try await ScriptedServer.start()
        let lines = ["EHLO x", ":help", ":caps", ":!echo from the shell", ":!echo '{'; sh -c 'echo }'", ":status"]
        let run = try await Script.run(server.target, lines, ["--json", "-v"])
        #expect(run.status == 0)
        #expect(run.output.split(separator: "\n").count == 1)
        _ = try await Probe.document(run.output)
        for part in [":starttls", "PIPELINING", "from the shell"] { #expect(run.errors.contains(part), "\(part)") }
    }

    @Test func `a delivery with LMTP has its own outcome`() async throws {
        let server = try await ScriptedServer.start(["DOT": ["250 2.1.5 Saved\r\n452 4.2.2 full"]])
        let lines = ["LHLO x", "MAIL FROM:<>", "RCPT TO:<a@b>", "RCPT TO:c@d", "DATA", "."]
        let run = try await Script.run("lmtp://\(server.target)", lines, ["--json"])
        let recipients = try await Probe.document(run.output)["recipients"] as? [[String: Any]]
        #expect(recipients?.map { $0["address"] as? String } == ["a@b", "c@d"])
        #expect(recipients?.map { $0["code"] as? Int } == [250, 452])
    }

    @Test(arguments: [
        ["--json", "--tls", "--no-tls", "x"], ["--json", "a b"], ["-c", "NOOP", "--json", "--timeout", "5d", "x"],
    ])
    func `a command line that is wrong has a document`(arguments: [String]) async throws {
        let run = try await Script.run(arguments)
        #expect(run.status == 1 && run.errors.isEmpty)
        let document = try await Probe.document(run.output)
        #expect(Set(document.keys) == JSONDocumentTests.keys)
        #expect(try Self.result(document)["stage"] as? String == "usage")
    }

    @Test func `nothing to do, nobody there, and a signal have documents`() async throws {
        let idle = try await Script.run(["--json"])
        #expect(idle.status == 1)
        #expect(try Self.result(await Probe.document(idle.output))["exit"] as? Int == 1)
        let absent = try await Script.run("unix:/no/such/socket", ["NOOP"], ["--json"])
        #expect(absent.status == 2)
        #expect(try Self.result(await Probe.document(absent.output))["stage"] as? String == "connect")
        let server = try await ScriptedServer.start(["NOOP": ["STALL"]])
        for (signal, status) in [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] {
            let process = try ChildProcess([Probe.path, "--json", "-c", "NOOP", server.target])
            #expect(try await server.line() == "NOOP")
            process.signal(signal)
            #expect(await onThread { process.wait() } == Int32(status))
            let document = try await Probe.document(String(decoding: process.standardOutput, as: UTF8.self))
            #expect(try Self.result(document)["exit"] as? Int == status)
        }
    }

    @Test func `a terminal gets none`() throws {
        let shell = try Terminal([Probe.path, "--json", "127.0.0.1:1"])
        try shell.wait(for: "--json is for scripts")
        #expect(try shell.finish() == 1)
    }
}
