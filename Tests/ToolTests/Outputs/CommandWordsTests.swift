import CommandLineSupport
import ProcessSupport
import Testing

@testable import smtpd_lite

@Suite("Commands in words", .timed)
struct CommandWordsTests {
    @Test(arguments: [
        ("cat", ["cat"]), ("  a   b\tc ", ["a", "b", "c"]), ("a 'b c' \"d e\"", ["a", "b c", "d e"]),
        ("a\\ b c", ["a b", "c"]),
        ("a'b'\"c\"d", ["abcd"]), ("a '' \"\"", ["a", "", ""]), ("a \"b\\\"c\\\\d\\n\"", ["a", "b\"c\\d\\n"]),
        ("a '\\n$x|;'", ["a", "\\n$x|;"]), ("a \\$x \\|", ["a", "$x", "|"]),
        ("a *.txt ~ #x", ["a", "*.txt", "~", "#x"]),
        ("a \"\\$x\"", ["a", "$x"]), ("grep -q 'n: 1'", ["grep", "-q", "n: 1"]),
    ])
    func `are split as a shell splits them`(text: String, words: [String]) throws {
        #expect(try CommandWords.parse(text) == words)
    }

    @Test(arguments: [
        "", "  ", "''", "a 'b", "a \"b", "a \\", "a | b", "a > b", "a < b", "a; b", "a && b", "a $x", "a \"$x\"",
        "a `b`", "(a)", "a\nb",
        "a \0",
    ])
    func `what needs a shell is refused, and what is nothing`(text: String) {
        #expect(throws: ValueError.self) { try CommandWords.parse(text) }
    }

    @Test func `a shell gets all of it`() throws {
        #expect(try CommandWords.shell("a | b") == ["/bin/sh", "-c", "a | b"])
        #expect(throws: ValueError.self) { try CommandWords.shell(" ") }
    }

    @Test(arguments: [
        (["--json"], ["--json=-"]), (["--json", "f"], ["--json", "f"]), (["--json", "-"], ["--json", "-"]),
        (["--json", "-q"], ["--json=-", "-q"]),
        (["--json", "--", "cmd"], ["--json=-", "--", "cmd"]), (["--", "--json"], ["--", "--json"]),
        (["--json=f", "-1"], ["--json=f", "-1"]),
        (["--json", "--json", "f"], ["--json=-", "--json", "f"]),
    ])
    func `--json may stand alone`(arguments: [String], completed: [String]) {
        #expect(OutputOptions.completed(arguments) == completed)
    }
}
