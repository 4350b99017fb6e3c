import Foundation
import ProcessSupport
import Testing

@Suite("send and Exim", .blocking)
struct EximTests {
    private static let options = [
        "--from", "joe@a.test", "--tls", "--ca", TestCertificate.authority, "--name", "stub.test", "--auth-user", "ann",
    ]

    @Test(arguments: [[], ["--bdat"], ["--pipeline"], ["--bdat", "--pipeline", "--notify", "failure"]])
    func `takes a message inside TLS, from somebody who logged in`(way: [String]) async throws {
        let folder = try TemporaryFolder()
        let secret = try folder.write("sesame\n".utf8, to: "secret")
        let lines = (0..<5_000).map { "\($0 % 3 == 0 ? "." : "")line \($0)\n" }.joined()
        let mail = try folder.write("Subject: long\n\n\(lines)".utf8, to: "mail")
        let server = try await EximServer.start(certificate: TestCertificate.signed)
        let result = try await Probe.send(
            Self.options + way + [
                "--auth-password-file", secret, "--to", "bob@b.test,nobody@b.test", "--data", "@\(mail)", "--json",
                server.target,
            ])
        #expect(result.status == 40, "\(result.output)\(result.errors)\(server.log)")
        let document = try await Probe.document(result.output)
        #expect((document["tls"] as? [String: Any])?["verified"] as? Bool == true)
        let recipients = document["recipients"] as? [[String: Any]]
        #expect(recipients?.map { $0["accepted"] as? Bool } == [true, false])
        #expect(recipients?.last?["text"] as? String == "no such mailbox")
        let queueID = try #require((document["message"] as? [String: Any])?["queue_id"] as? String)
        #expect(server.content(of: queueID) == lines, "\(server.log)")
        #expect(server.log.contains("\(queueID) <= joe@a.test") && server.log.contains("P=esmtpsa"))
        #expect(server.log.contains(" A=plain:ann ") && server.log.contains(" K ") == way.contains("--bdat"))
    }

    @Test func `refuses a wrong password, and is talked to in a script`() async throws {
        let folder = try TemporaryFolder()
        let wrong = try folder.write("open\n".utf8, to: "wrong")
        let server = try await EximServer.start(certificate: TestCertificate.signed)
        let result = try await Probe.send(
            Self.options + ["--auth-password-file", wrong, "--to", "bob@b.test", server.target])
        #expect(result.status == 28 && result.errors.contains("535"), "\(result.output)\(result.errors)")
        let lines = [
            ":tls", "VRFY bob@b.test", ":expect 2", "MAIL FROM:<>", "RCPT TO:<nobody@b.test>", ":expect 550 /no such/",
            "RSET",
        ]
        let run = try await Script.run(server.target, lines, ["--tls"])
        #expect(run.status == 0, "\(run.output)\(run.errors)\(server.log)")
    }
}
