import ProcessSupport
import SMTPCore
import Testing

/// Commands in one read have the same results as commands one by one.
@Suite("Pipelined groups", .timed)
struct PipelinedGroupTests {
    private static let lines = [
        "RCPT TO:<a@b.example>", "rcpt to:<A@b.example>", "RCPT TO:<c@d.example> NOTIFY=NEVER",
        "RCPT TO:<a@b.example> X=1",
        "RCPT TO: <e@f.example>", "RCPT TO:<postmaster>", "RCPT TO:<a@b..example>", "RCPT TO:<>", "RCPT", "RCPTX",
        "NOOP",
        "RSET", "MAIL FROM:<s@example.org>", "MAIL FROM:<>", "DATA x", "DATA ", "DATA\r\nR: 1\r\n\r\n.a\r\n.",
        "data\r\n.",
        "RCPT TO:<\u{F6}@b.example>", "RCPT TO:<a@b.example>\rX",
    ]

    @Test(arguments: 0..<40)
    func `a group is answered as its lines are, and accepts the same recipients`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var limits = Limits()
        limits.recipients = Int.random(in: 1...9, using: &random)
        limits.recipientCommands = Int.random(in: 4...20, using: &random)
        limits.commandLine = Bool.random(using: &random) ? 24 : 4_096
        let serverProtocol = Bool.random(using: &random) ? ServerProtocol.esmtp : .lmtp
        let configuration = ServerSession.Configuration(
            serverProtocol: serverProtocol, hostname: "mx.example", limits: limits, wantsRemarks: true)
        let (whole, divided) = (Dialogue(configuration), Dialogue(configuration))
        let hello = serverProtocol == .lmtp ? "LHLO c" : "EHLO c"
        var lines = [hello, "MAIL FROM:<s@example.org>"]
        for _ in 0..<24 { lines.append(Self.lines.randomElement(using: &random) ?? "NOOP") }
        whole.send(lines.map { "\($0)\r\n" }.joined())
        for line in lines { divided.send("\(line)\r\n") }
        #expect(whole.replies == divided.replies, "seed \(seed)")
        #expect(whole.envelopes == divided.envelopes, "seed \(seed)")
        #expect(whole.messages == divided.messages, "seed \(seed)")
        #expect(whole.output.remarks.count == divided.output.remarks.count, "seed \(seed)")
    }

    /// The driver keeps what comes after a message. The session may not close before that was read.
    @Test func `a QUIT that came with the last message is served when the server stops`() {
        var session = ServerSession(
            configuration: .init(hostname: "mx.example"), peer: Peer(address: .local, serverName: "mx.example"))
        var output = ServerOutput()
        session.start(into: &output)
        let wire = Array("EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n".utf8)
        let used = session.consume(wire.span, from: 0, into: &output)
        #expect(used == wire.count - 6)
        session.stop(into: &output)
        output.event = nil
        output.replies = []
        session.resolve(.accept, into: &output)
        let (rest, event) = (session.consume(wire.span, from: used, into: &output), output.event)
        #expect(rest == wire.count)
        #expect(event == .close(isClientDone: true))
        let replies = String(decoding: output.replies, as: UTF8.self).split(separator: "\r\n").map { $0.prefix(3) }
        #expect(replies == ["250", "221"])
    }
}
