import SMTPKit
import Testing

@Suite("Client and certificates")
struct ClientCertificateTests {
    /// The error of a client that does not like what it sees, or `nil`.
    private static func error(_ change: (inout ClientSecurity, TLSTestContexts) -> Void) async throws -> SMTPError? {
        let contexts = try TLSTestContexts()
        var server = SMTPServer()
        server.configuration.security = ServerSecurity(contexts.server)
        var configuration = ClientFixture.configuration
        configuration.security = ClientSecurity(.required)
        configuration.security.serverName = "mail.example"
        configuration.security.configuration.trust = contexts.client.configuration.trust
        change(&configuration.security, contexts)
        var found: SMTPError?
        _ = try await RunningServer.with(server) {
            $0.port
        } next: { [configuration] port in
            do {
                try await SMTPClient.withConnection(
                    to: ClientFixture.endpoint(port), configuration: configuration
                ) { _ in }
            } catch let error as SMTPError {
                found = error
            }
        }
        return found
    }

    @Test func `a good certificate is accepted`() async throws {
        #expect(try await Self.error { _, _ in } == nil)
    }

    @Test func `each failure says what is wrong in words`() async throws {
        let untrusted = try #require(await Self.error { security, _ in security.configuration.trust = .nobody })
        #expect(untrusted.code == .tlsFailed && untrusted.stage == .handshake)
        #expect("\(untrusted)".contains("self-signed and not trusted"))
        let name = try #require(await Self.error { security, _ in security.serverName = "other.example" })
        #expect("\(name)".contains("not for other.example but for mail.example"))
        let version = try #require(
            await Self.error { security, _ in
                security.configuration.minimumVersion = .tls10
                security.configuration.maximumVersion = .tls11
                security.configuration.securityLevel = 0
            })
        #expect(version.code == .tlsFailed)
    }

    @Test func `a certificate or its key can be pinned`() async throws {
        let wrong = try #require(await Self.error { security, _ in security.pins = [Array(repeating: 1, count: 32)] })
        #expect(wrong.code == .tlsFailed)
        #expect("\(wrong)".contains("not the pinned one"))
    }
}
