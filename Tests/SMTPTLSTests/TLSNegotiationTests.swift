import ProcessSupport
import SMTPTLS
import Synchronization
import Testing

@Suite("TLS negotiation", .timed)
struct TLSNegotiationTests {
    @Test
    func `a protocol in common is chosen`() throws {
        var pair = try EnginePair { server, client in
            server.applicationProtocols = ["smtp"]
            client.applicationProtocols = ["lmtp", "smtp"]
        }
        pair.run()
        #expect(pair.server.applicationProtocol == "smtp")
        #expect(pair.client.applicationProtocol == "smtp")
    }

    @Test
    func `a client that offers only other protocols is refused`() throws {
        var pair = try EnginePair { server, client in
            server.applicationProtocols = ["smtp"]
            client.applicationProtocols = ["h2", "http/1.1"]
        }
        pair.run()
        guard case .failed(let clientFailure) = pair.clientOutcomes.last, clientFailure.code == .refusedByPeer,
            let alert = clientFailure.reason
        else {
            Issue.record("\(pair.clientOutcomes)")
            return
        }
        #expect(alert.contains("no application protocol"))
    }

    @Test
    func `offers are ignored where none was asked for`() throws {
        var pair = try EnginePair { _, client in client.applicationProtocols = ["smtp"] }
        pair.run()
        #expect(pair.clientOutcomes == [.established])
        #expect(pair.client.applicationProtocol == nil)
    }

    @Test(arguments: [("mail.example", 0), ("mx.example", 1), ("other.example", 0)])
    func `the certificate follows the name asked for`(name: String, index: Int) throws {
        let identities = [
            try TLSIdentity.selfSigned(names: ["mail.example"]), try TLSIdentity.selfSigned(names: ["mx.example"]),
        ]
        var client = TLSConfiguration.client()
        client.peerVerification = .observe
        var pair = try EnginePair(server: .server(identities[0], identities[1]), client: client, serverName: name)
        pair.run()
        #expect(pair.client.peerChain.first?.sha256 == identities[index].summary.sha256)
    }

    @Test(arguments: [TLSVersion.tls12, .tls13])
    func `a session is taken up again with a ticket`(version: TLSVersion) throws {
        let identity = try TLSIdentity.selfSigned(names: ["mail.example"])
        var server = TLSConfiguration.server(identity)
        server.sessionTickets = 1
        server.maximumVersion = version
        var client = TLSConfiguration.client()
        client.trust = .certificates(.bytes(Array(identity.certificatePEM.utf8)))
        var pair = try EnginePair(server: server, client: client)
        let serverContext = try TLSContext(server)
        pair.server = try TLSEngine(serverContext)
        pair.run()
        #expect(!pair.client.isResumed)
        let session = try #require(pair.client.resumableSession)
        pair.server = try TLSEngine(serverContext)
        pair.client = try TLSEngine(TLSContext(client), serverName: "mail.example", resuming: session)
        pair.run()
        #expect(pair.client.isResumed)
        #expect(pair.server.isResumed)
    }

    @Test
    func `without tickets there is no session to take up`() throws {
        var pair = try EnginePair()
        pair.run()
        #expect(pair.client.resumableSession == nil)
    }

    @Test
    func `the key log gets the secrets of both directions`() throws {
        let lines = Mutex<[String]>([])
        var pair = try EnginePair { server, _ in
            server.keyLog = { line in lines.withLock { $0.append(line) } }
        }
        pair.run()
        let labels = lines.withLock { $0.compactMap { $0.split(separator: " ").first.map { String($0) } } }
        #expect(labels.contains("CLIENT_TRAFFIC_SECRET_0"))
        #expect(labels.contains("SERVER_TRAFFIC_SECRET_0"))
    }

    @Test(arguments: [TLSVersion.tls10, .tls11])
    func `old versions are spoken where somebody looks for them, and not by default`(version: TLSVersion) throws {
        func allow(_ configuration: inout TLSConfiguration) {
            configuration.minimumVersion = .tls10
            configuration.maximumVersion = version
            configuration.securityLevel = 0
        }
        var pair = try EnginePair { server, client in
            allow(&server)
            allow(&client)
        }
        pair.run()
        #expect(pair.client.version == version.rawValue)
        #expect(pair.clientOutcomes == [.established])

        var refused = try EnginePair { _, client in allow(&client) }
        refused.run()
        guard case .failed(let serverFailure) = refused.serverOutcomes.last, serverFailure.code == .handshake else {
            Issue.record("\(refused.serverOutcomes)")
            return
        }
    }

    @Test
    func `a cipher of the list given is used`() throws {
        var pair = try EnginePair { server, _ in
            server.maximumVersion = .tls12
            server.cipherList = "ECDHE-ECDSA-AES128-GCM-SHA256"
        }
        pair.run()
        #expect(pair.client.cipherSuite == "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
        var modern = try EnginePair { _, client in client.cipherSuites = "TLS_CHACHA20_POLY1305_SHA256" }
        modern.run()
        #expect(modern.server.cipherSuite == "TLS_CHACHA20_POLY1305_SHA256")
    }

    @Test(arguments: ["1.2", "tls1.2", "TLSv1.2"])
    func `versions are read in their usual forms`(text: String) {
        #expect(TLSVersion(text) == .tls12)
    }

    @Test(arguments: ["", "1.4", "ssl3", "2"])
    func `other versions are refused`(text: String) {
        #expect(TLSVersion(text) == nil)
    }
}
