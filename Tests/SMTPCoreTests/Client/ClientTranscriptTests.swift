import ProcessSupport
import SMTPCore
import Testing

@Suite("Transcripts of the client", .timed)
struct ClientTranscriptTests {
    @Test(arguments: ClientTranscript.all, [1, 3, Int.max])
    func `the client does as written, whatever the pieces`(transcript: ClientTranscript, pieceSize: Int) {
        #expect(ClientRunner.mismatches(transcript, pieceSize: pieceSize) == [])
    }

    @Test func `there are enough of them, and each says what it is about`() {
        #expect(ClientTranscript.all.count >= 20)
    }

    @Test func `a client that does otherwise is found out`() throws {
        for line in ["C: NOOP", "E: closed", "E: finished 250", "S: 250 extra"] {
            let transcript = try ClientTranscript("S: 220 hi\nE: finished 220\n\(line)\n", name: "wrong")
            #expect(ClientRunner.mismatches(transcript, pieceSize: .max) != [], "\(line)")
        }
    }

    /// All that a server sends in a whole session, cut off after any byte or continued with noise: the session must
    /// neither trap nor loop for ever.
    @Test func `the end at any octet, and noise behind it, are survived`() throws {
        let script = Array(
            "220 mx.example\r\n250-mx.example\r\n250-PIPELINING\r\n250 SIZE 1000\r\n250 Ok\r\n250 Ok\r\n550 No\r\n354 Go\r\n"
                .utf8)
        var random = SeededGenerator()
        for end in 0...script.count {
            for noiseLength in [0, 40] {
                var session = ClientSession()
                var output = ClientOutput()
                session.connected(into: &output)
                let noise = (0..<noiseLength).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                for octet in script[..<end] + noise {
                    session.receive([octet].span, into: &output)
                    guard !session.isBusy, !session.isClosed else { continue }
                    if session.hello == nil {
                        try? session.sayHello("client.example", into: &output)
                    } else {
                        try? session.begin(
                            Transaction(Envelope(from: "a@example.org", to: "b@example.org", "c@example.org")),
                            into: &output)
                    }
                }
                session.inputClosed(into: &output)
                #expect(session.isClosed == true)
                #expect(session.failure != nil, "\(end) \(noiseLength)")
            }
        }
    }

    @Test(arguments: [1, 100, Int.max])
    func `chunks of any size make one message`(pieceSize: Int) throws {
        var configuration = ClientSession.Configuration()
        configuration.chunkSize = 100
        let sessions = JoinedSessions(configuration, pieceSize: pieceSize)
        try ClientSessionTests.hello(sessions)
        let content = String(repeating: ".a line of text\r\n", count: 100)
        let envelope = Envelope(from: "a@example.org", to: "b@example.org")
        for _ in 0..<2 {
            // More is given than may be unanswered: the session gathers it until the server has answered.
            try sessions.deliver(Transaction(envelope, transfer: .chunks), content)
            #expect(sessions.client.transaction?.isDeliveredToAll == true)
        }
        #expect(sessions.messages.map(\.content) == [content, content])
        #expect(String(decoding: sessions.sent, as: UTF8.self).contains("BDAT 0 LAST") == false)
    }

    @Test(arguments: [1, Int.max])
    func `each recipient has a reply of its own with LMTP`(pieceSize: Int) throws {
        var configuration = ClientSession.Configuration()
        configuration.isLMTP = true
        let sessions = JoinedSessions(
            configuration, pieceSize: pieceSize,
            server: .init(serverProtocol: .lmtp, hostname: "mx.example", decisions: .all))
        sessions.verdict = { decision in
            switch decision {
            case .recipient(let recipient) where recipient.path.description.hasPrefix("no"): .reply(.mailboxNotFound)
            case .message: .perRecipient([Reply(250, nil, "Ok"), Reply(452, nil, "Full")])
            case _: .accept
            }
        }
        try ClientSessionTests.hello(sessions)
        try sessions.deliver(
            Transaction(Envelope(from: "a@example.org", to: "b@example.org", "no@example.org", "c@example.org")), "hi\n"
        )
        let transaction = sessions.client.transaction
        let outcome = try #require(transaction)
        #expect(outcome.recipients.map { $0.delivery?.code } == [250, nil, 452])
        #expect(outcome.recipients.map(\.isDelivered) == [true, false, false])
        #expect(sessions.client.awaitedCount == 0 && sessions.client.failure == nil)
    }
}
