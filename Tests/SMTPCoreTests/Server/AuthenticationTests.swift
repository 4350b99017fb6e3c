import ProcessSupport
import SMTPCore
import Testing
import TranscriptSupport

/// Tests of AUTH beyond transcripts: traces, questions and answers.
@Suite("AUTH", .timed)
struct AuthenticationTests {
    private static func configuration(
        _ mechanisms: [SASLMechanism] = [.plain, .login], offersTLS: Bool = false
    ) -> ServerSession.Configuration {
        var policy = SecurityPolicy()
        policy.tls = offersTLS ? .offered : .none
        policy.mechanisms = mechanisms
        policy.allowsSecretsInClear = true
        policy.cryptography = FixedChance()
        return .init(hostname: "mx.example", banner: "", security: policy, isTraced: true)
    }

    /// Returns the client's lines after `EHLO` as the trace shows them.
    private func shown(_ text: String) -> [String] {
        let dialogue = Dialogue(Self.configuration())
        dialogue.verdict = { decision in
            switch decision {
            case .authenticate: .answer(.refused)
            case .connection, .hello, .sender, .recipient, .message, .authenticationFailure, .verify, .expand, .step,
                .pause, .stall:
                .accept
            }
        }
        dialogue.send("EHLO client.example\r\n" + text)
        return dialogue.output.trace.compactMap { entry in
            if case .client(let line) = entry { line } else { nil }
        }.dropFirst().map { $0 }
    }

    @Test(arguments: [
        ("AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n", ["AUTH PLAIN ***"]),
        ("auth plain AGFsaWNlAHNlY3JldA== x\r\n", ["auth plain ***"]),
        ("AUTH LOGIN\r\nYWxpY2U=\r\nc2VjcmV0\r\n", ["AUTH LOGIN", "***", "***"]),
        ("AUTH LOGIN\r\n*\r\n", ["AUTH LOGIN", "*"]),
        ("AUTH GSSAPI\r\nc2VjcmV0\r\nNOOP\r\n", ["AUTH GSSAPI", "***", "NOOP"]),
        ("AUTH\tPLAIN\tc2VjcmV0\r\n", ["***"]),
        ("  AUTH PLAIN c2VjcmV0\r\n", ["***"]),
        ("AUTHPLAIN c2VjcmV0\r\nc2VjcmV0\r\n", ["***", "***"]),
        ("\u{1}AUTH PLAIN c2VjcmV0\r\n", ["***"]),
        ("AUTH   PLAIN   c2VjcmV0\r\n", ["AUTH   PLAIN ***"]),
        ("NOOP\r\nWHAT\r\n", ["NOOP", "WHAT"]),
    ])
    func `no trace shows a secret`(text: String, lines: [String]) {
        #expect(shown(text) == lines)
    }

    @Test func `a decision describes no secret`() {
        let question = SASLQuestion.password(user: "alice", actingAs: nil, Secret("hunter2"))
        var dumped = ""
        dump(Decision.authenticate(question), to: &dumped)
        for text in ["\(Decision.authenticate(question))", String(reflecting: question), dumped] {
            #expect(!text.contains("hunter2"))
        }
    }

    @Test(arguments: [
        (SASLAnswer.accepted, "235 2.7.0"), (.acceptedAs("ann"), "235 2.7.0"), (.refused, "535 5.7.8"),
        (.password(Secret("secret")), "235 2.7.0"), (.password(Secret("other")), "535 5.7.8"),
        (.unavailable, "454 4.7.0"),
    ])
    func `every answer has its reply`(answer: SASLAnswer, reply: String) {
        let dialogue = Dialogue(Self.configuration())
        dialogue.verdict = { decision in
            if case .authenticate = decision { .answer(answer) } else { .accept }
        }
        dialogue.send("EHLO client.example\r\nAUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n")
        #expect(dialogue.replies.split(separator: "\r\n").last?.hasPrefix(reply) == true)
        let user = dialogue.session.peer.username
        #expect((user != nil) == reply.hasPrefix("235"))
        if answer == .acceptedAs("ann") { #expect(user == "ann") }
    }

    @Test(arguments: [
        DecisionAnswer.accept, .reply(.localError), .reply(.authenticationFailed), .queued(QueueID(rawValue: "1")),
        .perRecipient([.ok]),
    ])
    func `an answer that is none lets nobody in`(verdict: DecisionAnswer) {
        let dialogue = Dialogue(Self.configuration())
        dialogue.verdict = { decision in
            if case .authenticate = decision { verdict } else { .accept }
        }
        dialogue.send("EHLO client.example\r\nAUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n")
        let last = dialogue.replies.split(separator: "\r\n").last
        #expect(last?.hasPrefix("4") == true || last?.hasPrefix("5") == true)
        let user = dialogue.session.peer.username
        #expect(user == nil)
        // The session goes on with commands.
        dialogue.send("NOOP\r\n")
        #expect(dialogue.replies.hasSuffix("250 2.0.0 Ok\r\n"))
    }

    @Test(arguments: [1, 2, 7, Int.max])
    func `commands behind an exchange are served in order in any pieces`(size: Int) {
        let dialogue = Dialogue(Self.configuration())
        dialogue.verdict = { decision in
            if case .authenticate(let question) = decision { .answer(Transcript.answer(question)) } else { .accept }
        }
        dialogue.send(
            "EHLO c\r\nAUTH LOGIN\r\nYWxpY2U=\r\nc2VjcmV0\r\nMAIL FROM:<joe@example.org>\r\nQUIT\r\n", inPiecesOf: size)
        let codes = dialogue.replies.split(separator: "\r\n").map { $0.prefix(4) }.filter { $0.hasSuffix(" ") }
        #expect(codes == ["220 ", "250 ", "334 ", "334 ", "235 ", "250 ", "221 "])
        let transmission = dialogue.session.peer.transmissionProtocol
        #expect(transmission.rawValue == "ESMTPA")
    }

    @Test func `EXTERNAL is offered for a certificate, and bindings within TLS, only`() {
        let all = Self.configuration(SASLMechanism.allCases, offersTLS: true)
        let dialogue = Dialogue(all)
        dialogue.send("EHLO c\r\n")
        #expect(
            dialogue.replies.contains("AUTH PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256 XOAUTH2 OAUTHBEARER\r\n"))
        dialogue.send("STARTTLS\r\n")
        dialogue.send("EHLO c\r\n")
        #expect(dialogue.replies.contains("SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2"))
        #expect(!dialogue.replies.contains("EXTERNAL"))
    }
}
