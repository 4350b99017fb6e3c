import Foundation
import ProcessSupport
import Testing

@Suite("Exit statuses of scripts", .blocking)
struct ScriptStatusTests {
    /// A server's rules, the lines that are run, and the status that comes of them.
    struct Example: Sendable, CustomTestStringConvertible {
        let rules: [String: [String]]
        let lines: [String]
        let status: Int32
        var options: [String] = []

        var testDescription: String { "\(status): \(lines.joined(separator: ", "))" }
    }

    static let hello = "EHLO client.example"

    static let examples: [Example] = [
        Example(rules: [:], lines: [hello, "QUIT"], status: 0),
        Example(rules: [:], lines: [hello], status: 0),
        Example(rules: ["NOOP": ["CLOSE"]], lines: ["NOOP"], status: 6),
        Example(rules: ["NOOP": ["RESET"]], lines: ["NOOP"], status: 6),
        Example(rules: ["GREETING": ["554 no"]], lines: ["NOOP"], status: 21),
        Example(rules: ["GREETING": ["CLOSE"]], lines: ["NOOP"], status: 21),
        Example(rules: ["EHLO": ["550 no"]], lines: [hello], status: 22),
        Example(rules: ["EHLO": ["CLOSE"]], lines: [hello], status: 22),
        Example(rules: ["MAIL": ["451 later"]], lines: ["MAIL FROM:<>"], status: 23),
        Example(rules: ["RCPT": ["550 5.1.1 no"]], lines: ["MAIL FROM:<>", "RCPT TO:<a@b>"], status: 24),
        Example(
            rules: ["RCPT": ["250 ok", "550 5.1.1 no"]], lines: ["MAIL FROM:<>", "RCPT TO:<a@b>", "RCPT TO:<c@d>"],
            status: 40),
        Example(rules: ["DATA": ["554 no"]], lines: ["DATA"], status: 25),
        Example(rules: ["DOT": ["554 no"]], lines: ["DATA", "Subject: x", "", "."], status: 26),
        Example(rules: ["DOT": ["CLOSE"]], lines: ["DATA", "."], status: 26),
        Example(rules: ["QUIT": ["500 no"]], lines: ["NOOP"], status: 27),
        Example(rules: ["AUTH": ["535 5.7.8 no"]], lines: ["AUTH PLAIN x"], status: 28),
        Example(rules: ["STARTTLS": ["454 no"]], lines: ["STARTTLS"], status: 29),
        Example(rules: [:], lines: ["NOOP"], status: 29, options: ["--tls"]),
        Example(rules: ["XCLIENT": ["550 no"]], lines: [":xclient ADDR=192.0.2.9"], status: 33),
        Example(rules: ["XCLIENT": ["550 no"]], lines: ["NOOP"], status: 33, options: ["--xclient", "ADDR=192.0.2.9"]),
        Example(
            rules: ["GREETING": ["CLOSE"]], lines: ["NOOP"], status: 36, options: ["--proxy-header", "PROXY UNKNOWN"]),
        Example(rules: [:], lines: ["NOOP", ":expect 5"], status: 41),
        Example(rules: ["NOOP": ["500 no"]], lines: ["NOOP"], status: 41),
        Example(rules: ["NOOP": ["250 ok\r\n250 more"]], lines: ["NOOP"], status: 42),
        Example(rules: ["NOOP": ["what?"]], lines: ["NOOP"], status: 42),
        Example(rules: ["NOOP": ["250-a\r\n251 b"]], lines: ["NOOP"], status: 42),
        Example(rules: ["STARTTLS": ["220 go\r\n250 injected"]], lines: ["STARTTLS"], status: 42),
        Example(rules: ["NOOP": ["STALL"]], lines: ["NOOP"], status: 43, options: ["--timeout", "200ms"]),
        Example(rules: ["GREETING": ["STALL"]], lines: ["NOOP"], status: 43, options: ["--timeout", "200ms"]),
        Example(rules: [:], lines: [":nosuch"], status: 1),
        Example(rules: [:], lines: [":source /no/such/file"], status: 1),
        Example(rules: [:], lines: ["NOOP\r\nRSET"], status: 1),
        Example(rules: [:], lines: ["NOOP\nRSET"], status: 1),
        Example(rules: [:], lines: ["DATA", "a\r.\rb"], status: 1),
        Example(rules: [:], lines: ["MAIL FROM:<>", ":rcpt a@b>\rRSET"], status: 1),
        Example(rules: [:], lines: ["DATA", "no end"], status: 1),
        Example(rules: ["EHLO": ["250 AUTH PLAIN"]], lines: [":auth PLAIN alice"], status: 1),
    ]

