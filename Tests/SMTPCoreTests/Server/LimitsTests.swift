import ProcessSupport
import SMTPCore
import Testing

/// Each limit at n and at n + 1.
@Suite("Limits", .timed)
struct LimitsTests {
    private static let hello = "EHLO client.example\r\n"
    private static let transaction = hello + "MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n"

    /// The last reply of a session with the given limits.
    private func lastReply(
        to text: String, syntax: SyntaxPolicy = .lenient, _ change: (inout Limits) -> Void = { _ in }
    ) -> String {
        var limits = Limits()
        change(&limits)
        let dialogue = Dialogue(
            .init(hostname: "mx.example", banner: "", limits: limits, syntax: syntax))
        dialogue.send(text)
        return dialogue.replies.split(separator: "\r\n").last.map(String.init) ?? ""
    }

    private func addressed(local: Int = 1, domain: String = "d.example") -> String {
        "<\(String(repeating: "x", count: local))@\(domain)>"
    }

    /// A domain of the given length, in labels of at most fifty bytes.
    private func domain(_ length: Int) -> String {
        String((0..<length).map { $0 % 51 == 50 && $0 + 1 < length ? "." : "d" as Character })
    }

    @Test func `a command line may have as many octets as the limit says, its end included`() {
        let room = Limits().commandLine - "NOOP \r\n".utf8.count
        #expect(lastReply(to: "NOOP \(String(repeating: "x", count: room))\r\n").hasPrefix("250 "))
        #expect(lastReply(to: "NOOP \(String(repeating: "x", count: room + 1))\r\n").hasPrefix("500 5.5.2 "))
    }

    @Test func `a session goes on after a line that was too long`() {
        #expect(lastReply(to: String(repeating: "x", count: 10_000) + "\r\nNOOP\r\n").hasPrefix("250 "))
    }

    @Test func `a line that does not end is given up`() {
        let limit = Limits().skippedLine
        #expect(lastReply(to: String(repeating: "x", count: limit)).hasPrefix("220 "))
        #expect(lastReply(to: String(repeating: "x", count: limit + 1)).hasPrefix("421 4.7.0 "))
    }

    @Test(arguments: [("MAIL FROM:", "501 5.1.7 "), ("RCPT TO:", "501 5.1.3 ")])
    func `local parts, domains and paths have their limits`(command: String, refusal: String) {
        let before = Self.hello + (command == "MAIL FROM:" ? "" : "MAIL FROM:<>\r\n")
        func reply(_ path: String, _ syntax: SyntaxPolicy = .lenient) -> String {
            lastReply(to: before + command + path + "\r\n", syntax: syntax)
        }
        let limits = Limits()
        #expect(reply(addressed(local: limits.localPart)).hasPrefix("250 "))
        #expect(reply(addressed(local: limits.localPart + 1)).hasPrefix(refusal))
        #expect(reply(addressed(local: 64), .strict).hasPrefix("250 "))
        #expect(reply(addressed(local: 65), .strict).hasPrefix(refusal))
        #expect(domain(limits.domain).utf8.count == limits.domain)
        #expect(reply(addressed(domain: domain(limits.domain))).hasPrefix("250 "))
        #expect(reply(addressed(domain: domain(limits.domain + 1))).hasPrefix(refusal))
        func routed(_ length: Int) -> String {
            var path = ":a@b.example>"
            while path.utf8.count + 256 < length { path = ",@" + domain(250) + path }
            return "<@" + domain(length - path.utf8.count - 2) + path
        }
        #expect(routed(limits.path).utf8.count == limits.path)
        #expect(reply(routed(limits.path)).hasPrefix("250 "))
        #expect(reply(routed(limits.path + 1)).hasPrefix(refusal))
        #expect(reply(routed(256), .strict).hasPrefix("250 "))
        #expect(reply(routed(257), .strict).hasPrefix(refusal))
    }

