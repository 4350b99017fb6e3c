import ProcessSupport
import SMTPCore
import Testing

@Suite("XCLIENT", .timed)
struct XClientTests {
    private func dialogue(decisions: Decision.Kinds = []) throws -> Dialogue {
        let here = try #require(CIDRBlock("192.0.2.0/24"))
        return Dialogue(.init(hostname: "mx.example", banner: "", xclients: [here], decisions: decisions))
    }

    @Test func `what is said is known of the peer`() throws {
        let dialogue = try dialogue()
        dialogue.send(
            "EHLO a.example\r\nXCLIENT NAME=mail.example.org ADDR=203.0.113.9 PORT=50000 PROTO=SMTP HELO=b.example\r\n"
                + "XCLIENT LOGIN=ann DESTADDR=IPV6:2001:DB8:0::25 DESTPORT=587\r\n")
        let peer = dialogue.session.peer
        #expect(peer.hostname == "mail.example.org")
        #expect(peer.address == .ip("203.0.113.9", port: 50_000))
        #expect(peer.serverAddress == .ip("2001:db8::25", port: 587))
        #expect(peer.username == "ann")
        // The second of them began anew.
        #expect(peer.heloName == nil)
        dialogue.send("XCLIENT ADDR=[UNAVAILABLE] NAME=[TEMPUNAVAIL] HELO=b.example PROTO=ESMTP\r\n")
        let later = dialogue.session.peer
        #expect(later.hostname == nil)
        #expect(later.address == .local)
        #expect(later.username == nil)
        #expect(later.heloName == "b.example")
        #expect(later.heloVerb == .ehlo)
        #expect(dialogue.replies.hasSuffix("220 mx.example\r\n220 mx.example\r\n220 mx.example\r\n"))
    }

    @Test func `the application is asked again, and may refuse`() throws {
        let dialogue = try dialogue(decisions: [.connection])
        var asked: [Peer.Address] = []
        dialogue.verdict = { [unowned dialogue] decision in
            guard decision == .connection else { return .accept }
            asked.append(dialogue.session.peer.address)
            return .reply(.noService)
        }
        dialogue.send("XCLIENT ADDR=203.0.113.9 PORT=1\r\nEHLO a.example\r\nXCLIENT ADDR=203.0.113.7\r\nQUIT\r\n")
        #expect(asked == [.ip("203.0.113.9", port: 1)])
        let codes = dialogue.replies.split(separator: "\r\n").map { $0.prefix(3) }
        #expect(codes == ["220", "554", "503", "503", "221"])
    }

    @Test func `the trace field names the host`() {
        var peer = Peer(
            address: .ip("2001:db8::1", port: 1), heloName: "a.example", heloVerb: .ehlo, serverName: "mx.example")
        peer.hostname = "mail.example.org"
        var octets: [UInt8] = []
        TraceFields(
            .received, envelope: Envelope(reversePath: .null), peer: peer, id: QueueID(rawValue: "1"),
            receivedAt: Timestamp(seconds: 0)
        ).append(to: &octets)
        let text = String(decoding: octets, as: UTF8.self)
        #expect(text.hasPrefix("Received: from a.example (mail.example.org [IPv6:2001:db8::1])\r\n"))
    }
}
