import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

@Suite("The example lmtp-sink", .blocking)
struct LMTPSinkTests {
    /// Byte for byte, but for the trace fields at its top and the line ends.
    @Test func `Postfix delivers its queue over LMTP, to each recipient once, and hears who has no mailbox`()
        async throws
    {
        let folder = try TemporaryFolder()
        chmod(folder.path, 0o755)
        mkdir(folder.file("mailboxes"), 0o755)
        let ann = try MailPipe(folder.file("mailboxes/ann.mbox"))
        let joe = try MailPipe(folder.file("mailboxes/joe.mbox"))
        let sink = try await ExampleProgram("lmtp-sink", [folder.file("socket"), folder.file("mailboxes")])
        #expect(sink.address == "unix:\(folder.file("socket"))")
        // Postfix's client is another user.
        chmod(folder.file("socket"), 0o666)
        let postfix = try Postfix(["default_transport = lmtp:unix:\(folder.file("socket"))"])
        let sent = (0..<200).map(TestMail.text)
        let toNobody = 5
        try postfix.send(
            sent.enumerated().map { number, text in
                MailTransaction(
                    text: text, recipients: ["ann@example.net"] + (number < toNobody ? ["nobody@example.net"] : []))
            })
        async let bounced = onThread {
            try joe.read(until: [TestMail.end: toNobody])
        }
        let early = try ann.read(until: [TestMail.end: sent.count])
        let earlyBounces = try await bounced
        try postfix.waitUntilIdle()
        try postfix.stop()
        try await sink.stop()
        let mails = DeliveredMail.all(in: early + (try ann.rest()))
        #expect(mails.map(\.message).sorted() == sent.sorted(), "\(postfix.log)")
        #expect(
            mails.allSatisfy { $0.trace.contains("Delivered-To: ann@example.net") && $0.trace.contains("with LMTP") })
        let bounces = DeliveredMail.all(in: earlyBounces + (try joe.rest()))
        #expect(bounces.count == toNobody)
        #expect(bounces.allSatisfy { $0.message.contains("550 5.1.1 No such mailbox") })
    }

    @Test func `a private parameter of RCPT chooses the folder`() async throws {
        let folder = try TemporaryFolder()
        mkdir(folder.file("mailboxes"), 0o755)
        for name in ["ann.mbox", "ann.archive.mbox"] { try folder.write("".utf8, to: "mailboxes/\(name)") }
        let sink = try await ExampleProgram("lmtp-sink", [folder.file("socket"), folder.file("mailboxes")])
        let client = try SocketClient(path: folder.file("socket"))
        try client.reply()
        #expect(try client.command("LHLO a.example") == "250 XFOLDER")
        try client.command("MAIL FROM:<joe@example.org>")
        #expect(try client.command("RCPT TO:<ann@example.net> XFOLDER=No.Such").hasPrefix("501 5.5.4 "))
        #expect(try client.command("RCPT TO:<ann@example.net> XFOLDER=archive").hasPrefix("250 "))
        try client.command("DATA")
        #expect(try client.command("Subject: kept\r\n\r\nIn a folder.\r\n.").hasPrefix("250 "))
        client.end()
        try await sink.stop()
        #expect(folder.read("mailboxes/ann.mbox").isEmpty)
        #expect(String(decoding: folder.read("mailboxes/ann.archive.mbox"), as: UTF8.self).contains("In a folder."))
    }
}
