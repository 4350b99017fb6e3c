import Foundation
import ProcessSupport
import Testing

@Suite("TLS of send and of scripts", .blocking)
struct TLSTests {
    private static let hellos = ["250-stub\r\n250 STARTTLS", "250 stub"]

    private static func server(_ certificate: String) async throws -> ScriptedServer {
        try await ScriptedServer.start(["EHLO": hellos], certificate: certificate)
    }

    /// A certificate, options, and what is said of it.
    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let certificate: @Sendable () -> String
        let options: @Sendable () -> [String]
        let reason: String
        let nameMatches: Bool?
        let certificates: Int
    }

    static let refusals = [
        Refusal(
            testDescription: "self-signed", certificate: { TestCertificate.path },
            options: { ["--name", "stub.test"] }, reason: "self-signed and not trusted", nameMatches: nil,
            certificates: 1),
        Refusal(
            testDescription: "unknown issuer", certificate: { TestCertificate.signed },
            options: { ["--name", "stub.test"] }, reason: "issuer is not trusted: CN=Test authority", nameMatches: nil,
            certificates: 2),
        Refusal(
            testDescription: "wrong name", certificate: { TestCertificate.signed },
            options: { ["--ca", TestCertificate.authority, "--name", "other.test"] },
            reason: "not for other.test but for stub.test", nameMatches: false, certificates: 2),
        Refusal(
            testDescription: "expired", certificate: { TestCertificate.expired },
            options: { ["--ca", TestCertificate.authority, "--name", "stub.test"] },
            reason: "of CN=stub.test expired at 2", nameMatches: nil, certificates: 2),
        Refusal(
            testDescription: "pin", certificate: { TestCertificate.path },
            options: { ["--pin", String(repeating: "00", count: 32)] }, reason: "not the pinned one",
            nameMatches: false,
            certificates: 1),
    ]

    @Test(arguments: refusals)
    func `a certificate that is refused is told why, and shown`(_ refusal: Refusal) async throws {
        let options = ["--tls"] + refusal.options()
        let sent = try await Self.server(refusal.certificate())
        let result = try await Probe.send(["--to", "a@b.test", sent.target] + options)
        #expect(result.status == 29 && result.errors.contains(refusal.reason), "\(result.output)\(result.errors)")
        #expect(result.output.contains("=== TLS: for stub.test, until "), "\(result.output)")
        // Each problem is named once.
        #expect((result.output + result.errors).components(separatedBy: refusal.reason).count == 2, "\(result.output)")
        #expect(try await sent.finish() == ["EHLO \(Self.ownName(result.output))", "STARTTLS"])
        // In a script, with the shell's words.
        let talked = try await Self.server(refusal.certificate())
        let script = try await Script.run(
            talked.target, [":ehlo", "STARTTLS", ":expect close", ":cert"], refusal.options())
        #expect(script.output.contains("subject: CN=stub.test"), "\(script.output)\(script.errors)")
        for isScript in [false, true] {
            let server = try await Self.server(refusal.certificate())
            let json =
                isScript
                ? try await Script.run(server.target, ["NOOP"], ["--json"] + options).output
                : try await Probe.send(["--to", "a@b.test", server.target, "--json"] + options).output
            let document = try await Probe.document(json)
            #expect((document["result"] as? [String: Any])?["exit"] as? Int == 29)
            let tls = try #require(document["tls"] as? [String: Any])
            #expect(tls["mode"] as? String == "starttls")
            #expect(tls["verified"] as? Bool == false)
            #expect((tls["error"] as? String)?.contains(refusal.reason) == true, "\(tls)")
            #expect(tls["name_match"] as? Bool == refusal.nameMatches)
            let chain = try #require(tls["chain"] as? [[String: Any]])
            #expect(chain.count == refusal.certificates)
            #expect(chain.first?["subject"] as? String == "CN=stub.test")
        }
    }

    private static func ownName(_ output: String) -> String {
        output.firstMatch(of: /-> EHLO (\S+)/).map { String($0.output.1) } ?? ""
    }

    @Test func `the pin of a certificate, and that of its key, are accepted`() async throws {
        let file = TestCertificate.path
        let key = "openssl x509 -in \(file) -noout -pubkey | openssl pkey -pubin -outform DER"
        for command in ["openssl x509 -in \(file) -outform DER", key] {
            let hash = try await onThread { try ChildProcess.run(["sh", "-c", "\(command) | sha256sum"]).output }
            let server = try await Self.server(file)
            let result = try await Probe.send([
                "--to", "a@b.test", server.target, "--tls", "--pin", String(hash.prefix(64)),
            ])
            #expect(result.status == 0, "\(result.output)\(result.errors)")
        }
    }

    @Test func `a client certificate is shown to a server that asks`() async throws {
        let folder = try TemporaryFolder()
        let mbox = folder.file("mbox")
        func run(_ options: [String]) async throws -> Int32 {
            let words =
                [BuiltTool.path("smtpd-lite"), "-l", "0", "--client-ca", TestCertificate.authority, "--auth", "any"]
                + ["--mbox", mbox, "--", "sh", "-c", #"exec "$@" "$SMTP_HOST:$SMTP_PORT""#, "sh", Probe.path, "send"]
                + ["--to", "a@b.test", "--tls", "--auth-mechanism", "EXTERNAL"] + options
            return try await onThread { try ChildProcess.run(words).status }
        }
        #expect(try await run(["--cert", TestCertificate.client]) == 0)
        #expect(String(decoding: folder.read("mbox"), as: UTF8.self).contains("with ESMTPSA id "))
        #expect(try await run([]) == 28)
    }

    @Test func `the secrets are kept for those who read along`() async throws {
        let folder = try TemporaryFolder()
        for _ in 1...2 {
            let server = try await Self.server(TestCertificate.path)
            let result = try await Probe.send([
                "--to", "a@b.test", server.target, "--tls", "--keylog", folder.file("keys"),
            ])
            #expect(result.status == 0, "\(result.errors)")
        }
        let lines = String(decoding: folder.read("keys"), as: UTF8.self).split(separator: "\n")
        // Added to, not replaced.
        #expect(lines.count { $0.hasPrefix("CLIENT_TRAFFIC_SECRET_0 ") } == 2)
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("keys"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func `versions have limits`() async throws {
        func send(_ options: [String]) async throws -> Probe.Result {
            let server = try await ScriptedServer.start(
                ["EHLO": Self.hellos, "STARTTLS": ["TLS 1.2"]], certificate: TestCertificate.path)
            return try await Probe.send(["--to", "a@b.test", "--tls", server.target] + options)
        }
        #expect(try await send([]).output.contains("=== TLS: TLSv1.2, "))
        let refused = try await send(["--tls-min", "1.3"])
        #expect(refused.status == 29 && refused.errors.contains("version"), "\(refused.errors)")
        let newer = try await LiteServer.start(["--tls-min", "1.3"])
        let older = try await Probe.send(["--to", "a@b.test", "--tls", "--tls-max", "1.2", newer.target])
        #expect(older.status == 29 && older.errors.contains("version"), "\(older.errors)")
    }

    @Test(arguments: [
        ([String](), "None"), (["--name", "stub.test"], "stub.test"), (["--sni", "other.test"], "other.test"),
        (["--name", "stub.test."], "stub.test"), (["--sni", "other.test."], "other.test"),
        (["--sni", "b\u{FC}cher.test"], "xn--bcher-kva.test"),
    ])
    func `the server is told which name is wanted`(options: [String], name: String) async throws {
        let server = try await ScriptedServer.start(
            ["EHLO": Self.hellos, "SNI": []], certificate: TestCertificate.signed)
        let result = try await Probe.send(
            ["--quit-after", "tls", "--tls", "--ca", TestCertificate.authority, server.target] + options)
        #expect((result.status == 0) == (name == "stub.test"), "\(result.output)\(result.errors)")
        #expect(try await server.finish().contains("SNI \(name)"))
    }

    @Test func `ciphers can be chosen`() async throws {
        let server = try await LiteServer.start()
        let result = try await Script.run(
            server.target, [":tls"],
            ["--tls", "--tls-max", "1.2", "--ciphers", "ECDHE-ECDSA-CHACHA20-POLY1305"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("CHACHA20_POLY1305"))
        let none = try await Script.run(
            server.target, ["NOOP"], ["--tls", "--ciphers", "NULL-SHA256", "--tls-max", "1.2"])
        #expect(none.status == 29)
    }
}
