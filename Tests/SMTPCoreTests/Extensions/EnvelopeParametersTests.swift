import ProcessSupport
import Testing

@testable import SMTPCore

@Suite("Parameters in the envelope", .timed)
struct EnvelopeParametersTests {
    /// The envelope of a message that came with these parameters.
    private func envelope(mail: String = "", rcpt: String = "") throws -> Envelope {
        let dialogue = Dialogue(
            .init(hostname: "mx.example", promised: ServiceExtension.promises))
        dialogue.send(
            "EHLO client.example\r\nMAIL FROM:<a@b.example> \(mail)\r\nRCPT TO:<c@d.example> \(rcpt)\r\nDATA\r\n.\r\n")
        return try #require(dialogue.envelopes.first, "\(dialogue.replies)")
    }

    @Test func `what is not said is absent`() throws {
        let envelope = try envelope()
        let recipient = try #require(envelope.recipients.first)
        #expect(envelope.returnedContent == nil)
        #expect(envelope.identifier == nil)
        #expect(envelope.deliverBy == nil)
        #expect(envelope.futureRelease == nil)
        #expect(envelope.submitter == nil)
        #expect(envelope.priority == 0)
        #expect(!envelope.requiresTLS)
        #expect(recipient.notifyConditions == nil)
        #expect(recipient.originalRecipient == nil)
        #expect(recipient.validSince == nil)
    }

    @Test func `notifications`() throws {
        let envelope = try envelope(
            mail: "RET=hdrs ENVID=a+2Bb+20c", rcpt: "NOTIFY=delay,SUCCESS ORCPT=RFC822;x+2By@z.example")
        #expect(envelope.returnedContent == .headers)
        #expect(envelope.identifier == "a+b c")
        let recipient = try #require(envelope.recipients.first)
        #expect(recipient.notifyConditions == [.success, .delay])
        #expect(recipient.originalRecipient?.type == "rfc822")
        #expect(recipient.originalRecipient?.address == "x+y@z.example")
    }

