import Foundation
import ProcessSupport
import Testing

@testable import smtp_probe

@Suite("Checks of a server", .blocking)
struct ServerCheckTests {
    typealias Case = (id: String, rules: [String: [String]], verdict: String)

    private static let hello = "250-mx.stub.test\r\n250"
    private static let secured = "250-mx.stub.test\r\n250-STARTTLS\r\n250 AUTH PLAIN"

    /// Replies of a server that otherwise says yes to everything, and the verdict on them.
    static let cases: [Case] = [
        ("banner", ["GREETING": ["220 mx.stub.test ESMTP"]], "pass"), ("banner", [:], "warn"),
        ("banner", ["GREETING": ["554 5.7.1 no"]], "fail"),
        ("banner", ["GREETING": ["421 4.3.2 later"]], "inconclusive"),
        ("banner", ["GREETING": ["CLOSE"]], "inconclusive"),
        ("ehlo", [:], "pass"), ("ehlo", ["EHLO": ["500 no"]], "warn"),
        ("ehlo", ["EHLO": ["500 no"], "HELO": ["500 no"]], "fail"), ("ehlo", ["EHLO": ["450 later"]], "inconclusive"),
        ("helo", [:], "pass"), ("helo", ["HELO": ["500 no"]], "fail"),
        ("helo", ["HELO": ["450 later"]], "inconclusive"),
        ("caps.sane", [:], "pass"), ("caps.sane", ["EHLO": ["\(hello)-SIZE big\r\n250 PIPELINING"]], "fail"),
        ("caps.sane", ["EHLO": ["\(hello)-PIPELINING\r\n250 PIPELINING"]], "warn"),
        ("caps.sane", ["EHLO": ["\(hello) XXXXXXXA"]], "warn"), ("caps.sane", ["EHLO": ["RESET"]], "inconclusive"),
        ("enhanced.codes", [:], "skipped"),
        ("relay.null", [:], "fail"), ("relay.null", ["RCPT": ["550 5.7.1 no"]], "pass"),
        ("relay.null", ["RCPT": ["450 4.7.1 later"]], "inconclusive"), ("relay.null", ["MAIL": ["550 no"]], "pass"),
        ("relay.foreign", [:], "fail"), ("relay.foreign", ["RCPT": ["550 5.7.1 no"]], "pass"),
        ("relay.foreign", ["MAIL": ["450 later"]], "inconclusive"),
        ("relay.forms", [:], "fail"), ("relay.forms", ["RCPT": ["550 5.7.1 no"]], "pass"),
        ("relay.forms", ["RCPT": ["450 4.7.1 later"]], "inconclusive"),
        ("vrfy", ["VRFY": ["252 try it"]], "pass"), ("vrfy", ["VRFY": ["250 Ann <ann@stub.test>"]], "warn"),
        ("vrfy", ["VRFY": ["421 later"]], "inconclusive"),
        ("expn", ["EXPN": ["502 no"]], "pass"), ("expn", ["EXPN": ["250 Ann <ann@stub.test>"]], "warn"),
        ("expn", ["EXPN": ["450 later"]], "inconclusive"),
        ("postmaster", [:], "pass"), ("postmaster", ["RCPT": ["550 no"]], "fail"),
        ("postmaster", ["RCPT": ["450 greylisted"]], "inconclusive"),
        ("postmaster", ["MAIL": ["530 5.7.0 login"]], "inconclusive"),
        ("abuse", [:], "pass"), ("abuse", ["RCPT": ["550 no"]], "warn"), ("abuse", ["RCPT": ["CLOSE"]], "inconclusive"),
        ("8bitmime", [:], "skipped"), ("8bitmime", ["EHLO": ["\(hello) 8BITMIME"]], "pass"),
        ("8bitmime", ["EHLO": ["\(hello) 8BITMIME"], "MAIL": ["555 no"]], "fail"),
        ("smtputf8", [:], "warn"), ("smtputf8", ["MAIL": ["553 5.6.7 no"]], "pass"),
        ("smtputf8", ["EHLO": ["\(hello) SMTPUTF8"], "MAIL": ["553 no"]], "fail"),
        ("smtputf8", ["MAIL": ["451 later"]], "inconclusive"),
        ("chunking", [:], "skipped"), ("chunking", ["EHLO": ["\(hello) CHUNKING"]], "fail"),
        ("size", [:], "skipped"), ("size", ["EHLO": ["\(hello) SIZE 1000"]], "warn"),
        ("size", ["EHLO": ["\(hello) SIZE 1000"], "MAIL": ["552 5.3.4 too large"]], "pass"),
        ("size", ["EHLO": ["\(hello) SIZE 1000"], "MAIL": ["451 later"]], "inconclusive"),
        ("params", [:], "warn"), ("params", ["MAIL": ["555 no"]], "pass"),
        ("params", ["MAIL": ["450 later"]], "inconclusive"),
        ("limits", [:], "pass"), ("limits", ["NOOP": ["250 ok", "500 too long"]], "warn"),
        ("limits", ["NOOP": ["CLOSE"]], "inconclusive"),
        ("state", [:], "fail"), ("state", ["MAIL": ["450 later"]], "inconclusive"),
        ("pipe.order", ["EHLO": ["250 stub"]], "skipped"), ("pipe.order", ["MAIL": ["450 later"]], "inconclusive"),
        ("pregreet", [:], "skipped"), ("bare.cr", [:], "skipped"), ("bare.lf", [:], "skipped"),
        ("smuggle.lf-dot-lf", [:], "skipped"),
        ("tls.offered", [:], "warn"), ("tls.offered", ["EHLO": ["\(hello) STARTTLS"]], "pass"),
        ("tls.offered", ["EHLO": ["\(hello) STARTTLS"], "STARTTLS": ["500 no"]], "fail"),
        ("tls.offered", ["EHLO": ["\(hello) STARTTLS"], "STARTTLS": ["454 later"]], "inconclusive"),
        ("tls.required", [:], "skipped"), ("tls.required", ["EHLO": ["\(hello) STARTTLS"]], "pass"),
        ("tls.required", ["EHLO": ["\(hello) STARTTLS"], "MAIL": ["530 Must issue a STARTTLS command first"]], "warn"),
        ("tls.required", ["EHLO": ["\(hello) STARTTLS"], "MAIL": ["451 later"]], "inconclusive"),
        ("tls.reset", [:], "skipped"), ("tls.reset", ["EHLO": ["\(hello) STARTTLS"]], "fail"),
        ("tls.inject-server", [:], "skipped"), ("tls.inject-client", [:], "skipped"),
        ("tls.inject-client", ["EHLO": ["\(hello) STARTTLS"]], "pass"),
        ("tls.inject-client", ["EHLO": ["\(hello) STARTTLS"], "STARTTLS": ["220 go\r\n250 injected"]], "fail"),
        ("tls.version", [:], "skipped"),
        ("tls.version", ["EHLO": ["\(hello) STARTTLS"], "STARTTLS": ["454 later"]], "inconclusive"),
        ("tls.cipher", [:], "skipped"),
        ("tls.cipher", ["EHLO": ["\(hello) STARTTLS"], "STARTTLS": ["454 later"]], "inconclusive"),
        ("cert.trust", [:], "skipped"), ("cert.expiry", [:], "skipped"), ("cert.key", [:], "skipped"),
        ("cert.name", [:], "skipped"),
        ("dane.records", [:], "skipped"), ("dane.match", [:], "skipped"), ("mta-sts.certificate", [:], "skipped"),
        ("auth.mechanisms", [:], "skipped"), ("auth.mechanisms", ["EHLO": ["\(hello) AUTH PLAIN"]], "info"),
        ("auth.clear", [:], "skipped"), ("auth.clear", ["EHLO": ["\(hello) AUTH PLAIN"]], "warn"),
        ("auth.clear", ["EHLO": ["\(hello) AUTH CRAM-MD5"]], "pass"),
        ("auth.unknown", [:], "skipped"), ("auth.unknown", ["EHLO": ["\(hello) AUTH PLAIN"]], "fail"),
        ("auth.unknown", ["EHLO": ["\(hello) AUTH PLAIN"], "AUTH": ["504 no"]], "pass"),
        ("auth.unknown", ["EHLO": ["\(hello) AUTH PLAIN"], "AUTH": ["454 later"]], "inconclusive"),
        ("auth.cancel", [:], "skipped"),
        ("auth.cancel", ["EHLO": ["\(hello) AUTH PLAIN"], "AUTH": ["504 no"]], "inconclusive"),
        ("auth.cancel", ["EHLO": ["\(hello) AUTH PLAIN"], "AUTH": ["334 "]], "fail"),
        ("auth.mechanisms", ["EHLO": ["CLOSE"]], "inconclusive"), ("8bitmime", ["EHLO": ["CLOSE"]], "inconclusive"),
        ("auth.enumeration", [:], "skipped"),
        ("auth.enumeration", ["EHLO": ["\(secured)"], "AUTH": ["235 2.7.0 welcome"]], "fail"),
        ("auth.enumeration", ["EHLO": ["\(secured)"], "AUTH": ["535 5.7.8 no"]], "info"),
        ("auth.enumeration", ["EHLO": ["\(secured)"], "AUTH": ["454 4.7.0 later"]], "inconclusive"),
    ]

