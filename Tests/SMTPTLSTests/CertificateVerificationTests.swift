import ProcessSupport
import SMTPCore
import SMTPTLS
import Testing

@Suite("Certificate verification", .timed)
struct CertificateVerificationTests {
    private let authority: TestAuthority

    init() throws {
        authority = try TestAuthority()
    }

    /// Returns a client's judgement on a server's certificate, both where it requires a valid one and where it only
    /// observes.
    private func judge(
        _ identity: TLSIdentity,
        name: String = "mail.example",
        trust: TLSConfiguration.Trust? = nil,
        revocationLists: [PEMSource] = []
    ) throws -> CertificateProblem? {
        var server = TLSConfiguration.server(identity)
        server.acceptsOutdatedIdentity = true
        var client = TLSConfiguration.client()
        client.trust = trust ?? .certificates(authority.source)
        client.revocationLists = revocationLists

        var strict = try EnginePair(server: server, client: client, serverName: name)
        strict.run()
        client.peerVerification = .observe
        var lenient = try EnginePair(server: server, client: client, serverName: name)
        lenient.run()
        #expect(lenient.clientOutcomes == [.established])
        let observed = lenient.client.certificateProblems
        #expect(lenient.client.isPeerVerified == observed.isEmpty)

        guard case .failed(let failure) = strict.clientOutcomes.last else {
            #expect(strict.clientOutcomes == [.established])
            #expect(observed.isEmpty)
            return nil
        }
        guard failure.code == .certificate, let problem = failure.certificateProblem else {
            Issue.record("\(failure)")
            return nil
        }
        #expect(observed.first == problem)
        guard case .failed(let serverFailure) = strict.serverOutcomes.last, serverFailure.code == .refusedByPeer else {
            Issue.record("the server was not told: \(strict.serverOutcomes)")
            return problem
        }
        return problem
    }

    @Test
    func `a certificate of a trusted authority is good`() throws {
        #expect(try judge(authority.issue("mail.example")) == nil)
    }

    @Test
    func `a self-signed certificate is good when it is trusted itself`() throws {
        let identity = try TLSIdentity.selfSigned(names: ["mail.example", "127.0.0.1", "::1"])
        let trust = TLSConfiguration.Trust.certificates(.bytes(Array(identity.certificatePEM.utf8)))
        for name in ["mail.example", "127.0.0.1", "::1"] {
            #expect(try judge(identity, name: name, trust: trust) == nil)
        }
        #expect(
            try judge(identity, name: "127.0.0.2", trust: trust)
                == .wrongName(expected: "127.0.0.2", found: ["mail.example", "127.0.0.1", "0:0:0:0:0:0:0:1"])
        )
    }

    @Test
    func `an unknown authority is named`() throws {
        let other = try TestAuthority("Another Authority")
        let problem = try judge(other.issue("mail.example"))
        #expect(problem == .untrustedIssuer("CN=Another Authority"))
        #expect(problem?.description == "the certificate's issuer is not trusted: CN=Another Authority")
    }

    @Test
    func `a self-signed certificate is called so`() throws {
        let problem = try judge(TLSIdentity.selfSigned(names: ["mail.example"]))
        #expect(problem == .selfSigned("CN=mail.example"))
    }

    @Test
    func `a wrong name is told with the names found`() throws {
        let problem = try judge(authority.issue("mail.example"), name: "mx.example")
        #expect(problem == .wrongName(expected: "mx.example", found: ["mail.example"]))
        #expect(problem?.description == "the certificate is not for mx.example but for mail.example")
    }

    @Test
    func `an expired certificate is told with the moment`() throws {
        let problem = try judge(authority.issue("mail.example", from: -7200, until: -3600))
        guard case .expired(let subject, let since) = problem?.kind else {
            Issue.record("\(String(describing: problem))")
            return
        }
        #expect(subject == "CN=mail.example")
        #expect(since.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
    }

    @Test
    func `a certificate of tomorrow is told with the moment`() throws {
        let problem = try judge(authority.issue("mail.example", from: 3600, until: 7200))
        guard case .notYetValid(let subject, let from) = problem?.kind else {
            Issue.record("\(String(describing: problem))")
            return
        }
        #expect(subject == "CN=mail.example")
        #expect(from.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
    }

    @Test
    func `a revoked certificate is told, another of the same authority is good`() throws {
        let revoked = try authority.issue("mail.example")
        let list = try authority.revocationList(revoked)
        #expect(try judge(revoked, revocationLists: [list]) == .revoked(subject: "CN=mail.example"))
        #expect(try judge(authority.issue("mail.example"), revocationLists: [list]) == nil)
    }

    @Test
    func `a client's certificate is verified and named`() throws {
        var server = try TLSConfiguration.server(authority.issue("mail.example"))
        server.peerVerification = .require
        server.trust = .certificates(authority.source)
        var client = TLSConfiguration.client()
        client.trust = .certificates(authority.source)
        client.identities = [try authority.issue("alice.example")]
        var pair = try EnginePair(server: server, client: client)
        pair.run()
        #expect(pair.serverOutcomes == [.established])
        #expect(pair.server.properties.clientSubject == "CN=alice.example")
        #expect(pair.server.peerChain.map { $0.names } == [["alice.example"]])
    }

    @Test
    func `a client without a certificate is refused where one is required`() throws {
        var server = try TLSConfiguration.server(authority.issue("mail.example"))
        server.peerVerification = .require
        var client = TLSConfiguration.client()
        client.trust = .certificates(authority.source)
        var pair = try EnginePair(server: server, client: client)
        pair.run()
        #expect(pair.serverOutcomes == [.failed(.certificate(.missing))])
    }

    @Test
    func `where a certificate is only asked for, a stranger's is noted and names nobody`() throws {
        var server = try TLSConfiguration.server(authority.issue("mail.example"))
        server.peerVerification = .observe
        server.trust = .certificates(authority.source)
        var client = TLSConfiguration.client()
        client.trust = .certificates(authority.source)
        client.identities = [try TLSIdentity.selfSigned(names: ["mallory.example"])]
        var pair = try EnginePair(server: server, client: client)
        pair.run()
        #expect(pair.serverOutcomes == [.established])
        #expect(pair.server.properties.clientSubject == nil)
        #expect(pair.server.certificateProblems == [.selfSigned("CN=mallory.example")])
    }

    @Test
    func `a TLSA record decides instead of an authority`() throws {
        let identity = try authority.issue("other.example")
        var client = TLSConfiguration.client()
        client.trust = .nobody
        var data = identity.summary.publicKeySHA256
        for isRight in [true, false] {
            if !isRight { data[0] ^= 1 }
            var pair = try EnginePair(server: .server(identity), client: client)
            pair.client = try TLSEngine(
                TLSContext(client),
                serverName: "mail.example",
                tlsaRecords: [TLSARecord(usage: 3, selector: 1, matching: 1, data: data)]
            )
            pair.run()
            let expected: TLSEngine.Outcome =
                isRight ? .established : .failed(.certificate(.noMatchingTLSARecord))
            #expect(pair.clientOutcomes == [expected])
        }
    }

    @Test
    func `a certificate is read into values`() throws {
        let summary = try authority.issue("mail.example", from: 0, until: 1000).summary
        #expect(summary.subject == "CN=mail.example")
        #expect(summary.issuer == "CN=Test Authority")
        #expect(summary.names == ["mail.example"])
        #expect(summary.notAfter.seconds - summary.notBefore.seconds == 1000)
        #expect(summary.sha256.count == 32 && summary.publicKeySHA256.count == 32)
    }
}
