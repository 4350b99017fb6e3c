import ProcessSupport
import SMTPCore
import SMTPTLS
import Testing

@Suite("Client session", .timed)
struct ClientSessionTests {
    static let sizes = [1, 7, Int.max]

    static func hello(_ sessions: JoinedSessions) throws {
        try sessions.perform { session, output throws(SMTPError) in
            try session.sayHello("client.example", into: &output)
        }
    }

    @Test(arguments: sizes, [true, false])
    func `a message arrives as it was given`(size: Int, isPipelined: Bool) throws {
        let sessions = JoinedSessions(pieceSize: size)
        try Self.hello(sessions)
        let envelope = Envelope(from: "a@example.org", to: "b@example.org", "c@example.org")
        try sessions.deliver(
            Transaction(envelope, isPipelined: isPipelined), "Subject: dots\n\n.\n..\r\nend without a line end")
        #expect(sessions.messages.map(\.content) == ["Subject: dots\r\n\r\n.\r\n..\r\nend without a line end\r\n"])
        #expect(sessions.messages.map(\.envelope) == [envelope])
        #expect(sessions.client.transaction?.isDeliveredToAll == true)
        try sessions.perform { session, output throws(SMTPError) in try session.quit(into: &output) }
        #expect(
            sessions.events == ["finished 220", "finished 250", "content", "transaction", "finished 221", "closed"])
        let group = "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nRCPT TO:<c@example.org>\r\nDATA\r\n"
        #expect(String(decoding: sessions.sent, as: UTF8.self).contains(group))
    }

    @Test(arguments: sizes)
    func `some recipients are refused, and the others get the message`(size: Int) throws {
        let sessions = JoinedSessions(pieceSize: size)
        sessions.verdict = { decision in
            if case .recipient(let recipient) = decision, recipient.path.description.hasPrefix("no") {
                return .reply(.mailboxNotFound)
            }
            return .accept
        }
        try Self.hello(sessions)
        try sessions.deliver(
            Transaction(Envelope(from: "", to: "no1@example.org", "b@example.org", "no2@example.org")), "hi\n")
        let transaction = sessions.client.transaction
        let outcome = try #require(transaction)
        #expect(outcome.recipients.map { $0.reply?.code } == [550, 250, 550])
        #expect(outcome.recipients.map(\.isDelivered) == [false, true, false])
        #expect(outcome.refusal == nil)
        #expect(sessions.messages.count == 1)
    }

    @Test(arguments: sizes, [true, false])
    func `nobody is accepted, and nothing is sent`(size: Int, isPipelined: Bool) throws {
        let sessions = JoinedSessions(pieceSize: size)
        sessions.verdict = { if case .recipient = $0 { .reply(.mailboxNotFound) } else { .accept } }
        try Self.hello(sessions)
        let transaction = Transaction(Envelope(from: "a@example.org", to: "b@example.org"), isPipelined: isPipelined)
        try sessions.deliver(transaction, "hi\n")
        #expect(sessions.messages.isEmpty)
        #expect(sessions.client.transaction?.refusal?.stage == .rcpt)
        // What the server still holds is reset before the next message.
        sessions.verdict = { _ in .accept }
        try sessions.deliver(transaction, "hi\n")
        #expect(sessions.messages.count == 1)
        #expect(String(decoding: sessions.sent, as: UTF8.self).contains("RSET\r\n"))
        #expect(sessions.client.failure == nil)
    }

    @Test(arguments: sizes, SASLMechanism.allCases.filter { $0 != .external })
    func `every mechanism proves who the client is`(size: Int, mechanism: SASLMechanism) throws {
        var configuration = ClientSession.Configuration()
        configuration.cryptography = OpenSSLCryptography()
        configuration.isTraced = true
        var security = SecurityPolicy()
        security.tls = .offered
        security.mechanisms = SASLMechanism.allCases
        security.cryptography = OpenSSLCryptography()
        let sessions = JoinedSessions(
            configuration, pieceSize: size, server: .init(hostname: "mx.example", security: security))
        try Self.hello(sessions)
        try sessions.perform { session, output throws(SMTPError) in try session.startTLS(into: &output) }
        #expect(sessions.client.capabilities == nil)
        try Self.hello(sessions)
        let credentials = SASLCredentials(user: "alice", secret: Secret("secret"))
        try sessions.perform { session, output throws(SMTPError) in
            try session.authenticate(credentials, mechanism, into: &output)
        }
        #expect(sessions.events.last == "finished 235")
        #expect(sessions.client.authenticatedBy == mechanism.rawValue)
        #expect(sessions.client.user == "alice")
        let shown = sessions.trace.map { "\($0)" }.joined()
        for secret in [Array("secret".utf8), Array("\0alice\0secret".utf8)] {
            #expect(!shown.contains(String(decoding: Base64.encode(secret), as: UTF8.self)))
        }
    }

    @Test func `a wrong password is refused, and the session goes on`() throws {
        var configuration = ClientSession.Configuration()
        configuration.cryptography = OpenSSLCryptography()
        configuration.allowsSecretsInClear = true
        var security = SecurityPolicy()
        security.mechanisms = [.plain, .cramMD5]
        security.allowsSecretsInClear = true
        security.cryptography = OpenSSLCryptography()
        let sessions = JoinedSessions(configuration, server: .init(hostname: "mx.example", security: security))
        try Self.hello(sessions)
        for mechanism in [nil, SASLMechanism.plain] {
            try sessions.perform { session, output throws(SMTPError) in
                try session.authenticate(
                    SASLCredentials(user: "alice", secret: Secret("wrong")), mechanism, into: &output)
            }
            #expect(sessions.events.last == "finished 535")
            #expect(sessions.client.user == nil)
        }
    }

    @Test func `a password is not sent in clear`() throws {
        var security = SecurityPolicy()
        security.mechanisms = [.plain]
        security.allowsSecretsInClear = true
        security.cryptography = OpenSSLCryptography()
        let sessions = JoinedSessions(server: .init(hostname: "mx.example", security: security))
        try Self.hello(sessions)
        let before = sessions.sent
        let error = #expect(throws: SMTPError.self) {
            try sessions.perform { session, output throws(SMTPError) in
                try session.authenticate(SASLCredentials(user: "alice", secret: Secret("secret")), into: &output)
            }
        }
        #expect(error?.code == .secretInClear)
        #expect(sessions.sent == before)
    }

    @Test(arguments: [
        "a@example.org> SIZE=1", "a@exa mple.org", "a@example.org\r\nRSET", "a\r\nRSET@example.org",
        "a@example.org\u{0}",
    ])
    func `nothing breaks out of its argument`(address: String) throws {
        let sessions = JoinedSessions()
        try Self.hello(sessions)
        let before = sessions.sent
        for envelope in [Envelope(from: address, to: "b@example.org"), Envelope(from: "b@example.org", to: address)] {
            let error = #expect(throws: SMTPError.self) { try sessions.deliver(Transaction(envelope), "hi") }
            #expect(error?.code == .invalidArgument)
        }
        #expect(throws: SMTPError.self) {
            try sessions.perform { session, output throws(SMTPError) in
                try session.sayHello("a\r\nQUIT", into: &output)
            }
        }
        #expect(sessions.sent == before)
    }

    @Test func `what is not offered is not asked for`() throws {
        let sessions = JoinedSessions(server: .init(hostname: "mx.example", hidden: [.smtpUTF8, .size, .eightBitMIME]))
        try Self.hello(sessions)
        let before = sessions.sent
        for parameter in [
            ESMTPParameter("SIZE", "1"), ESMTPParameter("BODY", "8BITMIME"), ESMTPParameter("SMTPUTF8"),
            ESMTPParameter("BODY", "BINARYMIME"), ESMTPParameter("AUTH", "<>"), ESMTPParameter("HOLDFOR", "1"),
            ESMTPParameter("X-UNKNOWN", "1"),
        ] {
            let envelope = Envelope(from: "a@example.org", to: "b@example.org", parameters: [parameter])
            let error = #expect(throws: SMTPError.self) { try sessions.deliver(Transaction(envelope), "hi") }
            #expect(error?.code == .extensionNotOffered, "\(parameter)")
        }
        let error = #expect(throws: SMTPError.self) {
            try sessions.deliver(Transaction(Envelope(from: "jörg@example.org", to: "b@example.org")), "hi")
        }
        #expect(error?.reason == "SMTPUTF8")
        #expect(throws: SMTPError.self) {
            try sessions.perform { session, output throws(SMTPError) in try session.startTLS(into: &output) }
        }
        #expect(sessions.sent == before)
    }

    @Test(arguments: ["250 more\r\n", "2"])
    func `what came with the last reply that is due answers nothing`(surplus: String) throws {
        var session = ClientSession()
        var output = ClientOutput()
        session.connected(into: &output)
        session.receive(Array("220 mx.example\r\n".utf8).span, into: &output)
        try session.sayHello("client.example", into: &output)
        output = ClientOutput()
        session.receive(Array("502 what?\r\n\(surplus)".utf8).span, into: &output)
        #expect(session.failure?.code == .outOfSync)
        #expect(output.octets.isEmpty)
    }

    @Test func `what comes with the greeting answers no command of the plan`() throws {
        var session = ClientSession()
        var output = ClientOutput()
        session.connected(into: &output)
        try session.prepare(SessionPlan(helloName: "client.example"), into: &output)
        session.receive(Array("220 mx.example\r\n250 surplus\r\n".utf8).span, into: &output)
        #expect(session.failure?.code == .outOfSync)
        #expect(output.octets.isEmpty)
    }
}
