import ProcessSupport
import SMTPCore
import Testing

@Suite("Trace fields", .timed)
struct TraceFieldsTests {
    static let joe = Mailbox(localPart: "joe", domain: .name("example.org"))
    static let ann = Mailbox(localPart: "ann", domain: .name("example.net"))
    static let noon = Timestamp(seconds: 1_795_359_600)

    static func peer(_ helo: String? = "mail.example.org", tls: Peer.TLSProperties? = nil) -> Peer {
        Peer(
            address: .ip("192.0.2.1", port: 1025),
            heloName: helo,
            heloVerb: .ehlo,
            serverName: "mx.example.net",
            tls: tls
        )
    }

    static func fields(
        _ policy: TraceFields.Policy = .finalDelivery,
        from reversePath: ReversePath = .mailbox(joe),
        to recipients: [ForwardPath] = [.mailbox(ann)],
        parameters: [ESMTPParameter] = [],
        peer: Peer = peer(),
        id: String = "4F7A21C0",
        lineEnd: TraceFields.LineEnd = .crlf
    ) -> String {
        let envelope = Envelope(
            reversePath: reversePath,
            parameters: parameters,
            recipients: recipients.map { Envelope.Recipient($0) }
        )
        var octets: [UInt8] = []
        TraceFields(policy, envelope: envelope, peer: peer, id: QueueID(rawValue: id), receivedAt: noon)
            .append(to: &octets, lineEnd: lineEnd)
        return String(decoding: octets, as: UTF8.self)
    }

    @Test
    func `the fields of a message for one recipient over TLS`() {
        let tls = Peer.TLSProperties(version: "TLSv1.3", cipherSuite: "TLS_AES_256_GCM_SHA384")
        #expect(
            Self.fields(peer: Self.peer(tls: tls)) == """
                Return-Path: <joe@example.org>\r
                Delivered-To: ann@example.net\r
                Received: from mail.example.org ([192.0.2.1])\r
                \tby mx.example.net with ESMTPS id 4F7A21C0\r
                \tfor <ann@example.net> tls TLS_AES_256_GCM_SHA384 (TLSv1.3);\r
                \tSun, 22 Nov 2026 15:00:00 +0000\r\n
                """
        )
    }

    @Test
    func `with two recipients none is named`() {
        let other = Mailbox(localPart: "blind", domain: .name("example.net"))
        #expect(
            Self.fields(to: [.mailbox(Self.ann), .mailbox(other)], lineEnd: .lf) == """
                Return-Path: <joe@example.org>
                Received: from mail.example.org ([192.0.2.1])
                \tby mx.example.net with ESMTP id 4F7A21C0;
                \tSun, 22 Nov 2026 15:00:00 +0000

                """
        )
    }

    @Test
    func `the policy says which fields are written`() {
        #expect(Self.fields(.none).isEmpty)
        #expect(Self.fields(.received).hasPrefix("Received: from "))
        #expect(!Self.fields(.received).contains("Return-Path"))
        #expect(Self.fields(.finalDelivery).hasPrefix("Return-Path: <joe@example.org>\r\nDelivered-To: "))
    }

    @Test
    func `the null path stays empty and a postmaster gets this server's name`() {
        let text = Self.fields(from: .null, to: [.postmaster("Postmaster")])
        #expect(text.hasPrefix("Return-Path: <>\r\nDelivered-To: Postmaster@mx.example.net\r\n"))
        #expect(text.contains("\r\n\tfor <Postmaster@mx.example.net>;\r\n"))
    }

    @Test(arguments: [
        ("::1", "([IPv6:::1])"), ("fe80::1%eth0", "([IPv6:fe80::1])"), ("192.0.2.7", "([192.0.2.7])"),
        ("192.0.2.7])\r\nX: y (", "([IPv6:192.0.2.7]???X:?y??])"),
    ])
    func `the address is an address literal`(address: String, expected: String) {
        var peer = Self.peer()
        peer.address = .ip(address, port: 25)
        #expect(Self.fields(.received, peer: peer).hasPrefix("Received: from mail.example.org \(expected)\r\n\tby "))
    }

    @Test
    func `a UNIX socket has no address and a silent client no name`() {
        var peer = Self.peer(nil)
        peer.address = .local
        #expect(Self.fields(.received, peer: peer).hasPrefix("Received: from unknown\r\n\tby mx.example.net with "))
    }

    @Test(arguments: [
        ("a\r\nX-Evil: yes", "a??X-Evil??yes"), ("a (comment", "a??comment"), ("a)b;c", "a?b?c"),
        ("[192.0.2.9]", "[192.0.2.9]"), ("[IPv6:2001:db8::1]", "[IPv6:2001:db8::1]"), ("[a\nb]", "[a?b]"),
        ("a\u{0}b\u{7F}c", "a?b?c"), ("m\u{FC}ller.example", "m?ller.example"), ("\"a\\b\"", "?a?b?"), ("", "unknown"),
        ("a@b<c>,d", "a?b?c??d"),
    ])
    func `nothing in the name of a client can start another field`(helo: String, written: String) {
        let text = Self.fields(.received, peer: Self.peer(helo))
        #expect(text.hasPrefix("Received: from \(written) ([192.0.2.1])\r\n\tby "))
        #expect(text.split(separator: "\r\n").count == 4)
    }

    @Test
    func `text beyond ASCII stays in an internationalized message alone`() {
        let mueller = Mailbox(localPart: "m\u{FC}ller", domain: .name("b\u{FC}cher.example"))
        let plain = Self.fields(to: [.mailbox(mueller)])
        #expect(plain.contains("for <m?ller@b?cher.example>"))
        let wide = Self.fields(to: [.mailbox(mueller)], parameters: [ESMTPParameter("SMTPUTF8")])
        #expect(wide.contains("for <m\u{FC}ller@b\u{FC}cher.example>"))
        let feeds = Self.fields(
            .received,
            parameters: [ESMTPParameter("SMTPUTF8")],
            peer: Self.peer("a\u{85}b\u{2028}c\u{2029}d\u{E9}")
        )
        #expect(feeds.hasPrefix("Received: from a?b?c?d\u{E9} "))
    }

    @Test
    func `a quoted local part keeps its quotes and loses its controls`() {
        let odd = Mailbox(localPart: "a \"b\"\r\nc(", domain: .literal("[192.0.2.1]"))
        #expect(Self.fields(from: .mailbox(odd)).hasPrefix("Return-Path: <\"a \\\"b\\\"??c(\"@[192.0.2.1]>\r\n"))
    }

    @Test
    func `no line is longer than RFC 5322 allows, whatever a client says`() {
        let long = String(repeating: "x", count: 5000)
        let box = Mailbox(localPart: long, domain: .name(long))
        let tls = Peer.TLSProperties(version: "TLSv1.3", cipherSuite: long)
        let text = Self.fields(
            from: .mailbox(box),
            to: [.mailbox(box)],
            peer: Self.peer(long, tls: tls),
            id: long
        )
        let lines = text.split(separator: "\r\n")
        #expect(lines.count == 6)
        #expect(lines.allSatisfy { $0.utf8.count <= 998 })
    }

    @Test(arguments: [255, 256])
    func `a name takes 255 octets at most`(length: Int) {
        let name = String(repeating: "n", count: length)
        let written = String(repeating: "n", count: 255)
        #expect(Self.fields(.received, peer: Self.peer(name)).hasPrefix("Received: from \(written) (["))
    }
}
