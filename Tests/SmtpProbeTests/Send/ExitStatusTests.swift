import Foundation
import ProcessSupport
import Testing

@Suite("The exit status of send", .blocking)
struct ExitStatusTests {
    /// A server's behaviour, options, and the status that they lead to.
    struct Case: Sendable, CustomTestStringConvertible {
        let rules: [String: [String]]
        var options: [String] = []
        let status: Int32
        /// The expected text on standard error.
        var reason: String?

        var testDescription: String { "\(status): \(rules) \(options)" }
    }

    private static let xclientOffer = ["EHLO": ["250-stub\r\n250-PIPELINING\r\n250 XCLIENT ADDR"]]
    private static let authOffer = ["EHLO": ["250-stub\r\n250 AUTH PLAIN"]]
    private static let login = ["--auth-user", "u", "--auth-password", "sesame"]
    private static let impatient = ["--timeout", "300ms"]

    static let cases: [Case] = [
        Case(rules: [:], status: 0),
        Case(rules: ["GREETING": ["220-wait\r\n220 stub"]], status: 0),
        Case(rules: ["EHLO": ["502 5.5.1 what?"]], status: 0),
        Case(rules: ["GREETING": ["554 5.7.1 no"]], status: 21, reason: "554 5.7.1 no"),
        Case(rules: ["GREETING": ["421 4.3.2 later"]], status: 21, reason: "later"),
        Case(rules: ["GREETING": ["CLOSE"]], status: 21),
        Case(rules: ["GREETING": ["RESET"]], status: 21),
        Case(rules: ["EHLO": ["550 no"], "HELO": ["550 no"]], status: 22),
        Case(rules: ["EHLO": ["CLOSE"]], status: 22),
        Case(rules: ["MAIL": ["550 5.7.1 not you"]], status: 23, reason: "not you"),
        Case(rules: ["MAIL": ["CLOSE"]], status: 23),
        Case(rules: [:], options: ["--notify", "never"], status: 24, reason: "DSN"),
        Case(rules: [:], options: ["--envid", "x"], status: 23, reason: "DSN"),
        Case(rules: [:], options: ["--mt-priority", "-3"], status: 23, reason: "MT-PRIORITY"),
        Case(rules: [:], options: ["--requiretls"], status: 23, reason: "REQUIRETLS"),
        Case(rules: [:], options: ["--smtputf8"], status: 23, reason: "SMTPUTF8"),
        Case(rules: ["RCPT": ["550 5.1.1 nobody"]], status: 24, reason: "nobody"),
        Case(rules: ["RCPT": ["RESET"]], status: 24),
        Case(rules: ["RCPT": ["421 4.3.2 bye"]], status: 24),
        Case(rules: ["RCPT": ["550 5.1.1 nobody"]], options: ["--pipeline"], status: 24),
        Case(rules: ["DATA": ["554 no"]], status: 25),
        Case(rules: [:], options: ["--bdat"], status: 23, reason: "CHUNKING"),
        Case(rules: ["DOT": ["554 5.6.0 spam"]], status: 26, reason: "spam"),
        Case(rules: ["DOT": ["CLOSE"]], status: 26),
        Case(rules: ["QUIT": ["500 no"]], status: 27),
        Case(rules: ["QUIT": ["CLOSE"]], status: 27),
        Case(rules: authOffer, options: login, status: 28, reason: "not sent without TLS"),
        Case(
            rules: authOffer.merging(["AUTH": ["535 5.7.8 wrong"]]) { $1 }, options: login + ["--insecure-auth"],
            status: 28,
            reason: "wrong"),
        Case(
            rules: authOffer.merging(["AUTH": ["235 2.7.0 ok"]]) { $1 }, options: login + ["--insecure-auth"], status: 0
        ),
        Case(
            rules: [:], options: login, status: 28, reason: "the server does not offer AUTH (in clear; try --tls)\n"),
        Case(
            rules: authOffer, options: login + ["--auth-mechanism", "cram-md5"], status: 28,
            reason: "does not offer AUTH CRAM-MD5, only PLAIN (in clear; try --tls)\n"),
        Case(
            rules: ["EHLO": ["250-stub\r\n250 AUTH EXTERNAL XOAUTH2"]], options: login, status: 28,
            reason: "AUTH with a mechanism for passwords, only EXTERNAL, XOAUTH2 (in clear"),
        Case(rules: [:], options: ["--tls"], status: 29, reason: "STARTTLS"),
        Case(rules: [:], options: ["--tls-optional"], status: 0),
        Case(
            rules: ["EHLO": ["250-stub\r\n250 STARTTLS"], "STARTTLS": ["454 4.7.0 not now"]], options: ["--tls"],
            status: 29),
        Case(rules: ["GREETING": ["220 no TLS here"]], options: ["--implicit-tls"], status: 29),
        Case(
            rules: ["EHLO": ["250-stub\r\n250 STARTTLS", "550 go away"], "HELO": ["550 go away"]], options: ["--tls"],
            status: 32, reason: "go away"),
        Case(
            rules: xclientOffer.merging(["XCLIENT": ["550 5.7.0 no"]]) { $1 },
            options: ["--xclient", "ADDR=192.0.2.9"],
            status: 33),
        Case(
            rules: xclientOffer.merging(["XCLIENT": ["220 stub"]]) { $1 }, options: ["--xclient", "ADDR=192.0.2.9"],
            status: 0),
        Case(rules: [:], options: ["--xclient", "ADDR=192.0.2.9"], status: 33, reason: "XCLIENT"),
        Case(
            rules: ["GREETING": ["CLOSE"]], options: ["--proxy-header", "PROXY TCP4 192.0.2.9 192.0.2.1 4711 25"],
            status: 36),
        Case(
            rules: ["RCPT TO:<bad@": ["550 5.1.1 nobody"]], options: ["--to", "bad@b.test"], status: 40,
            reason: "1 of 2"),
        Case(
            rules: ["RCPT TO:<bad@": ["550 5.1.1 nobody"]], options: ["--to", "bad@b.test", "--partial-ok"], status: 0),
        Case(
            rules: ["EHLO": ["250-stub\r\n250 STARTTLS"], "STARTTLS": ["220 go\r\n250 INJECTED"]], options: ["--tls"],
            status: 42),
        Case(rules: ["MAIL": ["250 ok\r\n250 and one more"]], status: 42, reason: "nobody asked"),
        Case(rules: ["DOT": ["250 ok\r\n250 and one more"]], status: 42, reason: "nobody asked"),
        Case(rules: ["MAIL": ["hello there"]], status: 42),
        Case(rules: ["MAIL": ["250-one\r\n251 two"]], status: 42),
        Case(rules: ["MAIL": ["FLOOD"]], status: 42),
        Case(rules: ["DATA": ["250 fine"]], status: 42),
        Case(rules: ["GREETING": ["STALL"]], options: impatient, status: 43, reason: "too long"),
        Case(rules: ["EHLO": ["STALL"]], options: impatient, status: 43),
        Case(rules: ["MAIL": ["STALL"]], options: impatient, status: 43),
        Case(rules: ["RCPT": ["STALL"]], options: impatient, status: 43),
        Case(rules: ["DATA": ["STALL"]], options: impatient, status: 43),
        Case(rules: ["DOT": ["STALL"]], options: impatient, status: 43),
        Case(rules: ["QUIT": ["STALL"]], options: impatient, status: 43),
        Case(
            rules: ["EHLO": ["250-stub\r\n250 STARTTLS"], "STARTTLS": ["STALL"]], options: ["--tls"] + impatient,
            status: 43),
        Case(rules: ["GREETING": ["STALL"]], options: ["--implicit-tls"] + impatient, status: 43),
        Case(rules: ["RCPT": ["451 4.7.1 greylisted"]], options: ["--exit-temp"], status: 75),
        Case(rules: ["RCPT": ["550 5.1.1 nobody"]], options: ["--exit-temp"], status: 24),
        Case(rules: ["GREETING": ["STALL"]], options: ["--exit-temp"] + impatient, status: 75),
        Case(rules: ["RCPT": ["451 4.7.1 greylisted"]], options: ["--nagios"], status: 1),
        Case(rules: ["RCPT": ["550 5.1.1 nobody"]], options: ["--nagios"], status: 2),
        Case(rules: ["GREETING": ["STALL"]], options: ["--nagios"] + impatient, status: 2),
        Case(rules: [:], options: ["--nagios"], status: 0),
    ]

