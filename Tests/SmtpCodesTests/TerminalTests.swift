import Foundation
import ProcessSupport
import Testing

/// Answers on a terminal: folded to its width, in colour, and with nothing that it would act on.
@Suite("Terminal", .blocking)
struct TerminalTests {
    /// Runs the tool on a terminal and returns what is shown, with LF line ends.
    private static func show(_ words: [String], columns: UInt16 = 200, environment: [String: String] = [:]) throws
        -> String
    {
        let terminal = try Terminal(
            [Tool.path] + words, environment: ["NO_COLOR": ""].merging(environment) { $1 }, columns: columns)
        #expect(try terminal.finish() == 0)
        return terminal.output.replacingOccurrences(of: "\r\n", with: "\n")
    }

    private static let plain = ["NO_COLOR": "1"]

    @Test(arguments: ["5.7.1", "550 5.1.1", "5.7.x"], [40, 60, 80])
    func `long lines are folded at words to the width of the terminal`(input: String, columns: UInt16) throws {
        let shown = try Self.show([input], columns: columns, environment: Self.plain)
        let whole = try Tool.run(input).text
        let lines = shown.split(separator: "\n")
        // The first line is for programs, too, and stays whole.
        #expect(lines.dropFirst().allSatisfy { $0.count <= Int(columns) }, "\(shown)")
        #expect(lines.count > whole.split(separator: "\n").count, "nothing was folded: \(shown)")
        // Only blanks and line ends differ.
        #expect(shown.split { $0.isWhitespace } == whole.split { $0.isWhitespace })
        #expect(lines.contains { $0.hasPrefix(String(repeating: " ", count: 13)) } || input == "5.7.x")
    }

    @Test func `a wide terminal and a pipe get the same lines`() throws {
        #expect(try Self.show(["5.7.1"], columns: 1000, environment: Self.plain) == Tool.run("5.7.1").text)
    }

    @Test func `an explanation in colour has its bracket coloured and nothing else`() throws {
        let folder = try TemporaryFolder()
        let log = "a said: 550 5.1.1 no\nplain\nb said: 452 4.2.2 full\nc said: 250 2.0.0 ok\n"
        try folder.write(log.utf8, to: "log")
        let words = ["--annotate", folder.file("log")]
        let shown = try Self.show(words)
        let lines = shown.split(separator: "\n").map(String.init)
        try #require(lines.count == 4, "\(shown)")
        #expect(lines[0] == "a said: 550 5.1.1 no  \u{1B}[31m\(AnnotateTests.note.dropFirst(2))\u{1B}[0m")
        #expect(lines[1] == "plain")
        #expect(lines[2].hasPrefix("b said: 452 4.2.2 full  \u{1B}[33m[452 4.2.2 transient, "))
        #expect(lines[3].hasPrefix("c said: 250 2.0.0 ok  \u{1B}[32m[250 2.0.0 success, "))
        #expect(lines[0...].filter { $0.contains("\u{1B}") }.allSatisfy { $0.hasSuffix("]\u{1B}[0m") })
        let plain = try Tool.run(words).text
        for environment in [Self.plain, ["TERM": "dumb"]] {
            #expect(try Self.show(words, environment: environment) == plain)
        }
    }

    @Test func `a message shows characters that cannot be seen or turn the text by their numbers`() throws {
        for (typed, shown) in [
            ("x\u{202E}y", "\\u{202e}"), ("x\u{200B}y", "\\u{200b}"), ("x\u{2066}y", "\\u{2066}"),
            ("x\u{1B}[2Jy", "\\u{1b}"),
        ] {
            let run = try Tool.run(typed)
            #expect(run.status == 2 && run.errors.contains("x\(shown)"), "\(run.errors)")
            let unsafe = "\u{202E}\u{200B}\u{2066}\u{1B}".unicodeScalars
            #expect(!run.errors.unicodeScalars.contains { unsafe.contains($0) })
        }
    }
}