    @Test func `no notifications, and an address in Unicode`() throws {
        let recipient = try #require(
            try envelope(rcpt: "NOTIFY=never ORCPT=utf-8;j\\x{F6}rg\\x{2B}\\x{1F600}@z.example").recipients.first)
        #expect(recipient.notifyConditions == .never)
        #expect(recipient.originalRecipient?.address == "jörg+😀@z.example")
    }

    @Test func `times and priorities`() throws {
        let envelope = try envelope(
            mail: "BY=120;RT HOLDFOR=60 MT-PRIORITY=-3", rcpt: "RRVS=2014-04-03T23:01:00+01:00;C")
        #expect(envelope.deliverBy?.seconds == 120)
        #expect(envelope.deliverBy?.mode == .return)
        #expect(envelope.deliverBy?.isTraced == true)
        #expect(envelope.futureRelease == .after(seconds: 60))
        #expect(envelope.priority == -3)
        let since = try #require(envelope.recipients.first?.validSince)
        #expect(since.moment == Timestamp(seconds: 1_396_562_460))
        #expect(since.noSupportAction == .continue)
        let later = try self.envelope(mail: "HOLDUNTIL=1970-01-02T00:00:00Z MT-PRIORITY=7")
        #expect(later.futureRelease == .at(Timestamp(seconds: 86_400)))
        // A client that has not authenticated cannot raise the priority.
        #expect(later.priority == 0)
    }

    @Test(arguments: [
        ("HOLDUNTIL=1970-01-01T00:16:41Z BY=1;N", "250 "), ("HOLDUNTIL=1970-01-01T00:16:42Z BY=1;N", "501 5.5.4 "),
        ("HOLDUNTIL=1970-01-01T00:00:00Z BY=-1001;N", "501 5.5.4 "),
        ("HOLDUNTIL=1970-01-01T00:00:00Z BY=-1000;N", "250 "), ("HOLDUNTIL=9999-12-31T23:59:59Z", "250 "),
        ("HOLDUNTIL=0000-01-01T00:00:00Z BY=999999999;R", "250 "),
    ])
    func `where the time is known, nothing is due before the moment it is held until`(
        parameters: String, expected: String
    ) {
        for time in [Timestamp(seconds: 1_000), nil] {
            let dialogue = Dialogue(.init(hostname: "mx.example", promised: ServiceExtension.promises))
            dialogue.session.time = time
            dialogue.send("EHLO client.example\r\nMAIL FROM:<a@b.example> \(parameters)\r\n")
            let last = dialogue.replies.split(separator: "\r\n").last
            #expect(last?.hasPrefix(time == nil ? "250 " : expected) == true)
        }
    }

    @Test func `a priority stands in the trace field`() throws {
        var octets: [UInt8] = []
        let peer = Peer(address: .local, heloName: "c.example", heloVerb: .ehlo, serverName: "mx.example")
        TraceFields(
            .received, envelope: Envelope(reversePath: .null, priority: -4), peer: peer, id: QueueID(rawValue: "1"),
            receivedAt: Timestamp(seconds: 0)
        ).append(to: &octets)
        let text = String(decoding: octets, as: UTF8.self)
        #expect(text.contains(" with ESMTP id 1\r\n\tpriority -4;\r\n\t"))
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2000-02-29T12:00:00Z", 951_825_600), ("1969-12-31T23:59:59Z", -1),
        ("9999-12-31T23:59:59Z", 253_402_300_799), ("0000-01-01T00:00:00Z", -62_167_219_200),
        ("2016-12-31T23:59:60Z", 1_483_228_800), ("2024-03-01T00:00:00-00:30", 1_709_253_000),
    ])
    func `moments are read`(text: String, seconds: Int64) {
        #expect(Timestamp(internetDateTime: text) == Timestamp(seconds: seconds))
    }

    @Test func `fractions of a second are read`() {
        #expect(
            Timestamp(internetDateTime: "1970-01-01T00:00:01.25z") == Timestamp(seconds: 1, nanoseconds: 250_000_000))
        #expect(Timestamp(internetDateTime: "1970-01-01T00:00:00.1234567891Z")?.nanoseconds == 123_456_789)
    }

    @Test(arguments: [
        "", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01T00:00:00.Z", "1970-13-01T00:00:00Z",
        "1970-00-01T00:00:00Z", "1900-02-29T00:00:00Z", "1970-01-01T24:00:00Z", "1970-01-01T00:60:00Z",
        "1970-01-01T00:00:61Z", "1970-01-01T00:00:00+24:00", "1970-01-01T00:00:00+01", "1970-01-01T00:00:00ZZ",
        "1970-01-01 00:00:00Z", "70-01-01T00:00:00Z", "+970-01-01T00:00:00Z", "1970-01-32T00:00:00Z",
    ])
    func `moments that are none are refused`(text: String) {
        #expect(Timestamp(internetDateTime: text) == nil)
    }

    @Test func `by the letter, a command line has 512 octets and what parameters add`() {
        func reply(_ command: String, length: Int, hidden: Set<ServiceExtension> = []) -> String {
            let dialogue = Dialogue(.init(hostname: "mx.example", syntax: .strict, hidden: hidden))
            dialogue.send("EHLO client.example\r\nMAIL FROM:<>\r\n")
            if command.hasPrefix("MAIL") { dialogue.send("RSET\r\n") }
            dialogue.send(command + String(repeating: "x", count: length - command.utf8.count - 2) + "\r\n")
            return dialogue.replies.split(separator: "\r\n").last.map(String.init) ?? ""
        }
        #expect(reply("NOOP ", length: 512).hasPrefix("250 "))
        #expect(reply("NOOP ", length: 513).hasPrefix("500 5.5.2 "))
        let without: Set<ServiceExtension> = Set(ServiceExtension.allCases).subtracting([.dsn, .enhancedStatusCodes])
        #expect(reply("RCPT TO:<a@b.example> NOTIFY=", length: 512 + 530, hidden: without).hasPrefix("501 "))
        #expect(reply("RCPT TO:<a@b.example> NOTIFY=", length: 512 + 531, hidden: without).hasPrefix("500 5.5.2 "))
        #expect(reply("MAIL FROM:<a@b.example> ENVID=", length: 512 + 116, hidden: without).hasPrefix("501 "))
        #expect(reply("MAIL FROM:<a@b.example> ENVID=", length: 512 + 117, hidden: without).hasPrefix("500 5.5.2 "))
        let all = 512 + 26 + 17 + 16 + 10 + 116 + 15
        #expect(reply("MAIL FROM:<a@b.example> ENVID=", length: all).hasPrefix("501 "))
        #expect(reply("MAIL FROM:<a@b.example> ENVID=", length: all + 1).hasPrefix("500 5.5.2 "))
    }
}