    @Test(arguments: examples)
    func `each failure has its status`(example: Example) async throws {
        let server = try await ScriptedServer.start(example.rules)
        let result = try await Script.run(server.target, example.lines, example.options)
        #expect(result.status == example.status, "\(result.output)\(result.errors)")
        #expect(result.errors.isEmpty == (example.status == 0), "\(result.errors)")
        #expect(!result.output.contains("\u{1B}") && !result.output.contains("injected"))
    }

    @Test func `EHLO inside TLS has a status of its own`() async throws {
        let server = try await ScriptedServer.start(
            ["EHLO": ["250-stub\r\n250 STARTTLS", "550 no"]], certificate: TestCertificate.path)
        let result = try await Script.run(server.target, ["NOOP"], ["--tls"])
        #expect(result.status == 32, "\(result.output)\(result.errors)")
    }

    @Test func `a certificate that is not good is refused where that is asked for, and said why`() async throws {
        let server = try await ScriptedServer.start(
            ["EHLO": ["250-stub\r\n250 STARTTLS", "250 stub"]], certificate: TestCertificate.path)
        let refused = try await Script.run(server.target, ["NOOP"], ["--tls", "--verify"])
        #expect(refused.status == 29)
        #expect(refused.errors.contains("self-signed"), "\(refused.errors)")
        let second = try await ScriptedServer.start(
            ["EHLO": ["250-stub\r\n250 STARTTLS", "250 stub"]], certificate: TestCertificate.path)
        let wrong = try await Script.run(
            second.target, ["NOOP"], ["--tls", "--ca", TestCertificate.path, "--name", "other.test"])
        #expect(wrong.status == 29)
        #expect(wrong.errors.contains("stub.test"), "\(wrong.errors)")
    }

    @Test func `nobody listens`() async throws {
        let result = try await Script.run("unix:/no/such/socket", ["NOOP"])
        #expect(result.status == 2)
        #expect(result.errors.hasPrefix("smtp-probe: cannot connect"), "\(result.errors)")
    }

    @Test(arguments: [
        ["--nosuch"], ["-4", "-6", "x"], ["a b"], ["-v", "-q", "x"], ["--timeout", "5d", "x"], ["x", "y"],
        ["--auth-password-file", "/x", "y"], ["--tls", "--no-tls", "x"], ["--xclient", "a\nb", "x"],
    ])
    func `a command line that is wrong`(arguments: [String]) async throws {
        let result = try await Script.run(arguments)
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        #expect(result.errors.hasPrefix("smtp-probe: ") && result.errors.split(separator: "\n").count == 1)
    }

    @Test func `no terminal, no input and no server is an error`() async throws {
        let result = try await Script.run([])
        #expect(result.status == 1)
        #expect(result.errors.contains("there is nothing to do"))
    }

    @Test func `a signal interrupts`() async throws {
        let server = try await ScriptedServer.start(["NOOP": ["STALL"]])
        for (signal, status) in [(SIGINT, 130), (SIGTERM, 143)] {
            let process = try ChildProcess([BuiltTool.path("smtp-probe"), "-c", "NOOP", server.target])
            #expect(try await server.line() == "NOOP")
            process.signal(signal)
            #expect(await onThread { process.wait() } == Int32(status))
        }
    }
}
