import Foundation
import ProcessSupport
import Testing

@Suite("The counts of load, and those of servers", .blocking)
struct LoadCountTests {
    @Test(arguments: [
        "--sessions 5 --messages 60", "--sessions 5 --messages 60 --messages-per-session 7",
        "--sessions 3 --messages 60 --messages-per-session 1 --pipeline", "--sessions 4 --messages 60 --bdat",
        "--sessions 4 --messages 60 --bdat --pipeline --size 700K", "--sessions 4 --messages 60 --size 300K",
        "--sessions 8 --messages 60 --rate 600/s", "--sessions 8 --messages 60 --rate 600/s --messages-per-session 2",
        "--sessions 4 --messages 60 --tls", "--sessions 2 --messages 60 --idle 150",
        "--sessions 2 --messages 60 --recipients 3 --from 's%n@a.test' --to 'u%n@b.test'",
        "--sessions 100 --messages 60",
    ])
    func `smtpd-lite stores what load counts`(options: String) async throws {
        let folder = try TemporaryFolder()
        let run = try await LoadTool.run(
            beside: ["--tls", "--mbox", folder.file("mbox"), "--max-connections", "500"], options)
        #expect(run.status == 0, "\(run.load)\(run.errors)")
        #expect(run.count("accepted") == 60 && run.count("started") == 60 && run.codes == ["250": 60])
        let lines = String(decoding: folder.read("mbox"), as: UTF8.self).split(separator: "\n")
        let names = lines.filter { $0.hasPrefix("Message-ID: ") }
        #expect(names.count == 60 && Set(names).count == 60)
        #expect(run.latency("transaction_ms", "count") == 60)
        #expect(run.latency("connect_ms", "count") == Double(run.count("sessions")))
        #expect(run.latency("tls_ms", "count") == (options.contains("--tls") ? Double(run.count("sessions")) : -1))
        if options.contains("--idle") { #expect(run.count("sessions") == 152) }
        if options.contains("--messages-per-session 7") { #expect(run.count("sessions") >= 9) }
        if options.contains("--recipients") {
            let recipients = lines.filter { $0.hasPrefix("X-Envelope-To:") || $0.hasPrefix("X-Original-To:") }
            #expect(recipients.count == Set(recipients).count)
        }
    }

    @Test(arguments: [512, 513, 575, 576, 577, 2_048, 8_192, 20_001])
    func `a generated message has its size`(size: Int) async throws {
        let server = try await ScriptedServer.start(["EHLO": ["250-stub\r\n250 SIZE"]])
        let run = try await LoadTool.run(["--size", "\(size)", server.target])
        #expect(run.status == 0, "\(run.load)")
        let lines = try await server.finish()
        let content = lines.filter { $0.hasPrefix("| ") }.map { $0.dropFirst(2).utf8.count + 2 }
        #expect(content.reduce(0, +) == size)
        #expect(lines.contains { $0.hasPrefix("MAIL FROM:") && $0.contains("SIZE=\(size)") }, "\(lines.prefix(3))")
    }

    @Test func `a seed makes the same text`() async throws {
        var texts: [[String]] = []
        for seed in ["7", "7", "8"] {
            let server = try await ScriptedServer.start()
            #expect(try await LoadTool.run(["--seed", seed, server.target]).status == 0)
            texts.append(try await server.finish().filter { $0.hasPrefix("| ") && $0.utf8.count > 60 })
        }
        #expect(texts[0] == texts[1] && texts[0] != texts[2] && texts[0].count > 20)
    }

    @Test func `a message of a file is sent as it is, with doubled dots`() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("Subject: x\n\n.dot\nend".utf8, to: "mail")
        let server = try await ScriptedServer.start()
        let run = try await LoadTool.run(["--data", "@\(path)", "--messages", "2", server.target])
        #expect(run.status == 0)
        let content = try await server.finish().filter { $0.hasPrefix("| ") }
        #expect(content == Array(repeating: ["| Subject: x", "| ", "| ..dot", "| end"], count: 2).flatMap { $0 })
    }

    @Test func `LMTP counts messages, not replies`() async throws {
        let server = try await ScriptedServer.start(["DOT": ["250 2.0.0 one\r\n250 2.0.0 two"]])
        let run = try await LoadTool.run([
            "--messages", "4", "--recipients", "2", "--to", "u%n@b.test", "lmtp://\(server.target)",
        ])
        #expect(run.status == 0 && run.codes == ["250": 4], "\(run.load)")
        let lines = try await server.finish()
        #expect(lines.contains("RCPT TO:<u8@b.test>") && lines.filter { $0.hasPrefix("LHLO") }.count == 1)
    }

    @Test(arguments: [["-L"], []])
    func `smtp-sink counts the same`(options: [String]) async throws {
        let folder = try TemporaryFolder()
        let socket = folder.file("sink")
        let command = "exec smtp-sink -c -u root \(options.joined()) 'unix:\(socket)' 100 >'\(folder.file("counts"))'"
        let sink = try ChildProcess(["sh", "-c", command])
        defer { sink.signal(SIGTERM) }
        let arguments =
            (options.isEmpty ? [] : ["--lmtp"]) + ["--sessions", "7", "--messages", "90", "unix:\(socket)"]
        // It does not say when it is ready, so it is asked until it answers.
        var run = try await LoadTool.run(arguments)
        var attempts = 1
        while run.status == 2, attempts < 200 {
            run = try await LoadTool.run(arguments)
            attempts += 1
        }
        #expect(run.status == 0 && run.count("accepted") == 90 && run.count("sessions") == 7, "\(run.load)")
        let counts = String(decoding: folder.read("counts"), as: UTF8.self)
        #expect(counts.contains("mesg=90") && !counts.contains("mesg=91"), "\(counts.suffix(200))")
    }

    @Test func `Postfix logs as many messages`() async throws {
        let server = try PostfixServer(certificate: TestCertificate.path)
        let run = try await LoadTool.run([
            "--sessions", "5", "--messages", "40", "--messages-per-session", "3", "--tls", "--to",
            "postmaster@mta.example",
            server.target,
        ])
        #expect(run.status == 0 && run.count("accepted") == 40 && run.codes == ["250": 40], "\(run.load)\(run.errors)")
        #expect(try server.awaitLoggedMessages(40) == 40)
        let refused = try await LoadTool.run([
            "--sessions", "2", "--messages", "6", "--to", "nobody@mta.example", server.target,
        ])
        #expect(refused.status == 24 && refused.codes == ["550": 6] && refused.count("refused") == 6, "\(refused.load)")
    }

    @Test func `the table and the document agree`() async throws {
        let rules = ["DOT": Array(repeating: "250 2.0.0 Ok", count: 5) + ["451 4.3.0 later"]]
        let arguments = ["load", "--messages", "9"]
        let first = try await ScriptedServer.start(rules)
        let table = try await Script.run(arguments + [first.target])
        let second = try await ScriptedServer.start(rules)
        let run = try await LoadTool.run(["--messages", "9", second.target])
        #expect(table.status == 40 && run.status == 40)
        #expect(run.codes == ["250": 5, "451": 4] && run.isBalanced)
        let lines = table.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "5 messages accepted, 4 refused, 0 failed, of 9 planned")
        #expect(
            lines.contains { $0.hasPrefix("          5  250  ") }
                && lines.contains { $0.hasPrefix("          4  451  ") })
        #expect(lines.contains { $0.hasPrefix("transaction") && $0.hasSuffix(" 9") }, "\(table.output)")
    }

    @Test func `HdrHistogram's own library reads the histogram`() async throws {
        let run = try await LoadTool.run(beside: ["--discard"], "--sessions 3 --messages 300")
        let text = try #require(run.load["histogram"] as? String)
        let script = """
            import sys
            from hdrh.histogram import HdrHistogram
            h = HdrHistogram.decode(sys.argv[1])
            print(h.get_total_count(), *[h.get_value_at_percentile(p) / 1000 for p in (50, 90, 99, 99.9)], h.get_max_value() / 1000)
            """
        let result = try await onThread {
            try ChildProcess.run(["\(BuiltTool.project)/.build-venv/bin/python3", "-c", script, text])
        }
        let values = result.output.split { $0 == " " || $0 == "\n" }.compactMap { Double($0) }
        try #require(values.count == 6, "\(result.output)\(result.errors)")
        #expect(values[0] == 300)
        let names = ["p50", "p90", "p99", "p99.9", "max"]
        for (name, value) in zip(names, values.dropFirst()) {
            let ours = run.latency("transaction_ms", name)
            // Three significant digits.
            #expect(abs(ours - value) <= max(value * 0.001, 0.001), "\(name): \(ours) and \(value)")
        }
    }
}
