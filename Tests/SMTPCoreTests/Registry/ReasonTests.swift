import ProcessSupport
import SMTPCore
import Testing

@Suite("Reasons", .timed)
struct ReasonTests {
    private func explain(_ line: String, from provider: String? = nil) throws -> CodeExplanation {
        let query = try CodePicker.pick(in: line)?.query ?? #require(try? CodeQuery(exactly: line))
        let text = (try? CodeQuery(exactly: line)) == nil ? line : ""
        return StatusRegistry.explain(query, in: text, from: provider.map(StatusRegistry.providers(named:)))
    }

    @Test(arguments: [
        // The provider's row, before everything else.
        ("550 5.1.1 <a@example.org> too many recipients this hour. IB607", "rate-limited", SenderAction.retry),
        ("550 5.7.606 Access denied, banned sending IP [192.0.2.1]", "blocked-ip", .fix),
        // A definite code.
        ("5.1.1", "unknown-user", .giveUp), ("4.2.2", "mailbox-full", .retry), ("5.2.2", "mailbox-full", .retry),
        ("550 5.7.23 no", "spf-failed", .fix), ("5.7.1", "policy-refused", .fix), ("2.0.0", "accepted", .proceed),
        // The words, where the code is vague or says nothing.
        ("550 Mail rejected: DMARC policy of example.org is reject", "dmarc-failed", .fix),
        ("554 Client host [192.0.2.1] blocked using rbl.example", "blocked-ip", .fix),
        ("552 Too many recipients", "too-many-recipients", .retry), ("550 mailbox is full", "mailbox-full", .retry),
        ("450 4.7.1 Greylisted, see you", "greylisted", .retry), ("550 SPF check failed", "spf-failed", .fix),
        ("552-Too 552 many recipients", "too-many-recipients", .retry),
        // The bare code.
        ("550", "undetermined", .giveUp), ("554", "undetermined", .giveUp), ("552", "mailbox-full", .retry),
        // An unregistered code, by its subject.
        ("5.7.990", "policy-refused", .fix), ("5.4.990", "network-error", .fix), ("5.1.990", "undetermined", .giveUp),
    ])
    func `the best evidence decides`(line: String, reason: String, action: SenderAction) throws {
        let explanation = try explain(line)
        #expect(explanation.reason?.id == reason)
        #expect(explanation.action == action)
    }

    @Test(arguments: [
        // Keys, host names and addresses are no words of the reply.
        "relay=relay.example.net[192.0.2.1], dsn=5.0.0, status=bounced (said: 550 no)",
        "to=<spam@example.org>, said: 550 no", "host virus.example.org said: 550 no",
    ])
    func `names are not evidence`(line: String) throws {
        #expect(try explain(line).reason?.id == "undetermined")
    }

    @Test(arguments: [
        // None of these wordings is in the tables: single words of them are.
        ("550 Bulk junk goes elsewhere", "content-spam", SenderAction.fix),
        ("554 5.7.1 Your password or username, pray", "authentication-failed", .fix),
        ("550 That inbox has its storage full", "mailbox-full", .retry),
    ])
    func `single words tell the reason where the code says nothing`(
        line: String, reason: String, action: SenderAction
    ) throws {
        let explanation = try explain(line)
        #expect(explanation.reason?.id == reason)
        #expect(explanation.action == action)
    }

    @Test(arguments: [
        // A code that says something, words before the reply, and words within names and keys.
        ("503 password first", "protocol-error"), ("550 5.1.1 bulk junk", "unknown-user"),
        ("bulk junk said: 550 no", "undetermined"), ("550 no; helo=<bulk.example>, junk=1", "undetermined"),
        ("250 bulk junk", "accepted"),
    ])
    func `single words do not outweigh a code, and count in the reply's text only`(line: String, reason: String) throws
    {
        #expect(try explain(line).reason?.id == reason)
    }

    @Test(arguments: [
        // A gateway's own words give way to the reply that it quotes.
        (
            "5.1.0 - Unknown address error 550-'5.7.1 <a@b.example>... Access denied' (delivery attempts: 0)",
            "policy-refused"
        ),
        (
            "5.1.0 - Unknown address error 550-'5.2.2 <a@b.example>... Mailbox Full' (delivery attempts: 0)",
            "mailbox-full"
        ),
        ("5.3.0 - Other mail system problem 554-'5.7.1 blocked using zen.spamhaus.org'", "blocked-ip"),
        ("550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required", "recipient-restricted"),
        ("550 5.4.316 Message expired, connection refused(Socket error code 10061)", "network-error"),
    ])
    func `a quoted reply and the cause come before the frame`(line: String, reason: String) throws {
        #expect(try explain(line).reason?.id == reason)
    }

    @Test func `a row with a phrase does not match without it`() throws {
        let line = "host eu-smtp-inbound-1.mimecast.com said: 554 nothing known"
        #expect(try explain(line).decidingMeaning == nil)
        #expect(try explain(line).provider?.id == "mimecast")
    }

    @Test func `the client's host does not name the provider`() throws {
        let line = "NOQUEUE: reject: RCPT from mail-x1.google.com[192.0.2.1]: 450 4.7.1 Client host rejected"
        #expect(try explain(line).provider?.id != "gmail")
    }

    @Test func `an unregistered code names the providers that use it`() throws {
        #expect(try explain("5.7.606").users.contains { $0.provider.id == "microsoft-365" })
        #expect(try explain("5.7.1").users.isEmpty)
    }

    @Test func `the exit status follows the reason`() throws {
        #expect(try explain("550 mailbox is full").sysexit == .cannotCreate)
        #expect(try explain("550 no such user").sysexit == .noUser)
        #expect(try explain("450 no such user").sysexit == .temporaryFailure)
    }

    @Test func `every phrase of the table leads to its reason, or to one of a stronger phrase`() throws {
        for number in 0..<50 {
            let reason = StatusRegistry.reasons[number]
            #expect(StatusRegistry.reason(named: reason.id) == reason)
            #expect(!reason.title.isEmpty && !reason.meaning.isEmpty)
        }
    }

    @Test func `random bytes never trap`() {
        var random = SeededGenerator(seed: 421)
        var judge = ReplyJudge()
        let pieces = Array("spf failed 550 5.7.1 blocked using user unknown [TSS04] *=@._-\u{A0}".utf8)
        for _ in 0..<5000 {
            let line = (0..<Int(random.next() % 120)).map { _ in
                random.next() % 5 == 0
                    ? UInt8(truncatingIfNeeded: random.next()) : pieces[Int(random.next() % UInt64(pieces.count))]
            }
            line.withUnsafeBytes { _ = judge.judge(ReplyCode(rawValue: 550), nil, in: $0) }
        }
    }
}
