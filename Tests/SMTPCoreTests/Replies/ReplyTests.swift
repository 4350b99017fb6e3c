import ProcessSupport
import SMTPCore
import Testing

@Suite("Replies", .timed)
struct ReplyTests {
    private func wire(_ reply: Reply) -> String { String(decoding: reply.octets, as: UTF8.self) }

    @Test func `the status stands on every line`() {
        let reply = Reply(550, .permanent(.init(1, 1)), lines: ["No such", "mailbox"])
        #expect(wire(reply) == "550-5.1.1 No such\r\n550 5.1.1 mailbox\r\n")
    }

    @Test func `text never breaks the framing`() {
        let reply = Reply(550, nil, "one\r\n250 two\nthree\u{0}\u{1B}[2J")
        #expect(wire(reply) == "550-one\r\n550-250 two\r\n550 three??[2J\r\n")
    }

    @Test func `control characters and line ends beyond ASCII are treated as those in ASCII`() {
        let reply = Reply(550, nil, "one\u{2028}two\u{9B}[2J\u{85}three\u{A0}\u{20AC}")
        #expect(wire(reply) == "550-one\r\n550-two?[2J\r\n550 three\u{A0}\u{20AC}\r\n")
    }

    @Test func `a line that was received stays one line`() throws {
        var parser = ReplyParser()
        let line = Array("550 5.1.1\u{B}5.1.1 no\rsuch\u{85}mailbox\u{2028}\u{20AC}".utf8)
        let reply = try #require(try parser.read(line: line.span))
        #expect(reply.status == nil)
        #expect(reply.lines == ["5.1.1?5.1.1 no?such?mailbox?\u{20AC}"])
    }

    @Test func `a status is read whatever follows its space`() throws {
        var parser = ReplyParser()
        let line = Array("235 2.7.0 \u{301}x".utf8)
        let reply = try #require(try parser.read(line: line.span))
        #expect(reply.status == .success(.init(7, 0)))
        #expect(reply.lines == ["\u{301}x"])
    }

    @Test func `a line has at most 512 octets and whole characters`() {
        for length in [505, 506, 507, 508, 600] {
            let reply = Reply(550, nil, String(repeating: "é", count: length / 2) + "x")
            #expect(reply.octets.count <= Reply.maximumLineLength)
            #expect(String(validating: reply.octets, as: UTF8.self) != nil)
        }
        #expect(Reply(250, nil, String(repeating: "x", count: 506)).octets.count == 512)
        #expect(Reply(250, nil, String(repeating: "x", count: 507)).octets.count == 512)
    }

    @Test func `class and code agree`() {
        #expect(Reply(552, .transient(.init(2, 2)), "").status == .permanent(.init(2, 2)))
        #expect(Reply(452, .permanent(.init(2, 2)), "").status == .transient(.init(2, 2)))
        #expect(Reply(354, .success(.init(0, 0)), "").status == nil)
    }

    @Test func `a reply that was written is read back`() throws {
        let replies: [Reply] = [
            .ok, .startMailInput, .mailboxNotFound, .routingLoop,
            Reply(250, nil, lines: ["mx.example", "SIZE 1", ""]),
            Reply(550, .permanent(.init(7, 1)), lines: ["", "two"]),
        ]
        for reply in replies {
            var parser = ReplyParser()
            var read: Reply?
            for line in wire(reply).split(separator: "\r\n", omittingEmptySubsequences: true) {
                #expect(read == nil)
                let octets = Array(line.utf8)
                read = try parser.read(line: octets.span)
            }
            #expect(read == reply)
            #expect(!parser.isInReply)
        }
    }

    @Test(arguments: [
        ("", ReplySyntaxError.notAReply), ("25", .notAReply), ("hello", .notAReply), ("199 x", .notAReply),
        ("600 x", .notAReply), ("250x", .notAReply), ("250_x", .notAReply),
        (String(repeating: "2", count: 5_000), .lineTooLong),
    ])
    func `what is no reply is refused`(line: String, error: ReplySyntaxError) {
        var parser = ReplyParser()
        let octets = Array(line.utf8)
        #expect(throws: error) { try parser.read(line: octets.span) }
    }

    @Test func `lines of one reply carry one code`() throws {
        var parser = ReplyParser()
        let first = Array("250-a".utf8)
        let second = Array("550 b".utf8)
        #expect(try parser.read(line: first.span) == nil)
        #expect(throws: ReplySyntaxError.codesDiffer(250, 550)) { try parser.read(line: second.span) }
        #expect(try parser.read(line: second.span)?.code == 550)
    }

    @Test func `a reply has an end`() throws {
        var parser = ReplyParser()
        let line = Array("250-x".utf8)
        for _ in 0..<ReplyParser.maximumLines { #expect(try parser.read(line: line.span) == nil) }
        #expect(throws: ReplySyntaxError.tooManyLines) { try parser.read(line: line.span) }
    }
}
