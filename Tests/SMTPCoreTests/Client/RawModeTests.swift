import ProcessSupport
import SMTPCore
import Testing

@Suite("Client session, raw", .timed)
struct RawModeTests {
    private static func raw(_ pieceSize: Int = .max) -> JoinedSessions {
        var configuration = ClientSession.Configuration()
        configuration.isRaw = true
        configuration.isTraced = true
        configuration.allowsSecretsInClear = true
        var security = SecurityPolicy()
        security.tls = .offered
        security.mechanisms = [.plain, .login]
        security.allowsSecretsInClear = true
        security.cryptography = FixedRandom()
        return JoinedSessions(
            configuration, pieceSize: pieceSize, server: .init(hostname: "mx.example", security: security))
    }

    private static func send(_ sessions: JoinedSessions, _ lines: String...) throws {
        for line in lines {
            try sessions.perform { session, output throws(SMTPError) in
                session.sendRawLine(Array(line.utf8), into: &output)
            }
        }
    }

    @Test(arguments: ClientSessionTests.sizes)
    func `lines are followed`(size: Int) throws {
        let sessions = Self.raw(size)
        try Self.send(sessions, "eHlO client.example")
        #expect(sessions.client.capabilities?.contains("PIPELINING") == true)
        try Self.send(sessions, "mail from:<a@example.org>", "rcpt to:<b@example.org>", "nonsense")
        #expect(sessions.client.hasSender == true)
        #expect(sessions.client.acceptedRecipients == 1)
        try Self.send(sessions, "DATA")
        #expect(sessions.client.expecting == .content)
        try Self.send(sessions, "Subject: hi", "", ".dot", ".")
        #expect(sessions.client.expecting == .command)
        #expect(sessions.messages.map(\.content) == ["Subject: hi\r\n\r\n.dot\r\n"])
        #expect(sessions.client.hasSender == false)
        try Self.send(sessions, "QUIT")
        #expect(
            sessions.replies == [
                " -> 220", "eHlO client.example -> 250", "mail from:<a@example.org> -> 250",
                "rcpt to:<b@example.org> -> 250", "nonsense -> 500", "DATA -> 354", ". -> 250", "QUIT -> 221",
            ])
        #expect(sessions.client.awaitedCount == 0)
        #expect(sessions.client.isOutOfSync == false)
    }

    @Test(arguments: ClientSessionTests.sizes)
    func `a whole dialogue in one piece is followed`(size: Int) throws {
        let sessions = Self.raw(size)
        let text = """
            EHLO client.example\r
            MAIL FROM:<a@example.org>\r
            RCPT TO:<b@example.org>\r
            DATA\r
            RSET\r
            .\r
            DATA\r
            NOOP\r
            QUIT\r

            """
        try sessions.perform { session, output throws(SMTPError) in session.sendRaw(Array(text.utf8), into: &output) }
        #expect(sessions.messages.map(\.content) == ["RSET\r\n"])
        #expect(sessions.replies.suffix(5) == ["DATA -> 354", ". -> 250", "DATA -> 503", "NOOP -> 250", "QUIT -> 221"])
        #expect(sessions.client.isOutOfSync == false)
    }

    @Test func `TLS and AUTH are followed, and no secret is shown`() throws {
        let sessions = Self.raw()
        try Self.send(sessions, "EHLO client.example", "STARTTLS")
        #expect(sessions.client.tls != nil)
        #expect(sessions.client.capabilities == nil)
        try Self.send(sessions, "EHLO client.example", "AUTH LOGIN")
        #expect(sessions.client.expecting == .response(challenge: "VXNlcm5hbWU6"))
        try Self.send(sessions, "YWxpY2U=", "c2VjcmV0")
        #expect(sessions.client.authenticatedBy == "LOGIN")
        try Self.send(sessions, "AUTH PLAIN c2VjcmV0", "XAUTH c2VjcmV0")
        let shown = sessions.trace.map { "\($0)" }.joined() + sessions.replies.joined()
        #expect(!shown.contains("c2VjcmV0") && !shown.contains("YWxpY2U="))
        #expect(shown.contains("AUTH PLAIN ***"))
    }
}

/// The same chance each time, and no hashes.
private struct FixedRandom: SASLCryptography {
    func hash(_ function: SASLHash, _ octets: [UInt8]) -> [UInt8] { [] }
    func hmac(_ function: SASLHash, key: [UInt8], _ message: [UInt8]) -> [UInt8] { [] }
    func stretch(_ function: SASLHash, password: [UInt8], salt: [UInt8], iterations: Int) -> [UInt8] { [] }
    func random(_ count: Int) -> [UInt8] { Array(repeating: 1, count: count) }
    func isEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool { a == b }
}
