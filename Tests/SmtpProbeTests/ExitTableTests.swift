import Foundation
import ProcessSupport
import Testing

@testable import smtp_probe

typealias Status = smtp_probe.ExitStatus

@Suite("The table of exit statuses", .blocking)
struct ExitTableTests {
    /// A case in which `send` ends with a certain status.
    struct Example: Sendable {
        var rules: [String: [String]] = [:]
        var options: [String] = ["--to", "a@b.test"]
        /// Whether it is a script, where `send` never ends so; the options are its own then.
        var isScript = false
        /// Sent when the server hears NOOP or MAIL.
        var signal: Int32?
    }

    private static let startTLS = "250-stub\r\n250 STARTTLS"
    private static let to = ["--to", "a@b.test"]

    /// One for each status: a new one cannot be forgotten here.
    static func example(of status: Status) -> Example {
        switch status {
        case .done: Example()
        case .usage: Example(options: ["--nosuch"])
        case .connect: Example(options: to + ["--source", "192.0.2.1", "--connect-timeout", "60s"])
        case .closed: Example(rules: ["EHLO": ["250 stub\r\n421 4.3.2 closing"]])
        case .banner: Example(rules: ["GREETING": ["554 no"]])
        case .hello: Example(rules: ["EHLO": ["550 no"], "HELO": ["550 no"]])
        case .mail: Example(rules: ["MAIL": ["550 no"]])
        case .recipients: Example(rules: ["RCPT": ["550 no"]])
        case .data: Example(rules: ["DATA": ["550 no"]])
        case .content: Example(rules: ["DOT": ["550 no"]])
        case .quit: Example(rules: ["QUIT": ["550 no"]])
        case .authentication:
            Example(
                rules: ["EHLO": ["250-stub\r\n250 AUTH PLAIN"], "AUTH": ["535 no"]],
                options: to + ["--auth-user", "u", "--auth-password", "p", "--insecure-auth"])
        case .tls: Example(rules: ["EHLO": [startTLS], "STARTTLS": ["454 no"]], options: to + ["--tls"])
        case .helloAfterTLS:
            Example(rules: ["EHLO": [startTLS, "550 no"], "HELO": ["550 no"]], options: to + ["--tls"])
        case .xclient:
            Example(
                rules: ["EHLO": ["250-stub\r\n250 XCLIENT ADDR"], "XCLIENT": ["550 no"]],
                options: to + ["--xclient", "ADDR=192.0.2.9"])
        case .proxy: Example(rules: ["GREETING": ["CLOSE"]], options: to + ["--proxy-header", "PROXY UNKNOWN"])
        case .someRecipients: Example(rules: ["RCPT": ["250 ok", "550 no"]], options: to + ["--to", "c@d.test"])
        case .expectation: Example(options: ["-c", "NOOP", "-c", ":expect 5"], isScript: true)
        case .protocolViolation: Example(rules: ["MAIL": ["hello"]])
        case .timeout: Example(rules: ["MAIL": ["STALL"]], options: to + ["--timeout", "300ms"])
        case .temporary: Example(rules: ["MAIL": ["451 later"]], options: to + ["--exit-temp"])
        case .hungUp: Example(rules: ["NOOP": ["STALL"]], options: ["-c", "NOOP"], isScript: true, signal: SIGHUP)
        case .interrupted: Example(rules: ["MAIL": ["STALL"]], signal: SIGINT)
        case .terminated: Example(rules: ["MAIL": ["STALL"]], signal: SIGTERM)
        }
    }

    @Test(arguments: Status.allCases)
    func `each status comes of something`(status: Status) async throws {
        let example = Self.example(of: status)
        let server = try await ScriptedServer.start(example.rules, certificate: TestCertificate.path)
        let process = try ChildProcess(
            [Probe.path] + (example.isScript ? [] : ["send"]) + example.options + [server.target])
        if let signal = example.signal {
            while case let line = try await server.line(), !line.hasPrefix("MAIL"), line != "NOOP" {}
            process.signal(signal)
        }
        let end = await onThread { process.wait() }
        #expect(end == status.code, "\(process.standardError)")
    }

    @Test func `the manual has each status`() throws {
        let page = try String(contentsOfFile: "\(BuiltTool.project)/man/smtp-probe.1", encoding: .utf8)
        let table = try #require(
            page.components(separatedBy: ".Sh EXIT STATUS").last?.components(separatedBy: ".El").first)
        let numbers = Set(
            table.split(separator: "\n").filter { $0.hasPrefix(".It ") }.flatMap {
                $0.dropFirst(4).split { " ,".contains($0) }
            })
        for status in Status.allCases { #expect(numbers.contains("\(status.code)"), "\(status)") }
    }
}
