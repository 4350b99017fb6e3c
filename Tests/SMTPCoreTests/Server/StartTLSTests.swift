import ProcessSupport
import SMTPCore
import Testing

/// Tests of STARTTLS beyond transcripts: bytes in clear after `STARTTLS`, and ends during the handshake.
@Suite("STARTTLS", .timed)
struct StartTLSTests {
    private static let properties = Peer.TLSProperties(version: "TLSv1.3", cipherSuite: "TLS_AES_256_GCM_SHA384")

    private static var configuration: ServerSession.Configuration {
        var policy = SecurityPolicy()
        policy.tls = .offered
        return .init(hostname: "mx.example", banner: "", security: policy)
    }

    /// Feeds a session with pieces until it wants TLS, then goes on feeding in clear, then shakes hands.
    private struct Wire: ~Copyable {
        var session = ServerSession(
            configuration: configuration, peer: Peer(address: .local, serverName: "mx.example"))
        var output = ServerOutput()

        init() { session.start(into: &output) }

        mutating func send(_ text: String) {
            session.receive(Array(text.utf8).span, into: &output)
        }

        /// Returns what the server has sent since the last call.
        mutating func takeReplies() -> String {
            defer { output.replies = [] }
            return String(decoding: output.replies, as: UTF8.self)
        }

        /// The handshake, when the session asks for it.
        mutating func shakeHands() {
            let event = output.event
            #expect(event == .startTLS)
            output.event = nil
            session.tlsEstablished(StartTLSTests.properties)
        }
    }

    @Test(arguments: [
        ["EHLO a\r\nSTARTTLS\r\nRSET\r\nMAIL FROM:<evil@example.org>\r\n"],
        ["EHLO a\r\nSTARTTLS\r\n", "RSET\r\nMAIL FROM:<evil@example.org>\r\n"],
        ["EHLO a\r\nSTARTTLS\r\nRS", "ET\r\nMAIL FROM:<evil@example.org>\r\n"],
        ["EHLO a\r\nSTARTTLS\r", "\nEHLO b\r\nMAIL FROM:<evil@example.org>"],
    ])
    func `what follows in clear is thrown away`(pieces: [String]) {
        var wire = Wire()
        for piece in pieces { wire.send(piece) }
        let said = wire.takeReplies()
        #expect(said.hasSuffix("220 2.0.0 Ready to start TLS\r\n"))
        let kept = wire.session.waitingInputCount
        #expect(kept == 0)
        wire.shakeHands()
        wire.send("\r\n.\r\nEHLO client.example\r\n")
        let replies = wire.takeReplies().split(separator: "\r\n").map { String($0.prefix(3)) }
        // The empty line and the dot are lines of their own: nothing stood before them.
        #expect(replies.prefix(3) == ["500", "500", "250"])
        let (peer, envelope, event) = (wire.session.peer, wire.session.envelope, wire.output.event)
        #expect(peer.heloName == "client.example")
        #expect(envelope == nil)
        #expect(event == nil)
    }

    @Test func `what waits behind a decision is thrown away with it`() {
        var policy = SecurityPolicy()
        policy.tls = .offered
        var session = ServerSession(
            configuration: .init(hostname: "mx.example", security: policy, decisions: [.hello]),
            peer: Peer(address: .local, serverName: "mx.example"))
        var output = ServerOutput()
        session.start(into: &output)
        session.receive(Array("EHLO a\r\nSTARTTLS\r\nMAIL FROM:<evil@example.org>\r\nRCPT".utf8).span, into: &output)
        #expect(output.event == .decide(.hello(.ehlo, "a")))
        let waiting = session.waitingInputCount
        #expect(waiting > 0)
        output = ServerOutput()
        session.resolve(.accept, into: &output)
        #expect(output.event == .startTLS)
        let kept = session.waitingInputCount
        #expect(kept == 0)
        output = ServerOutput()
        session.tlsEstablished(Self.properties)
        session.receive(Array(" TO:<ann@example.net>\r\n".utf8).span, into: &output)
        #expect(String(decoding: output.replies, as: UTF8.self).hasPrefix("500 "))
    }

    @Test func `the peer is as if it had just connected`() {
        var wire = Wire()
        wire.send("EHLO before\r\nMAIL FROM:<joe@example.org>\r\nRSET\r\nSTARTTLS\r\n")
        wire.shakeHands()
        let (peer, envelope) = (wire.session.peer, wire.session.envelope)
        #expect(peer.heloName == nil)
        #expect(peer.heloVerb == nil)
        #expect(peer.username == nil)
        #expect(peer.tls == Self.properties)
        #expect(envelope == nil)
    }

    @Test func `a session that ended during the handshake stays ended`() {
        var wire = Wire()
        wire.send("EHLO a\r\nSTARTTLS\r\n")
        wire.output = ServerOutput()
        wire.session.stop(into: &wire.output)
        let said = wire.takeReplies()
        #expect(said.hasPrefix("421 4.3.2 "))
        wire.session.tlsEstablished(Self.properties)
        wire.output.event = nil
        wire.send("EHLO b\r\n")
        let isClosed = wire.session.isClosed
        #expect(isClosed)
        let more = wire.takeReplies()
        #expect(more.isEmpty)
    }

    @Test func `implicit TLS is there before the greeting`() {
        var session = ServerSession(
            configuration: Self.configuration, peer: Peer(address: .local, serverName: "mx.example"))
        var output = ServerOutput()
        session.tlsEstablished(Self.properties)
        session.start(into: &output)
        session.receive(Array("EHLO a\r\nSTARTTLS\r\n".utf8).span, into: &output)
        let replies = String(decoding: output.replies, as: UTF8.self)
        #expect(replies.hasPrefix("220 mx.example\r\n"))
        #expect(!replies.contains("250-STARTTLS") && !replies.contains("250 STARTTLS"))
        #expect(replies.hasSuffix("503 5.5.1 TLS already active\r\n"))
        let transmission = session.peer.transmissionProtocol
        #expect(transmission.rawValue == "ESMTPS")
    }
}
