import Foundation
import ProcessSupport
import Testing

@Suite("The manners of check", .blocking)
struct MannersTests {
    @Test func `nothing is delivered, connections are paced, few at once, and end with QUIT`() async throws {
        let server = try await FaultyServer.start()
        let start = ContinuousClock.now
        let run = try await CheckTool.run(["--domain", "stub.test", server.target])
        #expect(run.status == 0)
        #expect(start.duration(to: .now) < .seconds(60))
        let seen = try await server.finish()
        #expect(!seen.contains("queued"))
        var open: Set<Substring> = []
        var connections = 0
        var commands: [Substring: [String]] = [:]
        for line in seen {
            let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
            switch words[0] {
            case "+":
                open.insert(words[1])
                connections += 1
                #expect(open.count <= 3)
            case "-": open.remove(words[1])
            case let number: commands[number, default: []].append(words.dropFirst().joined(separator: " "))
            }
        }
        // The client's own clock: each connection but the first has its pause.
        let duration = try #require(run.document["duration_ms"] as? Double)
        #expect(duration >= Double(100 * (connections - 1)), "\(connections) connections")
        // Content is asked for only where no recipient was accepted.
        #expect(!seen.contains { $0.hasSuffix(" .") })
        for (number, lines) in commands {
            // A handshake that fails, or is not to be completed, has no end in words.
            guard let last = lines.last, last != "STARTTLS" else { continue }
            #expect(last == "QUIT", "connection \(number): \(lines)")
        }
    }

    @Test func `the whole set takes less than 40 MiB`() async throws {
        let server = try await FaultyServer.start()
        let script = """
            import resource, subprocess, sys
            status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
            print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
            """
        let words = ["python3", "-c", script, Probe.path, "check", "--domain", "stub.test", server.target]
        let run = try await onThread { try ChildProcess.run(words) }
        let numbers = run.output.split { $0 == " " || $0 == "\n" }.compactMap { Int($0) }
        try #require(numbers.count == 2, "\(run.output)\(run.errors)")
        #expect(numbers[0] == 0)
        // In KiB.
        #expect(numbers[1] < 40 << 10)
    }

    @Test func `after a second 421 no further connection is made, and all checks have a result`() async throws {
        let server = try await FaultyServer.start(.init(connections: 1))
        let run = try await CheckTool.run(["--domain", "stub.test", server.target])
        #expect(run.checks.count > 50)
        #expect(run.verdicts["tls.version"] == "inconclusive")
        #expect(run.verdicts["banner"] == "pass")
        let seen = try await server.finish()
        #expect(seen.count { $0.hasPrefix("+ ") } == 3)
    }

    @Test(
        arguments: ["STALL", "CLOSE", "RESET", "421 later", "garbage", "FLOOD"],
        ["MAIL", "RCPT", "RSET", "NOOP", "EHLO"])
    func `a server that breaks down at a command leaves the rest to run, within the time`(fault: String, verb: String)
        async throws
    {
        let server = try await ScriptedServer.start([verb: ["250 mx.stub.test", fault]])
        let run = try await CheckTool.run([
            "--only", "banner,vrfy,state,relay", "--timeout", "1s", "--deadline", "30s", "--domain", "stub.test",
            server.target,
        ])
        #expect(run.checks.count == 6)
        #expect(run.verdicts["banner"] == "warn")
    }

    @Test func `the deadline ends the run, with a result for each check`() async throws {
        let server = try await ScriptedServer.start(["VRFY": ["STALL"]])
        let run = try await CheckTool.run(["--only", "vrfy,expn,state", "--deadline", "2s", server.target])
        #expect(run.checks.count == 3)
        #expect(run.detail("state").contains("the time of the run"))
    }

    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func `a signal ends the run at once`(signal: Int32, status: Int32) async throws {
        let server = try await ScriptedServer.start(["VRFY": ["STALL"]])
        let process = try ChildProcess([
            BuiltTool.path("smtp-probe"), "check", "--json", "--only", "vrfy", server.target,
        ])
        while try await server.line().hasPrefix("VRFY") == false {}
        process.signal(signal)
        #expect(process.wait() == status)
        let document = try await Probe.document(String(decoding: process.standardOutput, as: UTF8.self))
        #expect((document["result"] as? [String: Any])?["exit"] as? Int == Int(status))
    }
}
