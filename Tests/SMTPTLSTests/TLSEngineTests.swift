import ProcessSupport
import SMTPCore
import SMTPTLS
import Testing

@Suite("TLS engine", .timed)
struct TLSEngineTests {
    @Test(arguments: [TLSVersion.tls12, .tls13], [Int.max, 100, 1])
    func `two engines agree and exchange text, whole or in slices`(version: TLSVersion, slice: Int) throws {
        var pair = try EnginePair { server, client in
            server.maximumVersion = version
            client.minimumVersion = version
        }
        pair.run(sliced: slice)
        #expect(pair.serverOutcomes == [.established])
        #expect(pair.clientOutcomes == [.established])
        #expect(pair.server.version == version.rawValue)
        #expect(pair.server.properties == pair.client.properties)
        #expect(pair.server.cipherSuite.hasPrefix("TLS_"))
        #expect(pair.server.requestedServerName == "mail.example")
        #expect(pair.client.isPeerVerified)

        try pair.send(Array("EHLO a\r\n".utf8), from: .client)
        try pair.send(Array("220 ready\r\n".utf8), from: .server)
        pair.run(sliced: slice)
        #expect(pair.serverText == Array("EHLO a\r\n".utf8))
        #expect(pair.clientText == Array("220 ready\r\n".utf8))
    }

    @Test(arguments: [TLSVersion.tls12, .tls13])
    func `large writes arrive whole`(version: TLSVersion) throws {
        var pair = try EnginePair { server, _ in server.maximumVersion = version }
        pair.run()
        let text = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try pair.send(text, from: .client)
        pair.run(sliced: 65_536)
        #expect(pair.serverText == text)
    }

    @Test(arguments: [TLSVersion.tls12, .tls13])
    func `a close_notify is a clean end`(version: TLSVersion) throws {
        var pair = try EnginePair { server, _ in server.maximumVersion = version }
        pair.run()
        try pair.send([65], from: .client)
        pair.client.close()
        pair.feed(pair.take(from: .client), to: .server)
        #expect(pair.serverText == [65])
        #expect(pair.serverOutcomes == [.established, .closedCleanly])
        pair.end(.server)
        #expect(pair.serverOutcomes.last == .closedCleanly)
        // The other direction is still open.
        try pair.send([66], from: .server)
        pair.feed(pair.take(from: .server), to: .client)
        #expect(pair.clientText == [66])
    }

    @Test
    func `an end without close_notify is a truncation`() throws {
        var pair = try EnginePair()
        pair.run()
        pair.end(.server)
        #expect(pair.serverOutcomes == [.established, .failed(.truncated)])
    }

    @Test
    func `an end within a record is a truncation`() throws {
        var pair = try EnginePair()
        pair.run()
        try pair.send(Array(repeating: 65, count: 500), from: .client)
        pair.feed(Array(pair.take(from: .client).dropLast(3)), to: .server)
        pair.end(.server)
        #expect(pair.serverText.isEmpty)
        #expect(pair.serverOutcomes == [.established, .failed(.truncated)])
    }

    @Test
    func `an end during the handshake is told apart`() throws {
        var pair = try EnginePair()
        pair.feed([], to: .client)
        pair.feed(Array(pair.take(from: .client).dropLast()), to: .server)
        pair.end(.server)
        #expect(pair.serverOutcomes == [.failed(.interruptedHandshake)])
    }

    @Test
    func `a replayed record is refused, and the peer is told`() throws {
        var pair = try EnginePair()
        pair.run()
        try pair.send([65], from: .client)
        let record = pair.take(from: .client)
        pair.feed(record, to: .server)
        #expect(pair.serverText == [65])
        pair.feed(record, to: .server)
        guard case .failed(let serverFailure) = pair.serverOutcomes.last, serverFailure.code == .damagedRecord else {
            Issue.record("\(pair.serverOutcomes)")
            return
        }
        pair.feed(pair.take(from: .server), to: .client)
        guard case .failed(let clientFailure) = pair.clientOutcomes.last, clientFailure.code == .refusedByPeer else {
            Issue.record("\(pair.clientOutcomes)")
            return
        }
    }

    @Test
    func `a changed record is refused`() throws {
        var pair = try EnginePair()
        pair.run()
        try pair.send(Array(repeating: 65, count: 100), from: .client)
        var record = pair.take(from: .client)
        record[50] ^= 1
        pair.feed(record, to: .server)
        guard case .failed(let serverFailure) = pair.serverOutcomes.last, serverFailure.code == .damagedRecord else {
            Issue.record("\(pair.serverOutcomes)")
            return
        }
        #expect(pair.serverText.isEmpty)
    }

    @Test
    func `a giant record is refused before it is read`() throws {
        var pair = try EnginePair()
        pair.run()
        pair.feed([23, 3, 3, 0xFF, 0xFF], to: .server)
        guard case .failed(let serverFailure) = pair.serverOutcomes.last, serverFailure.code == .damagedRecord else {
            Issue.record("\(pair.serverOutcomes)")
            return
        }
    }

    @Test(arguments: [
        "EHLO a.example\r\n", "GET / HTTP/1.1\r\n\r\n", "\u{16}\u{3}\u{1}\u{0}\u{4}abcd", "\0\0\0\0\0\0\0\0\0\0\0\0",
    ])
    func `garbage for a hello is a handshake failure`(garbage: String) throws {
        var pair = try EnginePair()
        pair.feed(Array(garbage.utf8), to: .server)
        guard case .failed(let serverFailure) = pair.serverOutcomes.last, serverFailure.code == .handshake,
            let reason = serverFailure.reason
        else {
            Issue.record("\(pair.serverOutcomes)")
            return
        }
        #expect(!reason.isEmpty)
        // It stays failed, whatever comes.
        pair.feed(Array(garbage.utf8), to: .server)
        #expect(pair.serverOutcomes.count == 2)
        #expect(pair.serverOutcomes[0] == pair.serverOutcomes[1])
        #expect(throws: TLSFailure.self) { try pair.send([65], from: .server) }
    }

    @Test
    func `no version in common is a failure at both ends`() throws {
        var pair = try EnginePair { server, client in
            server.minimumVersion = .tls13
            client.maximumVersion = .tls12
        }
        pair.run()
        guard case .failed(let serverFailure) = pair.serverOutcomes.last, serverFailure.code == .handshake,
            case .failed(let clientFailure) = pair.clientOutcomes.last, clientFailure.code == .refusedByPeer,
            let alert = clientFailure.reason
        else {
            Issue.record("\(pair.serverOutcomes) \(pair.clientOutcomes)")
            return
        }
        #expect(alert.contains("protocol version"))
    }

    @Test
    func `nothing can be sent before the handshake`() throws {
        let pair = try EnginePair()
        #expect(throws: TLSFailure.self) { try pair.send([65], from: .server) }
    }

    @Test(arguments: [TLSVersion.tls12, .tls13])
    func `channel bindings are alike at both ends and unlike between connections`(version: TLSVersion) throws {
        var first = try EnginePair { server, _ in server.maximumVersion = version }
        var second = try EnginePair { server, _ in server.maximumVersion = version }
        #expect(first.server.channelBinding(.tlsExporter) == nil)
        first.run()
        second.run()
        for kind in ChannelBinding.Kind.allCases {
            let binding = try #require(first.server.channelBinding(kind))
            #expect(binding.data.count == 32)
            #expect(binding == first.client.channelBinding(kind))
            #expect(binding != second.server.channelBinding(kind))
        }
        #expect(first.server.channelBinding(.tlsServerEndPoint)?.data == first.client.peerChain.first?.sha256)
    }
}
