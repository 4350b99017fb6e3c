import Foundation
import ProcessSupport
import Testing

@Suite("The connections of load", .blocking)
struct LoadConnectionTests {
    @Test func `each session logs in`() async throws {
        let folder = try TemporaryFolder()
        let secret = try folder.write("sesame\n".utf8, to: "secret")
        let options = "--sessions 3 --messages 30 --tls --auth-user ann --auth-password-file '\(secret)'"
        let run = try await LoadTool.run(beside: ["--tls", "--auth", "any", "--discard"], options)
        #expect(run.status == 0 && run.count("accepted") == 30 && run.count("sessions") == 3, "\(run.load)")
    }

    @Test func `a login that is refused is counted by its code`() async throws {
        let folder = try TemporaryFolder()
        let secret = try folder.write("sesame\n".utf8, to: "secret")
        // This server refuses all logins.
        let server = try await FaultyServer.start()
        let run = try await LoadTool.run([
            "--messages", "3", "--tls", "--auth-user", "ann", "--auth-password-file", secret, server.target,
        ])
        #expect(run.status == 28 && Array(run.codes.keys) == ["535"] && run.isBalanced, "\(run.load)\(run.errors)")
        #expect(!"\(run.document)\(run.errors)".contains("sesame"))
        let seen = try await server.finish()
        #expect(seen.contains { $0.contains("AUTH ") } && !seen.contains("queued"))
    }

    @Test func `TLS can be there from the start`() async throws {
        let server = try await FaultyServer.start(.init(implicit: true))
        let run = try await LoadTool.run([
            "--messages", "12", "--sessions", "2", "--to", "ann@stub.test", "smtps://\(server.target)",
        ])
        #expect(run.status == 0 && run.count("accepted") == 12, "\(run.load)\(run.errors)")
        #expect(run.latency("tls_ms", "count") == 2)
        let seen = try await server.finish()
        #expect(seen.count { $0 == "queued" } == 12 && !seen.contains { $0.contains("STARTTLS") })
    }

    @Test func `the mail exchanger of a domain takes the load`() async throws {
        let server = try await ScriptedServer.start()
        let names = try await TestNameServer.start([
            "--local=/test/", "--mx-host=dom.test,mx.dom.test,10", "--host-record=mx.dom.test,127.0.0.1",
        ])
        let run = try await LoadTool.run([
            "--mx", "--resolver", names.endpoint, "--messages", "6", "dom.test:\(server.port)",
        ])
        #expect(run.status == 0 && run.count("accepted") == 6, "\(run.load)\(run.errors)")
        #expect((run.document["target"] as? [String: Any])?["mx"] as? String == "mx.dom.test", "\(run.document)")
    }

    /// A name server that is gone, and one that is silent.
    static let ends: [(signal: Int32, kinds: Set<String>)] = [
        (SIGKILL, ["resolve"]), (SIGSTOP, ["resolve", "timeout"]),
    ]

    @Test(arguments: ends) func `a name that stops resolving ends the run, with its failures counted`(
        end: (signal: Int32, kinds: Set<String>)
    ) async throws {
        let server = try await FaultyServer.start()
        let names = try await TestNameServer.start(["--local=/test/", "--host-record=mx.dom.test,127.0.0.1"])
        let process = try ChildProcess([
            Probe.path, "load", "--json", "--messages", "100000", "--messages-per-session", "1", "--sessions", "2",
            "--rate", "50/s", "--connect-timeout", "500ms", "--timeout", "5s", "--to", "ann@stub.test", "--resolver",
            names.endpoint, "mx.dom.test:\(server.port)",
        ])
        var begun = 0
        while begun < 10 { if try await server.line().contains(" MAIL FROM:") { begun += 1 } }
        names.signal(end.signal)
        let status = await onThread { process.wait() }
        let run = LoadTool.Run(
            status: status, document: try await Probe.document(String(decoding: process.standardOutput, as: UTF8.self)),
            errors: "")
        #expect(status != 0 && run.count("accepted") >= 9 && run.isBalanced, "\(status): \(run.load)")
        #expect(!run.failures.isEmpty && Set(run.failures.keys).isSubset(of: end.kinds), "\(run.load)")
    }
}
