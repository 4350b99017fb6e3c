import ProcessSupport
import SMTPCore
import Testing

@Suite("Interceptions", .timed)
struct InterceptionTests {
    private static let notNow = Reply(450, .transient(.otherUndefinedStatus), "Not now")

    /// The steps that a dialogue came to.
    private final class Steps {
        var all: [DialogueStep] = []
    }

    /// A dialogue in which every step is noted, and one stage is intercepted.
    private struct Intercepted {
        let dialogue: Dialogue
        private let noted = Steps()
        var steps: [DialogueStep] { noted.all }

        init(_ stage: DialogueStage?, _ interception: Interception = Interception()) {
            let verdict: (Decision) -> DecisionAnswer = { [noted] decision in
                guard case .step(let step) = decision else { return .accept }
                noted.all.append(step)
                return step.stage == stage ? .intercept(interception) : .accept
            }
            dialogue = Dialogue(
                .init(hostname: "mx.example", banner: "", intercepted: Set(DialogueStage.allCases)), verdict: verdict)
        }

        /// The replies since it was last asked.
        func say(_ text: String, inPiecesOf size: Int = .max) -> String {
            dialogue.replies = ""
            dialogue.send(text, inPiecesOf: size)
            return dialogue.replies
        }
    }

    private static let transaction = """
        EHLO c.example\r\nMAIL FROM:<joe@example.org> SIZE=9\r\nRCPT TO:<ann@example.net>\r\nDATA\r
        Subject: x\r\n\r\nbody\r\n.\r\n
        """.replacing("\n\n", with: "\n")