    @Test func `a message may be as large as declared and as large as the limit`() {
        func reply(_ size: Int) -> String {
            lastReply(to: Self.hello + "MAIL FROM:<> SIZE=\(size)\r\n") { $0.messageSize = 1_000 }
        }
        #expect(reply(1_000).hasPrefix("250 "))
        #expect(reply(1_001).hasPrefix("552 5.3.4 "))
    }

    @Test(arguments: [1, 100, Int.max])
    func `content over the limit is read to its end and refused`(piece: Int) {
        var limits = Limits()
        limits.messageSize = 1_000
        for (size, expected) in [(1_000, "250 2.0.0 "), (1_001, "552 5.3.4 ")] {
            let dialogue = Dialogue(.init(hostname: "mx.example", banner: "", limits: limits))
            let content = String(repeating: "x", count: size - 2)
            dialogue.send(Self.transaction + content + "\r\n.\r\nNOOP\r\n", inPiecesOf: piece)
            let replies = dialogue.replies.split(separator: "\r\n")
            #expect(replies.dropLast().last?.hasPrefix(expected) == true)
            #expect(replies.last?.hasPrefix("250 ") == true)
            #expect(dialogue.messages.count == (size == 1_000 ? 1 : 0))
        }
    }

    @Test func `a declared size has at most twenty digits`() {
        let twenty = String(repeating: "0", count: 19) + "1"
        #expect(lastReply(to: Self.hello + "MAIL FROM:<> SIZE=\(twenty)\r\n").hasPrefix("250 "))
        #expect(lastReply(to: Self.hello + "MAIL FROM:<> SIZE=0\(twenty)\r\n").hasPrefix("501 5.5.4 "))
        let huge = String(repeating: "9", count: 20)
        #expect(lastReply(to: Self.hello + "MAIL FROM:<> SIZE=\(huge)\r\n").hasPrefix("552 5.3.4 "))
    }

    @Test(arguments: [1, Int.max])
    func `a line of a message may have as many octets as the limit says`(piece: Int) {
        var limits = Limits()
        limits.textLine = 1_000
        for (length, expected) in [(1_000, "250 2.0.0 "), (1_001, "500 5.5.2 ")] {
            let dialogue = Dialogue(.init(hostname: "mx.example", banner: "", limits: limits))
            let line = String(repeating: "x", count: length - 2)
            dialogue.send(Self.transaction + "a\r\n\(line)\r\n.\r\n", inPiecesOf: piece)
            #expect(dialogue.replies.split(separator: "\r\n").last?.hasPrefix(expected) == true)
        }
    }

    @Test func `a message has as many recipients as the limit says`() {
        func reply(_ count: Int) -> String {
            let recipients = (1...count).map { "RCPT TO:<r\($0)@d.example>\r\n" }.joined()
            return lastReply(to: Self.hello + "MAIL FROM:<>\r\n" + recipients) { $0.recipients = 100 }
        }
        #expect(reply(100).hasPrefix("250 2.1.5 "))
        #expect(reply(101).hasPrefix("452 4.5.3 "))
    }

    @Test func `bad commands are answered until there were too many`() {
        func reply(_ count: Int) -> String {
            lastReply(to: String(repeating: "WHAT\r\n", count: count)) { $0.badCommands = 3 }
        }
        #expect(reply(3).hasPrefix("500 5.5.1 "))
        #expect(reply(4).hasPrefix("421 4.7.0 "))
    }

    @Test(arguments: [1, 50, Int.max])
    func `a message has as many Received fields as the limit says`(piece: Int) {
        for (count, expected) in [(100, "250 2.0.0 "), (101, "554 5.4.6 ")] {
            let dialogue = Dialogue()
            let trace = String(repeating: "rEceived: from somewhere\r\n\tby elsewhere\r\n", count: count)
            let body = "\r\n" + String(repeating: "Received: in the body\r\n", count: 200)
            dialogue.send(Self.transaction + trace + "Subject: x\r\n" + body + ".\r\n", inPiecesOf: piece)
            #expect(dialogue.replies.split(separator: "\r\n").last?.hasPrefix(expected) == true)
        }
    }
}