    @Test(arguments: cases) func `replies have their verdict`(entry: Case) async throws {
        let server = try await ScriptedServer.start(entry.rules, certificate: TestCertificate.path)
        let verdict = try await CheckTool.verdict(entry.id, server.target, ["--domain", "stub.test"])
        #expect(verdict.hasPrefix("\(entry.verdict): "), "\(entry.id) \(entry.rules): \(verdict)")
    }

    /// Checks that see a fault of a server which is otherwise as it should be.
    static let faults: [(id: String, faults: FaultyServer.Faults, options: [String], verdict: String)] = [
        ("tls.inject-server", .init(inject: true), [], "fail"), ("pipe.order", .init(flush: true), [], "fail"),
        ("chunking", .init(chunk: true), [], "fail"),
        ("bare.cr", .init(cr: true), ["--active"], "warn"), ("pregreet", .init(pregreet: true), ["--active"], "info"),
        ("smuggle.lf-dot-lf", .init(), ["--active", "--rcpt", "nobody@stub.test"], "inconclusive"),
        ("tls.version", .init(minimum: "TLSv1", ciphers: "ALL:@SECLEVEL=0"), [], "warn"),
        ("tls.version", .init(minimum: "TLSv1", ciphers: "ALL:@SECLEVEL=0"), ["--role", "submission"], "fail"),
        ("tls.version", .init(minimum: "TLSv1", maximum: "TLSv1_1", ciphers: "ALL:@SECLEVEL=0"), [], "fail"),
        ("tls.cipher", .init(maximum: "TLSv1_2", ciphers: "ALL:eNULL:@SECLEVEL=0"), [], "fail"),
        ("tls.cipher", .init(maximum: "TLSv1_2", ciphers: "ALL:@SECLEVEL=0"), [], "info"),
        ("tls.cipher", .init(maximum: "TLSv1_2", ciphers: "ALL:@SECLEVEL=0"), ["--role", "submission"], "fail"),
        ("tls.version", .init(implicit: true), ["--role", "submission"], "inconclusive"),
    ]

