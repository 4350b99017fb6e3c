import Foundation
import ProcessSupport
import Testing

@Suite("Checks of real servers", .blocking)
struct RealServerCheckTests {
    private static let options = ["--domain", "mta.example", "--name", "stub.test", "--ca", TestCertificate.authority]

    /// Runs the default checks, and expects no failure but those named.
    private static func run(_ target: String, failing: Set<String> = [], _ more: [String] = []) async throws
        -> CheckTool.Run
    {
        let run = try await CheckTool.run(options + more + [target])
        for check in run.checks where check["verdict"] as? String == "fail" {
            let id = check["id"] as? String ?? ""
            #expect(failing.contains(id), "\(id): \(check["detail"] ?? "")")
        }
        for id in failing { #expect(run.verdicts[id] == "fail", "\(id): \(run.detail(id))") }
        return run
    }

    // MARK: Postfix

    @Test func `a Postfix with its defaults has no failure, and keeps no message`() async throws {
        let server = try PostfixServer(certificate: TestCertificate.signed)
        let run = try await Self.run(server.target, ["--skip", "smuggle", "--active"])
        #expect(run.verdicts["tls.offered"] == "pass" && run.verdicts["state"] == "pass", "\(run.detail("state"))")
        #expect(run.verdicts["pipe.order"] == "pass", "\(run.detail("pipe.order"))")
        #expect(run.verdicts["cert.trust"] == "pass" && run.verdicts["enhanced.codes"] == "pass")
        #expect(try server.awaitEmptyQueues().isEmpty)
    }

    @Test func `a Postfix that relays for everyone is found`() async throws {
        let server = try PostfixServer(certificate: TestCertificate.signed, ["mynetworks = 127.0.0.0/8"])
        _ = try await Self.run(
            server.target, failing: ["relay.null", "relay.foreign", "relay.forms"], ["--only", "relay"])
    }

    @Test func `a Postfix without TLS, and one with old TLS, are found`() async throws {
        let clear = try PostfixServer(certificate: TestCertificate.signed, ["smtpd_tls_security_level = none"])
        #expect(try await CheckTool.verdict("tls.offered", clear.target).hasPrefix("warn: "))
        let submission = try await CheckTool.verdict("tls.offered", clear.target, ["--role", "submission"])
        #expect(submission.hasPrefix("fail: "), "\(submission)")
        let old = try PostfixServer(
            certificate: TestCertificate.signed,
            [
                "smtpd_tls_protocols = TLSv1, TLSv1.1", "tls_medium_cipherlist = ALL:@SECLEVEL=0",
                "tls_high_cipherlist = ALL:@SECLEVEL=0",
            ])
        _ = try await Self.run(old.target, failing: ["tls.version"], ["--only", "tls.version"])
    }

    @Test func `a Postfix that requires TLS of everyone is warned about`() async throws {
        let server = try PostfixServer(certificate: TestCertificate.signed, ["smtpd_tls_security_level = encrypt"])
        let verdict = try await CheckTool.verdict("tls.required", server.target)
        #expect(verdict.hasPrefix("warn: "), "\(verdict)")
    }

    // MARK: Exim

    /// Access rules of a server that takes mail for its own domain only.
    private static let closed =
        "accept domains = mta.example\n         local_parts = postmaster : abuse\n  require message = relay not permitted\n"
        + "          domains = mta.example\n  deny message = unknown user"

    @Test func `an Exim that serves its domain only has no failure`() async throws {
        let server = try await EximServer.start(certificate: TestCertificate.signed, recipients: Self.closed)
        let run = try await Self.run(server.target, ["--active"])
        #expect(run.verdicts["tls.offered"] == "pass" && run.verdicts["state"] == "pass", "\(run.detail("state"))")
        #expect(run.verdicts["relay.forms"] == "pass" && run.verdicts["pipe.order"] == "pass")
        #expect(try server.awaitEmptyQueue().isEmpty)
        #expect(!server.log.contains(" <= "), "\(server.log)")
    }

    @Test func `an Exim that relays, and asks for passwords in clear, is found`() async throws {
        let server = try await EximServer.start(
            certificate: TestCertificate.signed, settings: ["auth_advertise_hosts": "*"], recipients: "accept")
        _ = try await Self.run(
            server.target, failing: ["relay.foreign", "auth.clear"],
            ["--only", "relay.foreign,auth.clear", "--role", "submission"])
    }

    // MARK: OpenSMTPD

    @Test func `an OpenSMTPD without TLS has no failure`() async throws {
        let server = try OpenSMTPDServer()
        // Debian's OpenSMTPD 6.8 takes LF . LF for the end of a message, and would keep one.
        let run = try await Self.run(server.target, ["--skip", "smuggle", "--active"])
        #expect(try server.awaitEmptyQueue().isEmpty)
        #expect(!server.log.contains("smtp message"), "\(server.log)")
        #expect(run.verdicts["tls.offered"] == "warn" && run.verdicts["postmaster"] == "pass")
        #expect(run.verdicts["relay.forms"] == "pass" && run.verdicts["pipe.order"] == "skipped")
    }

    /// Debian's OpenSMTPD 6.8 cannot sign with OpenSSL 3, so that all of its handshakes fail.
    @Test func `an OpenSMTPD whose handshakes fail is found, and nothing is concluded from that`() async throws {
        let server = try OpenSMTPDServer(listener: "tls pki stub.test", certificate: TestCertificate.signed)
        let tls = try await Probe.send(["--to", "postmaster@mta.example", "--tls", server.target])
        try #require(tls.status == 29, "this OpenSMTPD can do TLS: \(tls.output)")
        let run = try await Self.run(server.target, failing: ["tls.offered"])
        #expect(run.verdicts["tls.version"] == "inconclusive", "\(run.detail("tls.version"))")
        #expect(run.verdicts["tls.inject-server"] == "inconclusive", "\(run.detail("tls.inject-server"))")
    }

    // MARK: Dovecot

    @Test func `a Dovecot for submission has no failure`() async throws {
        let server = try DovecotServer(certificate: TestCertificate.signed, relay: 1)
        let run = try await Self.run(server.target, ["--role", "submission", "--source", "127.0.0.2"])
        #expect(run.verdicts["tls.offered"] == "pass", "\(run.detail("tls.offered"))")
        #expect(run.verdicts["auth.clear"] == "pass", "\(run.detail("auth.clear"))")
        #expect(run.verdicts["chunking"] == "inconclusive", "\(run.detail("chunking"))")
    }

    @Test func `a Dovecot for LMTP has no failure`() async throws {
        let server = try DovecotServer(certificate: TestCertificate.signed, relay: 1)
        let run = try await Self.run(server.lmtp, ["--lmtp", "--rcpt", "ann@mta.example"])
        #expect(run.verdicts["ehlo"] == "pass" && run.verdicts["helo"] == "skipped")
        #expect(run.verdicts["relay.forms"] == "skipped" && run.verdicts["state"] != "inconclusive")
    }

    // MARK: smtpd-lite

    @Test func `smtpd-lite that serves one domain has no failure`() async throws {
        let server = try await LiteServer.start(["--accept-rcpt", "(@mta[.]example|^postmaster)$"])
        let run = try await Self.run(server.target, ["--active", "--rcpt", "ann@mta.example"])
        #expect(run.verdicts["smuggle.lf-dot-lf"] == "pass" && run.verdicts["chunking"] == "pass")
    }

    // MARK: Agreement

    @Test func `sslyze sees the same versions`() async throws {
        let server = try PostfixServer(
            certificate: TestCertificate.signed, ["smtpd_tls_protocols = !SSLv2, !SSLv3, !TLSv1, !TLSv1.1"])
        let own = try await CheckTool.verdict("tls.version", server.target)
        #expect(own == "pass: TLSv1.2, TLSv1.3")
        let folder = try TemporaryFolder()
        let sslyze = try await onThread {
            try ChildProcess.run([
                "\(BuiltTool.project)/.build-venv/bin/sslyze", "--starttls=smtp", "--tlsv1", "--tlsv1_1", "--tlsv1_2",
                "--tlsv1_3",
                "--json_out=\(folder.file("scan.json"))", server.target,
            ])
        }
        #expect(sslyze.status == 0 || sslyze.status == 1, "\(sslyze.errors)")
        let scan = try #require(JSONSerialization.jsonObject(with: Data(folder.read("scan.json"))) as? [String: Any])
        let result = ((scan["server_scan_results"] as? [[String: Any]])?.first?["scan_result"]) as? [String: Any]
        for (name, isOffered) in [("tls_1_0", false), ("tls_1_1", false), ("tls_1_2", true), ("tls_1_3", true)] {
            let suites = (result?["\(name)_cipher_suites"] as? [String: Any])?["result"] as? [String: Any]
            #expect(((suites?["accepted_cipher_suites"] as? [Any])?.isEmpty == false) == isOffered, "\(name)")
        }
    }

    @Test(arguments: [
        (TestCertificate.signed, "stub.test", true), (TestCertificate.signed, "other.test", false),
        (TestCertificate.expired, "stub.test", false), (TestCertificate.path, "stub.test", false),
    ])
    func `posttls-finger sees the same connection and the same certificate`(
        certificate: String, name: String, isGood: Bool
    ) async throws {
        let server = try PostfixServer(certificate: certificate)
        let own = try await CheckTool.run([
            "--only", "tls.offered,cert", "--name", name, "--ca", TestCertificate.authority, server.target,
        ])
        let folder = try TemporaryFolder()
        try folder.write("compatibility_level = 3.6\nmyhostname = probe.test\n".utf8, to: "main.cf")
        let words = [
            "posttls-finger", "-l", "secure", "-d", "sha256", "-F", TestCertificate.authority,
            "[127.0.0.1]:\(server.port)", name,
        ]
        let other = try await onThread { try ChildProcess.run(words, environment: ["MAIL_CONFIG": folder.path]) }
        let text = other.output + other.errors
        let tls = try #require(own.document["tls"] as? [String: Any])
        let version = "\(tls["version"] ?? "") with cipher \(tls["cipher"] ?? "") "
        #expect(text.contains(version), "\(tls)\n\(text)")
        let chain = try #require(tls["chain"] as? [[String: Any]])
        let hash = try #require(chain.first?["sha256"] as? String).uppercased()
        #expect(text.replacing(":", with: "").contains("fingerprint=\(hash)"), "\(text)")
        #expect(text.contains("Verified TLS connection established") == isGood, "\(text)")
        let verdicts = ["cert.trust", "cert.name", "cert.expiry"].map { own.verdicts[$0] ?? "" }
        // The certificate of the tests ends in 30 days or less, which is a warning of expiry.
        let isFaulty = verdicts[0] != "pass" || verdicts[1] != "pass" || verdicts[2] == "fail"
        #expect(isFaulty == !isGood, "\(verdicts)")
    }
}
