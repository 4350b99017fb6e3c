import ProcessSupport
import SMTPKit
import Testing

@testable import smtp_probe

@Suite("Completion", .timed)
struct CompleterTests {
    private let completer = Completer(
        capabilities: Capabilities(
            greeting: "mx.example", entries: [.init("AUTH", ["PLAIN", "X-OWN"]), .init("DSN"), .init("SIZE", ["10"])]))

    @Test func `mechanisms and parameters are those that the server offers`() {
        #expect(completer.words(["AUTH"], "") == ["PLAIN", "X-OWN"])
        #expect(completer.words([":au"], "") == ["PLAIN", "X-OWN"])
        #expect(completer.words(["mail", "FROM:<a@b>"], "") == ["SIZE=", "RET=FULL", "RET=HDRS", "ENVID=", "AUTH="])
        #expect(completer.words(["RCPT", "TO:<a@b>"], "")?.contains("NOTIFY=NEVER") == true)
        let nothing = Completer(capabilities: nil)
        #expect(nothing.words(["AUTH"], "") == [])
        #expect(nothing.words(["RCPT", "TO:<a@b>"], "") == [])
    }

    @Test func `files are completed where a file is due, and nowhere else`() {
        for command in [":send", ":attach", ":bdat", ":source", ":log", ":record"] {
            #expect(completer.words([command], "") == nil)
        }
        for command in ["EHLO", "NOOP", ":open", ":mail", ":quit"] { #expect(completer.words([command], "") == []) }
    }

    @Test func `the first word is a verb or a command`() {
        #expect(completer.words([], "")?.contains("STARTTLS") == true)
        #expect(completer.words([], ":")?.contains(":starttls") == true)
        #expect(completer.words([":repeat", "3"], "")?.contains("NOOP") == true)
    }
}
