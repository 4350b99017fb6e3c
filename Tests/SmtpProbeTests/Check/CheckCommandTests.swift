import Foundation
import ProcessSupport
import Testing

@testable import smtp_probe

@Suite("The command check", .blocking)
struct CheckCommandTests {
    @Test func `an unknown check is a usage error that names those near it`() async throws {
        let run = try await Script.run(["check", "--only", "bannr", "mx.example"])
        #expect(run.status == 1)
        #expect(run.errors.contains("banner"), "\(run.errors)")
        let other = try await Script.run(["check", "--skip", "tsl", "mx.example"])
        #expect(other.status == 1 && other.errors.contains("tls"), "\(other.errors)")
    }

    @Test(arguments: [
        ["check"], ["check", "--only", "banner", "--skip", "banner", "mx.example"], ["check", "--mx", "192.0.2.1"],
        ["check", "--port", "26", "mx.example"], ["check", "--rcpt", "<ann@b.test>", "mx.example"],
        ["check", "--role", "relay", "mx.example"], ["check", "--https", "a:b", "mx.example"],
        ["check", "--policy", "/nowhere/policy", "--mx", "a.test"], ["check", "--deadline", "soon", "mx.example"],
        ["check", "--fail-on", "info", "mx.example"], ["check", "--outside", "nobody", "mx.example"],
        ["check", "-4", "-6", "mx.example"], ["check", "--ca", "/nowhere/ca.pem", "mx.example"],
        ["check", "--name", "a.test", "--mx", "b.test"],
    ])
    func `a command line that is wrong is refused in one line`(arguments: [String]) async throws {
        let run = try await Script.run(arguments)
        #expect(run.status == 1, "\(run.output)")
        #expect(run.errors.hasPrefix("smtp-probe: "))
        #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    }

    @Test func `the list has every check, and the manual, too`() async throws {
        let list = try await Script.run(["check", "--list"])
        let page = try String(contentsOfFile: "\(BuiltTool.project)/man/smtp-probe.1", encoding: .utf8)
        #expect(list.status == 0)
        for check in Check.catalogue {
            #expect(list.output.split(separator: "\n").contains { $0.hasPrefix("\(check.id) ") }, "\(check.id)")
            #expect(page.contains(".It Sy \(check.id.replacingOccurrences(of: "-", with: "\\-"))"), "\(check.id)")
        }
        let json = try await Script.run(["check", "--list", "--json"])
        let entries = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
        #expect(entries.count == Check.catalogue.count)
    }

    @Test(arguments: [["--list"], ["--list", "--json"], ["--only", "banner"], ["--only", "banner", "--json"]])
    func `output that cannot be written is an error`(options: [String]) async throws {
        let server = try await ScriptedServer.start()
        let command = "'\(Probe.path)' check \(options.joined(separator: " ")) \(server.target) >/dev/full"
        let run = try await onThread { try ChildProcess.run(["sh", "-c", command]) }
        #expect(run.status == 1)
        #expect(run.errors == "smtp-probe: standard output: cannot write: No space left on device\n")
    }

    @Test func `text shows a line for each result, and the fix`() async throws {
        let server = try await FaultyServer.start()
        let run = try await Script.run([
            "check", "--only", "banner,vrfy,cert.trust", "--helo", "client.test", "--connect-timeout", "20s", "-4",
            server.target,
        ])
        #expect(run.status == 0, "\(run.errors)")
        let lines = run.output.split(separator: "\n").map(String.init)
        #expect(lines[0] == "127.0.0.1:\(server.port)")
        #expect(lines[1...2] == ["  pass banner", "  pass vrfy"])
        #expect(lines[3].hasPrefix("  warn cert.trust: "))
        #expect(lines.contains { $0.hasPrefix("       -> ") })
        #expect(lines.last?.hasPrefix("2 passed, 1 warning, 0 failed, 0 inconclusive, 0 skipped in ") == true)
        let verbose = try await Script.run([
            "check", "--only", "banner", "--verbose", "--color", "always", server.target,
        ])
        #expect(verbose.output.contains("banner: mx.stub.test, after "))
        #expect(verbose.output.contains("\u{1B}[32m"))
        let quiet = try await Script.run(["check", "--only", "banner,cert.trust", "--quiet", server.target])
        #expect(quiet.output.isEmpty)
        #expect(try await server.finish().contains { $0.hasSuffix("EHLO client.test") })
    }

    @Test func `warnings count only when they are to`() async throws {
        let server = try await FaultyServer.start()
        #expect(try await CheckTool.run(["--only", "cert.trust", server.target]).status == 0)
        #expect(try await CheckTool.run(["--only", "cert.trust", "--fail-on", "warn", server.target]).status == 41)
    }

    /// Servers with which nothing can be done, and the status of that.
    static let broken: [(greeting: String, status: Int32)] = [
        ("CLOSE", 6), ("RESET", 6), ("554 no", 21), ("STALL", 43),
    ]

    @Test(arguments: broken) func `a server that cannot be used has its status`(
        entry: (greeting: String, status: Int32)
    ) async throws {
        let server = try await ScriptedServer.start(["GREETING": [entry.greeting]])
        let run = try await CheckTool.run(["--only", "vrfy,state", "--timeout", "1s", server.target])
        #expect(run.status == entry.status)
        #expect(Set(run.verdicts.values) == ["inconclusive"])
    }

    @Test func `a server that does not listen is 2, with a document`() async throws {
        let run = try await CheckTool.run(["--source", "127.0.0.1", "127.0.0.1:1"])
        #expect(run.status == 2)
        #expect((run.document["result"] as? [String: Any])?["exit"] as? Int == 2)
    }

    @Test func `the document has every member, and its evidence is in the transcript`() async throws {
        let server = try await ScriptedServer.start(["RCPT": ["550 5.1.1 no"]])
        let run = try await CheckTool.run(["--only", "postmaster", "--domain", "stub.test", server.target])
        #expect(run.status == 41)
        let check = try #require(run.checks.first)
        #expect(
            Set(check.keys) == [
                "id", "group", "server", "verdict", "title", "evidence", "detail", "fix", "rfc", "t_ms",
            ])
        #expect(check["server"] as? String == server.target)
        let number = try #require((check["evidence"] as? [Int])?.first)
        let transcript = try #require(run.document["transcript"] as? [[String: Any]])
        #expect(transcript[number - 1]["n"] as? Int == number)
        #expect(transcript[number - 1]["code"] as? Int == 550)
    }

    @Test func `plaintext after the reply to STARTTLS is 42`() async throws {
        let server = try await ScriptedServer.start([
            "EHLO": ["250-mx.stub.test\r\n250 STARTTLS"], "STARTTLS": ["220 go\r\n250 injected"],
        ])
        let run = try await CheckTool.run(["--only", "tls.inject-client,vrfy", server.target])
        #expect(run.status == 42)
        #expect(run.verdicts["vrfy"] == "pass" || run.verdicts["vrfy"] == "warn")
    }

    @Test func `LMTP has the checks of a local server`() async throws {
        let server = try await LiteServer.start(["--lmtp"])
        let run = try await CheckTool.run(["--skip", "dns,mta-sts", "lmtp://\(server.target)"])
        #expect(run.status == 0, "\(run.checks.filter { $0["verdict"] as? String == "fail" })")
        #expect(run.verdicts["relay.null"] == "skipped" && run.verdicts["helo"] == "skipped")
        #expect(run.verdicts["state"] == "pass")
    }
}
