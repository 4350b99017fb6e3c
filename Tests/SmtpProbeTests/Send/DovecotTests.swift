import Foundation
import ProcessSupport
import Testing

@Suite("Dovecot", .blocking)
struct DovecotTests {
    private static func document(_ result: Probe.Result) async throws -> (recipients: [[String: Any]], queueID: String)
    {
        let document = try await Probe.document(result.output)
        let queueID = try #require(
            (document["message"] as? [String: Any])?["queue_id"] as? String, "\(result.output)\(result.errors)")
        return (document["recipients"] as? [[String: Any]] ?? [], queueID)
    }

    @Test(arguments: [[], ["--pipeline"], ["--bdat"]])
    func `takes a message over LMTP, with a reply for each recipient`(way: [String]) async throws {
        let server = try DovecotServer(certificate: TestCertificate.signed, relay: 1)
        let lines = (0..<2_000).map { "\($0 % 3 == 0 ? "." : "")line \($0)\n" }.joined()
        let folder = try TemporaryFolder()
        let mail = try folder.write("Subject: long\n\n\(lines)".utf8, to: "mail")
        let result = try await Probe.send(
            way + [
                "--lmtp", "--from", "joe@a.test", "--to", "ann@mta.example,nobody@mta.example,bob@mta.example",
                "--data",
                "@\(mail)", "--json", server.lmtp,
            ])
        #expect(result.status == 40, "\(result.output)\(result.errors)\(server.log)")
        let (recipients, queueID) = try await Self.document(result)
        #expect(recipients.map { $0["delivered"] as? Bool } == [true, false, true])
        #expect(try server.awaitLog("<\(queueID)>: Info: ") && server.log.contains("saved mail to INBOX"))
        for user in ["ann", "bob"] {
            #expect(try server.mail(of: user).map { $0.hasSuffix("Subject: long\n\n\(lines)") } == [true])
        }
    }

    @Test(arguments: ["plain", "login", "cram-md5", "scram-sha-1", "scram-sha-256"])
    func `takes a message for submission, and passes on the name of the next server`(mechanism: String) async throws {
        let relay = try await LiteServer.start()
        let server = try DovecotServer(certificate: TestCertificate.signed, relay: relay.port)
        let folder = try TemporaryFolder()
        let options = [
            "--source", "127.0.0.2", "--from", "ann@a.test", "--to", "bob@b.test", "--tls", "--ca",
            TestCertificate.authority, "--name", "stub.test", "--auth-mechanism", mechanism, "--json", server.target,
        ]
        let secret = try folder.write("sesame\n".utf8, to: "secret")
        let result = try await Probe.send(["--auth-user", "ann", "--auth-password-file", secret] + options)
        #expect(result.status == 0, "\(result.output)\(result.errors)\(server.log)")
        #expect(try server.awaitLog("queued as \(await Self.document(result).queueID)'"), "\(server.log)")
        let wrong = try await Probe.send(["--auth-user", "bob", "--auth-password-file", secret] + options)
        #expect(wrong.status == 28, "\(wrong.output)\(wrong.errors)")
    }

    @Test func `takes what a script sends inside TLS`() async throws {
        let relay = try await LiteServer.start()
        let server = try DovecotServer(certificate: TestCertificate.signed, relay: relay.port)
        let folder = try TemporaryFolder()
        let secret = try folder.write("sesame\n".utf8, to: "secret")
        let lines = [
            ":auth", "MAIL FROM:<ann@a.test>", "RCPT TO:<bob@b.test>", "DATA", "Subject: script", "", "hello", ".",
        ]
        let run = try await Script.run(
            server.target, lines,
            ["--tls", "--source", "127.0.0.2", "--auth-user", "ann", "--auth-password-file", secret, "--json"])
        #expect(run.status == 0, "\(run.output)\(run.errors)\(server.log)")
        let message = try await Probe.document(run.output)["message"] as? [String: Any]
        #expect(try server.awaitLog("queued as \(try #require(message?["queue_id"] as? String))'"), "\(server.log)")
    }
}
