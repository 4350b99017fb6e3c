import ProcessSupport
import SMTPKit
import SMTPTLS
import Synchronization
import Testing

@Suite("Client and certificates", .blocking)
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

    @Test func `the pinned certificate, and the pinned key, are accepted`() async throws {
        let contexts = try TLSTestContexts()
        let own = try #require(contexts.server.configuration.identities.first)
        let chain = try await Self.report(contexts) { _ in }.chain
        let certificate = try #require(chain.first)
        #expect(certificate.pem == own.certificatePEM)
        for pin in [certificate.sha256, certificate.publicKeySHA256] {
            #expect(try await Self.report(contexts) { $0.pins = [pin] }.chain == chain)
        }
    }

    @Test func `a certificate is shown to a server that asks, and the secrets are told`() async throws {
        let identity = try TLSIdentity.selfSigned(names: ["alice.example"])
        let contexts = try TLSTestContexts { server, _ in
            server.peerVerification = .require
            server.trust = .certificates(.bytes(Array(identity.certificatePEM.utf8)))
        }
        let lines = Mutex<[String]>([])
        let report = try await Self.report(contexts) { security in
            security.configuration.identities = [identity]
            security.configuration.keyLog = { line in lines.withLock { $0.append(line) } }
        }
        #expect(report.isVerified && report.nameMatches == true)
        #expect(lines.withLock { $0.contains { $0.hasPrefix("CLIENT_TRAFFIC_SECRET_0 ") } })
        // With TLS 1.2 the refusal comes within the handshake.
        let error = await #expect(throws: SMTPError.self) {
            try await Self.report(contexts) { $0.configuration.maximumVersion = .tls12 }
        }
        #expect(error?.code == .tlsFailed)
    }

    @Test func `a server whose versions are too old is refused`() async throws {
        let contexts = try TLSTestContexts { server, _ in server.maximumVersion = .tls12 }
        #expect(try await Self.report(contexts) { _ in }.properties.version == "TLSv1.2")
        let error = await #expect(throws: SMTPError.self) {
            try await Self.report(contexts) { $0.configuration.minimumVersion = .tls13 }
        }
        #expect(error?.code == .tlsFailed && error?.stage == .handshake)
    }

    /// Returns a client's report about a server.
    private static func report(
        _ contexts: TLSTestContexts, _ change: (inout ClientSecurity) -> Void
    ) async throws -> TLSReport {
        var server = SMTPServer()
        server.configuration.security = ServerSecurity(contexts.server)
        var configuration = ClientFixture.configuration
        configuration.security = ClientSecurity(.required)
        configuration.security.serverName = "mail.example"
        configuration.security.configuration.trust = contexts.client.configuration.trust
        change(&configuration.security)
        var found: TLSReport?
        _ = try await RunningServer.with(server) {
            $0.port
        } next: { [configuration] port in
            found = try await SMTPClient.withConnection(
                to: ClientFixture.endpoint(port), configuration: configuration
            ) { await $0.tls }
        }
        return try #require(found)
    }
}