    @Test(arguments: cases)
    func `tells where it ended`(_ theCase: Case) async throws {
        let server = try await ScriptedServer.start(theCase.rules, certificate: TestCertificate.path)
        let result = try await Probe.send(["--to", "a@b.test", server.target] + theCase.options)
        #expect(result.status == theCase.status, "\(result.output)\(result.errors)")
        if let reason = theCase.reason { #expect(result.errors.contains(reason)) }
        #expect(!(result.output + result.errors).contains("sesame"))
        let isQuiet = theCase.options.contains("--nagios")
        #expect(result.output.split(separator: "\n").count == 1 || !isQuiet)
        if theCase.status != 0, !isQuiet { #expect(result.errors.contains("smtp-probe: ")) }
    }

    /// The same dialogues, as JSON: a document whatever comes of them.
    @Test(arguments: cases.filter { !$0.options.contains("--nagios") })
    func `and so does the document`(_ theCase: Case) async throws {
        let server = try await ScriptedServer.start(theCase.rules, certificate: TestCertificate.path)
        let result = try await Probe.send(["--to", "a@b.test", server.target, "--json"] + theCase.options)
        #expect(result.status == theCase.status, "\(result.output)\(result.errors)")
        let document = try await Probe.document(result.output)
        #expect(Set(document.keys) == JSONDocumentTests.keys)
        let verdict = try #require(document["result"] as? [String: Any])
        #expect(verdict["exit"] as? Int == Int(theCase.status))
        #expect(verdict["ok"] as? Bool == (theCase.status == 0))
        #expect(
            ((verdict["reason"] as? String) == nil)
                == (theCase.status == 0 && !theCase.options.contains("--partial-ok")))
        #expect(!result.output.contains("sesame"))
    }

    @Test(arguments: [
        ["192.0.2.1"], ["--to", "a@b.test"], ["--to", "not an address", "127.0.0.1"], ["--to", "<>", "127.0.0.1"],
        ["--to", "a@b.test\r\nRSET", "127.0.0.1"], ["--to", "a@b.test", "--header", "X: a\r\nBcc: x@y", "127.0.0.1"],
        ["--to", "a@b.test", "--header", "no colon", "127.0.0.1"],
        ["--to", "a@b.test", "--subject", "a\nb", "127.0.0.1"],
        ["--to", "a@b.test", "--body", "@/nonexistent", "127.0.0.1"],
        ["--to", "a@b.test", "--attach", "/nonexistent", "--dump"],
        ["--to", "a@b.test", "--data", "-", "--subject", "x", "127.0.0.1"], ["--to", "-", "--body", "-", "127.0.0.1"],
        ["--to", "a@b.test", "--notify", "never,delay", "127.0.0.1"],
        ["--to", "a@b.test", "--mt-priority", "10", "127.0.0.1"],
        ["--to", "a@b.test", "--quit-after", "data", "127.0.0.1"],
        ["--to", "a@b.test", "--auth-user", "u", "127.0.0.1"],
        ["--to", "a@b.test", "--orcpt", "x", "--orcpt", "y", "127.0.0.1"],
        ["--to", "a@b.test", "--quit-after", "mail", "--drop-after", "mail", "127.0.0.1"],
    ])
    func `a wrong command line is told at once`(arguments: [String]) async throws {
        let result = try await Probe.send(arguments)
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("smtp-probe: "))
        #expect(result.errors.split(separator: "\n").count == 1)
        let asJSON = try await Probe.send(arguments + ["--json"])
        #expect(asJSON.status == 1)
        let document = try await Probe.document(asJSON.output)
        #expect((document["result"] as? [String: Any])?["exit"] as? Int == 1)
        #expect(try await Probe.send(arguments + ["--nagios"]).status == 3)
    }

