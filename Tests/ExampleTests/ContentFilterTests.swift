#if Service
import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

@Suite("The example content-filter", .blocking)
struct ContentFilterTests {
    @Test func `a word in the subject is refused, in the content it is not`() async throws {
        let folder = try TemporaryFolder()
        let filter = try await ExampleProgram("content-filter", ["0", folder.file("inbox.mbox"), "casino"])
        let client = try SocketClient(port: filter.port)
        try client.reply()
        try client.command("EHLO a.example")
        for (text, reply) in [
            ("Subject: The CASINO\r\n\r\nx", "554 5.7.1 "), ("Subject: Work\r\n\r\ncasino", "250 2.0.0 "),
            ("\r\nno subject", "250 2.0.0 "),
        ] {
            for line in ["MAIL FROM:<>", "RCPT TO:<ann@example.net>", "DATA"] { try client.command(line) }
            #expect(try client.command("\(text)\r\n.").hasPrefix(reply))
        }
        try client.command("QUIT")
        #expect(try await filter.stop() == 0)
        let mails = DeliveredMail.all(in: String(decoding: folder.read("inbox.mbox"), as: UTF8.self))
        #expect(mails.map(\.message) == ["Subject: Work\n\ncasino\n", "\nno subject\n"])
    }

    /// Byte for byte, but for the trace fields at its top and the line ends.
    @Test func `Postfix passes its queue on to the filter, each message once and as it was`() async throws {
        let folder = try TemporaryFolder()
        let inbox = try MailPipe(folder.file("inbox"))
        let filter = try await ExampleProgram("content-filter", ["0", inbox.path, "casino"])
        let postfix = try Postfix(["relayhost = [127.0.0.1]:\(filter.port)"])
        let sent = (0..<200).map(TestMail.text)
        let refused = 3
        let casinos = sent.prefix(refused).map { $0.replacing("Subject: ", with: "Subject: casino ") }
        try postfix.send((sent + casinos).map { MailTransaction(text: $0) })
        // The refused ones come back as bounces, with what was sent in them.
        let early = try inbox.read(until: [TestMail.end: sent.count + refused])
        try postfix.waitUntilIdle()
        try postfix.stop()
        #expect(try await filter.stop() == 0)
        let mails = DeliveredMail.all(in: early + (try inbox.rest()))
        let bounces = mails.filter { $0.trace.hasPrefix("Return-Path: <>") }
        #expect(bounces.count == refused)
        #expect(bounces.allSatisfy { $0.message.contains("554 5.7.1 We do not care for casino") })
        let delivered = mails.filter { !$0.trace.hasPrefix("Return-Path: <>") }.map(\.message)
        #expect(delivered.sorted() == sent.sorted(), "\(postfix.log)")
    }

    /// Byte for byte, but for the trace fields at its top and the line ends.
    @Test func `Exim passes its queue on to the filter in chunks, each message once and as it was`() async throws {
        let folder = try TemporaryFolder()
        let filter = try await ExampleProgram("content-filter", ["0", folder.file("inbox.mbox"), "casino"])
        let exim = try Exim(port: filter.port)
        let sent = (0..<50).map(TestMail.text)
        try exim.send(sent.map { MailTransaction(text: $0) })
        try exim.deliver()
        #expect(try await filter.stop() == 0)
        let mails = DeliveredMail.all(in: String(decoding: folder.read("inbox.mbox"), as: UTF8.self))
        #expect(mails.map(\.message).sorted() == sent.sorted(), "\(exim.log)")
        // Its log has a K where BDAT was used.
        #expect(exim.log.components(separatedBy: " K C=\"250 2.0.0 Ok: queued").count == sent.count + 1, "\(exim.log)")
    }
}
#endif
