import CommandLineSupport
import ProcessSupport
import SMTPKit
import Testing

@testable import smtpd_lite

@Suite("Dialogue on standard error", .timed)
struct DialoguePrinterTests {
    private let plain = DialoguePrinter(ErrorOutput(), isColored: false)

    @Test func `commands, content and replies are told apart`() {
        #expect(plain.lines(of: .client("NOOP")) == ["C: NOOP"])
        #expect(plain.lines(of: .content(12)) == ["C: (12 octets of content)"])
        let reply = Reply(550, .permanent(.init(1, 1)), lines: ["No such", "mailbox"])
        #expect(plain.lines(of: .server(reply)) == ["S: 550-5.1.1 No such", "S: 550 5.1.1 mailbox"])
    }

    @Test func `a reply to EHLO is one line for people, and all of its lines in a transcript`() {
        let reply = Reply(250, nil, lines: ["mx.example", "PIPELINING", "SIZE 1000"])
        #expect(plain.lines(of: .server(reply)) == ["S: 250 mx.example (PIPELINING, SIZE 1000)"])
        let transcript = DialoguePrinter(ErrorOutput(), isColored: false, showsTime: true)
        #expect(
            transcript.lines(of: .server(reply)) == ["S: 250-mx.example", "S: 250-PIPELINING", "S: 250 SIZE 1000"])
    }

    @Test(arguments: [
        ("\u{1B}]0;x\u{7}", "\\u{1b}]0;x\\u{7}"), ("a\u{9B}31m", "a\\u{9b}31m"), ("\u{202E}x", "\\u{202e}x"),
    ])
    func `nothing that a terminal would act on is shown`(text: String, shown: String) {
        #expect(plain.lines(of: .client(text)) == ["C: \(shown)"])
    }

    @Test func `a dialogue is coloured when that is asked for`() {
        let colored = DialoguePrinter(ErrorOutput(), isColored: true)
        #expect(colored.lines(of: .client("NOOP")) == ["\u{1B}[36mC: NOOP\u{1B}[0m"])
        #expect(plain.lines(of: .client("NOOP")) == ["C: NOOP"])
    }
}