    @Test func `nothing is asked for when standard input is empty`() async throws {
        let result = try await onThread { () throws -> Probe.Result in
            let none = open("/dev/null", O_RDONLY)
            defer { close(none) }
            let process = try ChildProcess([Probe.path, "send", "127.0.0.1"], descriptors: [0: none])
            return Probe.Result(status: process.wait(atMost: 30), output: "", errors: process.standardError)
        }
        #expect(result.status == 1)
        #expect(result.errors.contains("--to"))
    }

    @Test func `nobody there is 2, and so is a name that does not exist`() async throws {
        #expect(try await Probe.send(["--to", "a@b.test", "127.0.0.1:1"]).status == 2)
        #expect(try await Probe.send(["--to", "a@b.test", "unix:/nonexistent"]).status == 2)
        let names = try await TestNameServer.start(["--local=/test/"])
        let result = try await Probe.send(["--to", "a@b.test", "mx.test", "--resolver", names.endpoint, "--json"])
        #expect(result.status == 2)
        #expect((try await Probe.document(result.output)["result"] as? [String: Any])?["stage"] as? String == "resolve")
    }

    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func `a signal ends it with a document`(signal: Int32, status: Int32) async throws {
        let server = try await ScriptedServer.start(["MAIL": ["STALL"]])
        let process = try ChildProcess([Probe.path, "send", "--to", "a@b.test", server.target, "--json"])
        while try await !server.line().hasPrefix("MAIL") {}
        process.signal(signal)
        let end = await onThread { process.wait() }
        #expect(end == status)
        let document = try await Probe.document(String(decoding: process.standardOutput, as: UTF8.self))
        #expect((document["result"] as? [String: Any])?["exit"] as? Int == Int(status))
    }
}