    @Test(arguments: faults) func `a planted fault is found`(
        entry: (id: String, faults: FaultyServer.Faults, options: [String], verdict: String)
    ) async throws {
        let server = try await FaultyServer.start(entry.faults)
        let options = ["--domain", "stub.test", "--timeout", "5s"] + entry.options
        let verdict = try await CheckTool.verdict(entry.id, server.target, options)
        #expect(verdict.hasPrefix("\(entry.verdict): "), "\(entry.id): \(verdict)")
    }

    @Test(arguments: EndSequence.all) func `a sequence that ends a message is found`(sequence: EndSequence) async throws
    {
        let text = String(decoding: sequence.octets, as: UTF8.self)
        let server = try await FaultyServer.start(.init(ends: [text]))
        let verdict = try await CheckTool.verdict(
            "smuggle.\(sequence.name)", server.target, ["--active", "--domain", "stub.test"])
        #expect(verdict.hasPrefix(sequence.isStuffed ? "warn: " : "fail: "), "\(verdict)")
    }

    @Test func `a relay that refuses at DATA is none, which only --active shows`() async throws {
        let server = try await ScriptedServer.start(["DATA": ["554 5.7.1 no"]])
        #expect(try await CheckTool.verdict("relay.null", server.target).hasPrefix("fail: "))
        #expect(
            try await CheckTool.verdict("relay.null", server.target, ["--active"]).hasPrefix("pass: accepted at RCPT"))
    }

    @Test func `a text line that is refused, or makes the server close, is found`() async throws {
        let options = ["--active", "--only", "limits"]
        let server = try await FaultyServer.start()
        let patient = try await CheckTool.run(options + ["--domain", "stub.test", server.target])
        #expect(patient.verdicts["limits"] == "pass" && patient.detail("limits").contains("a text line of 998 bytes"))
        #expect(!(try await server.finish()).contains("queued"))
        let cutter = try Companion.python(Self.lineCutter)
        for verdict in ["warn: a text line of 998 bytes is answered", "warn: the server closes the connection"] {
            let target = "127.0.0.1:\(try await cutter.line())"
            let found = try await CheckTool.verdict("limits", target, ["--active"])
            #expect(found.hasPrefix(verdict), "\(found)")
        }
    }

    /// A server that cannot bear text lines of more than 500 bytes: on one port it says so, on the other it closes.
    private static let lineCutter = """
        import socket, sys, threading
        def serve(c, speaks):
            f = c.makefile('rwb', 0); content = False
            f.write(b'220 stub\\r\\n')
            for line in f:
                if content and len(line) > 500:
                    if speaks: f.write(b'500 5.5.6 line too long\\r\\n')
                    else: c.shutdown(socket.SHUT_RDWR)
                    return
                if content: continue
                content = line.startswith(b'DATA')
                f.write(b'354 go\\r\\n' if content else b'250 ok\\r\\n')
        def listen(speaks):
            s = socket.create_server(('127.0.0.1', 0))
            print(s.getsockname()[1], flush=True)
            def accept():
                while True: threading.Thread(target=serve, args=(s.accept()[0], speaks), daemon=True).start()
            threading.Thread(target=accept, daemon=True).start()
        listen(True); listen(False)
        sys.stdin.read()
        """

    @Test func `what is for --active is skipped without it, and the time of the run leaves all open`() async throws {
        let server = try await FaultyServer.start()
        let run = try await CheckTool.run(["--only", "smuggle,pregreet,bare", "--domain", "stub.test", server.target])
        #expect(run.verdicts.count == 13 && Set(run.verdicts.values) == ["skipped"])
        // Where that time is over, which is chance: before the look-up, the connection or the greeting.
        for _ in 0..<5 {
            let late = try await CheckTool.run(["--only", "connect,banner", "--deadline", "1ms", server.target])
            #expect(late.verdicts["banner"] == "inconclusive" && late.status == 43, "\(late.verdicts) \(late.status)")
            #expect(late.verdicts["connect"] != "fail")
        }
    }

    @Test func `a lone LF that ends a command is found`() async throws {
        let server = try await ScriptedServer.start()
        let run = try await CheckTool.run(["--active", "--only", "bare", server.target])
        #expect(run.verdicts == ["bare.lf": "warn", "bare.cr": "pass"])
        let silent = try await ScriptedServer.start(["NOOP": ["421 later"]])
        let other = try await CheckTool.run(["--active", "--only", "bare", "--timeout", "5s", silent.target])
        #expect(other.verdicts["bare.lf"] == "inconclusive", "\(other.detail("bare.lf"))")
    }

    @Test func `replies without an enhanced code, or of another class, are told`() async throws {
        let hello = "\(Self.hello) ENHANCEDSTATUSCODES"
        for (reply, verdict) in [("252 2.0.0 try", "pass"), ("252 try", "warn"), ("252 5.0.0 try", "warn")] {
            let server = try await ScriptedServer.start(["EHLO": [hello], "VRFY": [reply]])
            let run = try await CheckTool.run(["--only", "vrfy,enhanced.codes", server.target])
            #expect(run.verdicts["enhanced.codes"] == verdict, "\(reply): \(run.detail("enhanced.codes"))")
        }
        let server = try await ScriptedServer.start(["EHLO": [hello]])
        #expect(try await CheckTool.verdict("enhanced.codes", server.target).hasPrefix("inconclusive: "))
    }

    @Test func `a server that keeps all rules passes them all`() async throws {
        let server = try await FaultyServer.start()
        let run = try await CheckTool.run([
            "--active", "--domain", "stub.test", "--rcpt", "ann@stub.test", "--name", "stub.test", "--ca",
            TestCertificate.authority, server.target,
        ])
        let expected: Set<String> = ["pass", "info", "skipped"]
        for check in run.checks {
            let id = check["id"] as? String ?? ""
            let verdict = check["verdict"] as? String ?? ""
            // The address of the test has a name or not, and its certificate ends in 30 days.
            guard id != "dns.ptr", id != "cert.expiry" else { continue }
            #expect(expected.contains(verdict), "\(id): \(verdict), \(check["detail"] ?? "")")
            if verdict == "skipped" {
                #expect(id.hasPrefix("dns.") || id.hasPrefix("mta-sts.") || id.hasPrefix("dane."), "\(id)")
            }
        }
        #expect(run.status == 0)
        let seen = try await server.finish()
        #expect(!seen.contains("queued"))
    }
}
