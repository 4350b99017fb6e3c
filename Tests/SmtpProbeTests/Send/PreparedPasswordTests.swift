import Foundation
import ProcessSupport
import Testing

@Suite("Passwords beyond ASCII", .blocking)
struct PreparedPasswordTests {
    private static func send(_ password: String, user: String = "ann", to server: LiteServer) async throws
        -> Probe.Result
    {
        let folder = try TemporaryFolder()
        let secret = try folder.write("\(password)\n".utf8, to: "secret")
        return try await Probe.send([
            "--to", "a@b.test", "--tls", "--auth-mechanism", "scram-sha-256", "--auth-user", user,
            "--auth-password-file", secret, server.target,
        ])
    }

    @Test(arguments: ["p\u{E4}ss IX", "pa\u{308}ss\u{A0}\u{2168}", "p\u{E4}ss\u{2003}I\u{AD}X"])
    func `are the same to SCRAM however they were typed`(password: String) async throws {
        for stored in ["ann:pa\u{308}ss\u{A0}\u{2168}", "ann:p\u{E4}ss IX"] {
            let server = try await LiteServer.start(["--auth", stored])
            let result = try await Self.send(password, to: server)
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            #expect(try await Self.send("pass IX", to: server).status == 28)
        }
    }

    @Test func `are not sent when SCRAM does not allow them`() async throws {
        let server = try await LiteServer.start(["--auth", "ann:sesame"])
        for (user, password) in [("ann", "a\u{7}b"), ("a\u{E000}n", "sesame"), ("ann", "\u{627}1")] {
            let result = try await Self.send(password, user: user, to: server)
            #expect(result.status == 28 && result.errors.contains("RFC 4013"), "\(result.errors)")
            #expect(!result.output.contains("-> AUTH") && !result.errors.contains(password))
        }
    }
}