    @Test(arguments: [Int.max, 7, 1])
    func `each stage is come to once, with its argument`(size: Int) {
        let intercepted = Intercepted(nil)
        _ = intercepted.say(
            Self.transaction + "NOOP a b\r\nRSET\r\nVRFY ann\r\nAUTH PLAIN AGEAYg==\r\nQUIT\r\n", inPiecesOf: size)
        let envelope = "<joe@example.org> <ann@example.net>"
        #expect(
            intercepted.steps == [
                DialogueStep(.connect, argument: "192.0.2.1"), DialogueStep(.helo, argument: "c.example"),
                DialogueStep(.mail, argument: "FROM:<joe@example.org> SIZE=9"),
                DialogueStep(.rcpt, argument: "TO:<ann@example.net>"), DialogueStep(.data, argument: envelope),
                DialogueStep(.body, argument: envelope), DialogueStep(.dot, argument: envelope),
                DialogueStep(.noop, argument: "a b"), DialogueStep(.rset), DialogueStep(.vrfy, argument: "ann"),
                DialogueStep(.auth, argument: "PLAIN"), DialogueStep(.quit),
            ])
        #expect(intercepted.dialogue.messages == ["Subject: x\r\n\r\nbody\r\n"])
    }

    @Test(
        arguments: [
            (.helo, "EHLO c.example\r\nMAIL FROM:<>\r\n", "450 4.0.0 Not now\r\n503 5.5.1 Send EHLO or HELO first\r\n"),
            (
                .mail, "EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\n",
                "450 4.0.0 Not now\r\n503 5.5.1 Send MAIL first\r\n"
            ),
            (.noop, "NOOP\r\nRSET\r\n", "450 4.0.0 Not now\r\n250 2.0.0 Ok\r\n"),
            (.quit, "QUIT\r\nNOOP\r\n", "450 4.0.0 Not now\r\n250 2.0.0 Ok\r\n"),
        ] as [(DialogueStage, String, String)])
    func `a refusal takes the step's place`(stage: DialogueStage, said: String, replies: String) {
        for size in [Int.max, 1] {
            let intercepted = Intercepted(stage, Interception(reply: Self.notNow))
            #expect(intercepted.say(said, inPiecesOf: size).hasSuffix(replies))
        }
    }

    @Test(arguments: [DialogueStage.data, .body, .dot])
    func `a message that is refused leaves nothing behind`(stage: DialogueStage) {
        for size in [Int.max, 5, 1] {
            var isFirst = true
            let intercepted = Intercepted(stage)
            intercepted.dialogue.verdict = { decision in
                guard case .step(let step) = decision, step.stage == stage, isFirst else { return .accept }
                isFirst = false
                return .intercept(Interception(reply: Self.notNow))
            }
            let body = stage == .data ? "RSET\r\n" : "Subject: lost\r\n\r\nx\r\n.\r\n"
            let start = "EHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n"
            let replies = intercepted.say(start + body + Self.transaction, inPiecesOf: size)
            #expect(replies.split(separator: "\r\n").count { $0 == "450 4.0.0 Not now" } == 1)
            #expect(replies.hasSuffix("354 End data with <CR><LF>.<CR><LF>\r\n250 2.0.0 Ok\r\n"))
            #expect(intercepted.dialogue.messages == ["Subject: x\r\n\r\nbody\r\n"])
        }
    }

    @Test func `an acceptance replaces the usual words, and no refusal`() {
        let intercepted = Intercepted(.mail, Interception(reply: Reply(250, nil, "Fine")))
        #expect(intercepted.say("MAIL FROM:<>\r\n") == "503 5.5.1 Send EHLO or HELO first\r\n")
        _ = intercepted.say("HELO c\r\n")
        #expect(intercepted.say("MAIL FROM:<>\r\nRCPT TO:<a@b>\r\n") == "250 Fine\r\n250 2.1.5 Recipient ok\r\n")
    }

    @Test func `421, drop, reset and stall end the dialogue`() {
        let closing = Intercepted(.noop, Interception(reply: .shuttingDown))
        #expect(closing.say("NOOP\r\nNOOP\r\n") == "421 4.3.2 Service shutting down, closing channel\r\n")
        #expect(closing.dialogue.isClosed)
        let dropped = Intercepted(.noop, Interception(ending: .drop))
        #expect(dropped.say("RSET\r\nNOOP\r\nNOOP\r\n") == "250 2.0.0 Ok\r\n")
        #expect(dropped.dialogue.isClosed)
        let both = Intercepted(.noop, Interception(reply: Self.notNow, ending: .drop))
        #expect(both.say("NOOP\r\nNOOP\r\n") == "450 4.0.0 Not now\r\n")
        #expect(both.dialogue.isClosed)
        let reset = Intercepted(.connect, Interception(ending: .reset))
        #expect(reset.dialogue.replies == "" && reset.dialogue.isReset)
        let stalled = Intercepted(.noop, Interception(ending: .stall))
        #expect(stalled.say("NOOP\r\nNOOP\r\n") == "" && !stalled.dialogue.isClosed)
        let isHeld = stalled.dialogue.session.isHeld
        #expect(isHeld)
    }

    @Test func `replies are cut, garbled and slowed down`() {
        let cut = Intercepted(.noop, Interception(form: .truncated))
        #expect(cut.say("NOOP\r\nNOOP\r\n") == "250 2.0")
        #expect(cut.dialogue.isClosed)
        let garbled = Intercepted(.helo, Interception(form: .garbled))
        let lines = garbled.say("EHLO c\r\n").split(separator: "\r\n")
        #expect(lines.count > 2 && lines.allSatisfy { $0.hasPrefix("?50") })
        let slow = Intercepted(.noop, Interception(form: .slow(pause: .milliseconds(5))))
        #expect(slow.say("NOOP\r\nRSET\r\n") == "250 2.0.0 Ok\r\n250 2.0.0 Ok\r\n")
        #expect(slow.dialogue.pauses == [.milliseconds(5)])
        let last = Intercepted(.quit, Interception(form: .slow(pause: .milliseconds(5))))
        #expect(last.say("QUIT\r\n") == "221 2.0.0 Bye\r\n")
        #expect(last.dialogue.isClosed)
        let cutTLS = Intercepted(.quit, Interception(form: .truncated))
        #expect(cutTLS.say("QUIT\r\n") == "221 2.0" && cutTLS.dialogue.isClosed)
    }

    @Test func `a delay holds up what is behind it`() {
        let intercepted = Intercepted(.rcpt, Interception(delay: .seconds(3), reply: Self.notNow))
        let replies = intercepted.say("EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\nNOOP\r\n")
        #expect(replies.hasSuffix("Sender ok\r\n450 4.0.0 Not now\r\n250 2.0.0 Ok\r\n"))
        #expect(intercepted.dialogue.pauses == [.seconds(3)])
    }

    @Test(arguments: [1, 64, 100_000])
    func `content is counted before its interception`(size: Int) {
        let start = "EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\nDATA\r\n"
        let line = String(repeating: "x", count: 98) + "\r\n"
        let short = Intercepted(.body, Interception(after: 1_000, ending: .drop))
        #expect(short.say(start + String(repeating: line, count: 5) + ".\r\n", inPiecesOf: size).hasSuffix("Ok\r\n"))
        #expect(short.dialogue.messages.count == 1)
        let long = Intercepted(.body, Interception(after: 1_000, ending: .drop))
        #expect(
            long.say(start + String(repeating: line, count: 20) + ".\r\n", inPiecesOf: size).hasSuffix(".<CR><LF>\r\n"))
        #expect(long.dialogue.isClosed && long.dialogue.messages.isEmpty)
        let late = Intercepted(.body, Interception(after: 1_000, delay: .seconds(1)))
        #expect(late.say(start + String(repeating: line, count: 20) + ".\r\n", inPiecesOf: size).hasSuffix("Ok\r\n"))
        #expect(late.dialogue.pauses == [.seconds(1)] && late.dialogue.messages.first?.utf8.count == 2_000)
        let early = Intercepted(.body, Interception(after: 1_000, reply: Self.notNow))
        let said = start + String(repeating: line, count: 20) + ".\r\nNOOP\r\n"
        #expect(early.say(said, inPiecesOf: size).hasSuffix("<LF>\r\n450 4.0.0 Not now\r\n250 2.0.0 Ok\r\n"))
    }

    @Test(arguments: [Int.max, 1])
    func `chunks are read whatever they are answered`(size: Int) {
        let start = "EHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n"
        let refused = Intercepted(.bdat, Interception(reply: Self.notNow))
        let replies = refused.say(start + "BDAT 6\r\nQUIT\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n", inPiecesOf: size)
        #expect(replies.hasSuffix("2.1.5 Recipient ok\r\n450 4.0.0 Not now\r\n450 4.0.0 Not now\r\n250 2.0.0 Ok\r\n"))
        let ended = Intercepted(.dot, Interception(reply: Self.notNow))
        #expect(
            ended.say(start + "BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n", inPiecesOf: size).hasSuffix(
                "450 4.0.0 Not now\r\n250 2.0.0 Ok\r\n"))
        let inside = Intercepted(.body, Interception(after: 10, reply: Self.notNow))
        let three = "BDAT 6\r\nQUIT\r\nBDAT 6\r\nQUIT\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n"
        #expect(
            inside.say(start + three, inPiecesOf: size).hasSuffix(
                "250 2.0.0 Ok, 6 octets received\r\n450 4.0.0 Not now\r\n503 5.5.1 Send MAIL first\r\n250 2.0.0 Ok\r\n")
        )
        let cut = Intercepted(.body, Interception(after: 10, ending: .drop))
        #expect(cut.say(start + three, inPiecesOf: size).hasSuffix("6 octets received\r\n") && cut.dialogue.isClosed)
        let late = Intercepted(.body, Interception(after: 100, ending: .drop))
        #expect(late.say(start + three + "NOOP\r\n", inPiecesOf: size).hasSuffix("250 2.0.0 Ok\r\n"))
        #expect(late.dialogue.messages.count == 1)
        let slow = Intercepted(.bdat, Interception(form: .truncated))
        #expect(slow.say(start + three, inPiecesOf: size).hasSuffix("2.1.5 Recipient ok\r\n250 2.0.0 Ok, 6 "))
        #expect(slow.dialogue.isClosed)
    }

    @Test func `STARTTLS that is cut off begins no handshake`() {
        var policy = SecurityPolicy()
        policy.tls = .offered
        let dialogue = Dialogue(
            .init(hostname: "mx.example", security: policy, intercepted: [.starttls]),
            verdict: { _ in .intercept(Interception(form: .truncated)) })
        dialogue.send("EHLO c\r\nSTARTTLS\r\n")
        let properties = dialogue.session.peer.tls
        #expect(dialogue.isClosed && properties == nil)
    }
}
