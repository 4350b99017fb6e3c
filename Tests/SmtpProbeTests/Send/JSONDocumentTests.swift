import Foundation
import ProcessSupport
import Testing

@testable import smtp_probe

@Suite("The JSON document of send", .blocking)
struct JSONDocumentTests {
    static let keys: Set<String> = [
        "schema", "tool", "started", "duration_ms", "target", "result", "timing_ms", "capabilities", "tls",
        "recipients",
        "message", "checks", "load", "transcript",
    ]

    @Test func `tells everything about a transaction inside TLS`() async throws {
        let server = try await ScriptedServer.start(
            [
                "EHLO": ["250-stub\r\n250 STARTTLS", "250-stub\r\n250-STARTTLS\r\n250 AUTH PLAIN"],
                "AUTH": ["235 2.7.0 ok"],
            ],
            certificate: TestCertificate.path)
        let result = try await Probe.send([
            "--to", "a@b.test", server.target, "--json", "--tls", "--auth-user", "u", "--auth-password", "sesame",
        ])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        let document = try await Probe.document(result.output)
        #expect(document["schema"] as? String == "smtp-probe/1")
        let target = try #require(document["target"] as? [String: Any])
        #expect(target["given"] as? String == server.target && target["address"] as? String == "127.0.0.1")
        #expect(target["port"] as? Int == server.port && target["protocol"] as? String == "smtp")
        #expect((document["result"] as? [String: Any])?["delivered"] as? Bool == true)
        let times = try #require(document["timing_ms"] as? [String: Any])
        #expect(Set(times.keys) == Set(StageName.timed.map(\.rawValue)))
        #expect(times["xclient"] is NSNull && times["ehlo-tls"] is NSNumber && times["message"] is NSNumber)
        let tls = try #require(document["tls"] as? [String: Any])
        #expect(tls["mode"] as? String == "starttls")
        #expect(tls["verified"] as? Bool == false)
        #expect((tls["error"] as? String)?.contains("self-signed") == true)
        let chain = try #require(tls["chain"] as? [[String: Any]])
        #expect(chain.first?["san"] as? [String] == ["stub.test"])
        #expect((chain.first?["sha256"] as? String)?.count == 64)
        #expect([29, 30].contains(chain.first?["days_left"] as? Int))
        let capabilities = try #require(document["capabilities"] as? [String: Any])
        #expect(capabilities["before_tls"] as? [String] == ["STARTTLS"])
        #expect((capabilities["parsed"] as? [String: Any])?["AUTH"] as? [String] == ["PLAIN"])
        #expect((document["message"] as? [String: Any])?["queue_id"] as? String == "STUB1")
        let transcript = try #require(document["transcript"] as? [[String: Any]])
        #expect(transcript.map { $0["n"] as? Int } == Array(1...transcript.count))
        #expect(transcript.contains { $0["line"] as? String == "AUTH PLAIN ***" && $0["tls"] as? Bool == true })
        #expect(!result.output.contains(Data("\u{0}u\u{0}sesame".utf8).base64EncodedString()))
        #expect((document["timing_ms"] as? [String: Any])?["tls"] is NSNumber)
    }

    @Test(arguments: ["--json", "--nagios"])
    func `a document that cannot be written is an error`(option: String) async throws {
        let server = try await ScriptedServer.start()
        for words in [["send", "-t", "a@b.test", option, server.target], ["send", option, "--bogus"]] {
            let command = "'\(Probe.path)' \(words.joined(separator: " ")) >/dev/full"
            let run = try await onThread { try ChildProcess.run(["sh", "-c", command]) }
            #expect(run.status == 1 || option == "--nagios" && run.status == 3, "\(words)")
            #expect(run.errors.contains("standard output: cannot write: No space left"), "\(run.errors)")
        }
    }

    @Test func `octets that are no UTF-8 are base64`() async throws {
        let server = try await ScriptedServer.start(["RCPT": ["550 5.1.1 caf\u{E9}"]])
        let result = try await Probe.send(["--to", "a@b.test", server.target, "--json"])
        let document = try await Probe.document(result.output)
        let entry = try #require((document["transcript"] as? [[String: Any]])?.first { $0["code"] as? Int == 550 })
        let lines = try #require(entry["lines"] as? [[String: String]])
        #expect(Data(base64Encoded: lines[0]["base64"] ?? "") == Data("550 5.1.1 caf".utf8) + [0xE9])
    }

    @Test func `its description names every member`() throws {
        let text = try String(contentsOfFile: "\(BuiltTool.project)/docs/smtp-probe-json.md", encoding: .utf8)
        let inner = [
            "ok", "exit", "stage", "class", "reason", "out_of_sync", "delivered", "given", "host", "port", "mx",
            "protocol", "before_tls", "after_tls", "parsed", "mode",
            "version",
            "cipher", "verified", "error", "name_match", "chain", "subject", "issuer", "san", "not_after", "days_left",
            "sha256", "spki_sha256", "address", "accepted", "code", "enhanced", "text", "meaning", "queue_id", "size",
            "n",
            "t_ms", "dir", "line", "lines", "base64", "planned", "started", "partial", "refused", "failed", "sessions",
            "rate",
            "codes", "failures", "connect_ms", "tls_ms", "transaction_ms", "count", "min", "p50", "p90", "p99", "p99.9",
            "max",
            "mean", "histogram", "resolve", "connect", "descriptors", "timeout", "closed", "unsupported", "interrupted",
            "other",
        ]
        for key in Self.keys.union(inner) { #expect(text.contains("`\(key)`"), "\(key)") }
        for stage in StageName.allCases { #expect(text.contains("`\(stage.rawValue)`"), "\(stage)") }
        #expect(text.contains("smtp-probe/1"))
    }
}
