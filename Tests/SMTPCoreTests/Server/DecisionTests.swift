import ProcessSupport
import SMTPCore
import Testing

/// The answers that a driver gives to a session's decisions, by their types.
@Suite("Decisions", .timed)
struct DecisionTests {
    /// A session that has read some lines, and the text that it has sent since it was last asked.
    private struct Driven: ~Copyable {
        var session: ServerSession
        var output = ServerOutput()

        init(_ configuration: ServerSession.Configuration) {
            session = ServerSession(configuration: configuration, peer: Peer(address: .local, serverName: "mx.example"))
            session.start(into: &output)
        }

        mutating func send(_ lines: String) {
            output = ServerOutput()
            session.receive(Array(lines.utf8).span, into: &output)
        }

        /// The codes of the replies.
        var codes: [String] {
            String(decoding: output.replies, as: UTF8.self).split(separator: "\r\n").map { String($0.prefix(4)) }
        }
    }

    private static let envelope = "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nRCPT TO:<e@f>\r\nDATA\r\n"

    @Test(arguments: [
        (MessageVerdict.queued(QueueID(rawValue: "q1")), ["250 "]), (.reply(.mailboxFull), ["452 "]),
        (.perRecipient([.ok, .mailboxFull]), ["452 "]), (.perRecipient([.ok, .ok]), ["250 "]),
        (.close(.shuttingDown), ["421 "]), (.close(nil), []),
    ])
    func `a message is answered by a verdict of its own`(verdict: MessageVerdict, codes: [String]) {
        var driven = Driven(.init(hostname: "mx.example"))
        driven.send(Self.envelope)
        driven.send("x\r\n.\r\n")
        let event = driven.output.event
        #expect(event == .decide(.message))
        driven.output = ServerOutput()
        driven.session.resolveMessage(verdict, into: &driven.output)
        let found = driven.codes
        #expect(found == codes)
        let isClosed = driven.session.isClosed
        #expect(isClosed == codes.allSatisfy { $0 == "421 " })
    }

    @Test(arguments: [
        (Verdict.accept, "250 "), (.reply(.mailboxNotFound), "550 "), (.close(.shuttingDown), "421 "),
    ])
    func `a recipient is accepted, refused, or ends the connection`(verdict: Verdict, code: String) {
        var driven = Driven(.init(hostname: "mx.example", decisions: [.recipient]))
        driven.send("EHLO c\r\nMAIL FROM:<a@b>\r\n")
        driven.send("RCPT TO:<c@d>\r\n")
        driven.output = ServerOutput()
        driven.session.resolve(verdict, into: &driven.output)
        let found = driven.codes
        #expect(found == [code])
    }

    @Test(arguments: [(Interception(reply: Reply(450, nil, "Not now")), "450 "), (nil, "250 ")])
    func `a step is intercepted, or passes`(interception: Interception?, code: String) {
        var driven = Driven(.init(hostname: "mx.example", intercepted: [.rcpt]))
        driven.send("EHLO c\r\nMAIL FROM:<a@b>\r\n")
        driven.send("RCPT TO:<c@d>\r\n")
        driven.output = ServerOutput()
        driven.session.resolveStep(interception, into: &driven.output)
        let found = driven.codes
        #expect(found == [code])
    }

    @Test func `each kind of decision has a bit of its own, and there is room for more`() {
        let kinds: [Decision.Kinds] = [.connection, .hello, .sender, .recipient, .verify, .expand, .reset]
        #expect(Set(kinds.map(\.rawValue)).count == kinds.count)
        #expect(Decision.Kinds.RawValue.bitWidth == 32)
    }
}
