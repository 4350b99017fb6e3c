import CommandLineSupport
import ProcessSupport
import SMTPKit
import Testing

@testable import smtp_probe

@Suite("The language", .timed)
struct LanguageTests {
    private func read(_ text: String, isContent: Bool = false) throws -> ScriptLine {
        try ScriptLine(Array(text.utf8), isContent: isContent)
    }

    @Test func `what does not begin with a colon goes to the server`() throws {
        for text in ["EHLO x", " :open", "mail from:<>", "# no comment"] {
            #expect(try read(text) == .wire(Array(text.utf8)))
        }
        #expect(try read("::text") == .wire(Array(":text".utf8)))
        #expect(try read(":open", isContent: true) == .wire(Array(":open".utf8)))
    }

    @Test func `blank lines and comments are nothing, but in content and responses`() throws {
        for text in ["", " ", "\t"] {
            #expect(try read(text) == .nothing)
            #expect(try read(text, isContent: true) == .wire(Array(text.utf8)))
            #expect(try ScriptLine(Array(text.utf8), isResponse: true) == .wire(Array(text.utf8)))
        }
        for text in ["# x", "  #"] {
            #expect(try ScriptLine(Array(text.utf8), hasComments: true) == .nothing)
            #expect(try ScriptLine(Array(text.utf8), isContent: true, hasComments: true) == .wire(Array(text.utf8)))
        }
    }

    @Test(arguments: [
        ("RCTP TO:<a@b.test>", "did you mean RCPT?"), ("MAIL FROM ann@b.test", "MAIL FROM:<ann@b.test>"),
        ("MAIL FORM:<a@b.test>", "MAIL FROM:<a@b.test>"), ("mail from:a@b.test SIZE=1", "MAIL FROM:<a@b.test>"),
        ("RCPT <a@b.test>", "RCPT TO:<a@b.test>"), ("MAIL", "the form is MAIL FROM:<"), ("help", ":help"),
        ("STARTTLSS", "STARTTLS"), ("MAIL FROM:<a@b.test>", nil), ("RCPT TO:<a@b.test>", nil), ("NOOP", nil),
        ("XYZZY", nil),
        ("", nil),
    ])
    func `a command that was refused is compared with what there is`(line: String, part: String?) {
        let hint = Hints.hint(line, isRefused: true)
        #expect(part.map { hint?.contains($0) == true } ?? (hint == nil), "\(hint ?? "")")
    }

    @Test func `a command stands behind a colon`() throws {
        #expect(try read(":open mx.example ") == .meta(MetaCommand.find("open"), "mx.example"))
        #expect(try read(":OPEN") == .meta(MetaCommand.find("open"), ""))
        #expect(try read(":!ls -l") == .shell("ls -l"))
    }

    @Test(arguments: MetaCommand.all)
    func `every command is found by its name`(command: MetaCommand) throws {
        #expect(try MetaCommand.find(command.name) == command)
        #expect(!command.summary.isEmpty)
    }

    @Test(arguments: [
        ("o", "open"), ("starttl", "starttls"), ("stat", "status"), ("q", "quit"), ("hel", "help"), ("exl", nil),
        ("st", nil), ("ex", nil), ("", nil), ("x", "xclient"), ("zz", nil),
    ])
    func `a beginning is enough while no other command has it`(word: String, command: String?) {
        #expect((try? MetaCommand.find(word))?.name == command)
    }

    @Test(arguments: [
        ("st", ":starttls, :status"), ("opne", "did you mean :open?"), ("starttsl", "did you mean :starttls?"),
        ("\u{1B}[2J", "\\u{1b}[2j"), (String(repeating: "y", count: 500), "…"),
    ])
    func `what is no command is answered with what may be meant`(word: String, part: String) {
        let error = #expect(throws: ValueError.self) { try MetaCommand.find(word) }
        #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
        #expect((error?.description.utf8.count ?? 0) < 200)
    }

    @Test(
        arguments: [
            (#""a\r\n\x00""#, [97, 13, 10, 0]), (#""\\\"\t\0""#, [92, 34, 9, 0]), (#""""#, []),
            (#""ä""#, [0xC3, 0xA4]),
        ] as [(String, [UInt8])])
    func `octets stand in quotation marks`(text: String, octets: [UInt8]) throws {
        #expect(try QuotedOctets.parse(text) == octets)
    }

    @Test(arguments: ["", "a", "\"", #""a"b""#, #""\q""#, #""\x0""#, #""\x+1""#, #""\""#])
    func `what is not in quotation marks is refused`(text: String) {
        #expect(throws: ValueError.self) { try QuotedOctets.parse(text) }
    }

    @Test(arguments: [
        ("250", true), ("2xx", true), ("2", true), ("25x", true), ("25", true), ("5xx", false), ("251", false),
        ("250 /SECOND/", true), ("250 /^250 2.1.0 first$/", true), ("250 /third/", false), ("timeout", false),
        ("close", false),
    ])
    func `a reply is judged by code and pattern`(text: String, isMet: Bool) throws {
        let reply = Reply(250, .success(.otherAddressStatus), lines: ["first", "second"])
        #expect(try Expectation(text).isMet(by: .reply(reply)) == isMet)
    }

    @Test func `silence and the end can be expected`() throws {
        #expect(try Expectation("timeout").isMet(by: .timeout))
        #expect(try Expectation("close").isMet(by: .closed))
        #expect(try !Expectation("timeout").isMet(by: .closed))
        #expect(try !Expectation("250").isMet(by: .timeout))
    }

    @Test(arguments: [
        "", "6", "150", "2500", "2x", "x", "250 pattern", "250 /a", "250 /(/", "timeout /x/", "xxx", "25xx",
    ])
    func `what is no expectation is refused`(text: String) {
        #expect(throws: ValueError.self) { try Expectation(text) }
    }

    @Test(arguments: [
        ("AUTH PLAIN AGFsaWNl", true), ("auth  login\tx", true), ("AUTH PLAIN", false), ("NOOP", false),
        ("::AUTH PLAIN x", true), (#":raw "AUTH PLAIN x\r\n""#, true), (":auth PLAIN alice", true),
        (":repeat 2 AUTH PLAIN x", true),
    ])
    func `lines that may hold a secret are told apart`(text: String, mayHoldSecret: Bool) {
        #expect(ScriptLine.mayHoldSecret(Array(text.utf8)) == mayHoldSecret)
    }
}
