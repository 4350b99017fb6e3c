import CommandLineSupport
import ProcessSupport
import Testing

@Suite("Long lines of the shell", .blocking)
struct FoldingTests {
    private func lines(_ text: String) -> [Substring] {
        // A shell's own line editing is no part of what is folded.
        text.split(whereSeparator: \.isNewline)
    }

    @Test(arguments: [UInt16(60), 80, 100])
    func `are folded between words`(columns: UInt16) async throws {
        let server = try await ScriptedServer.start([
            "RCPT": ["550 5.1.1 " + Array(repeating: "mailbox", count: 20).joined(separator: " ")]
        ])
        let home = try TemporaryFolder()
        let shell = try Terminal(
            [BuiltTool.path("smtp-probe"), server.target],
            environment: ["XDG_STATE_HOME": home.path, "NO_COLOR": "1"], columns: columns)
        try shell.wait(for: "> ")
        shell.type("RCPT TO:<a@b.test>\r")
        try shell.wait(for: "permanent")
        try shell.wait(for: "> ")
        shell.type(":help\r")
        try shell.wait(for: ":quit")
        try shell.wait(for: "> ")
        shell.type(":q\r")
        try shell.wait(for: "221")
        #expect(try shell.finish() == 0)
        let long = lines(shell.output).filter { $0.count > columns && !$0.contains("\u{1B}") }
        #expect(long.isEmpty, "\(long)")
        #expect(shell.output.contains("550 5.1.1 mailbox"))
        #expect(!shell.output.contains("mailb\r") && !shell.output.contains("\r\nox"))
    }

    @Test func `hang under their first column`() {
        let text = "  :send [FILE]    send FILE, or the message"
        #expect(
            FoldedLines.fold(text, columns: 34, hanging: 18) == [
                "  :send [FILE]    send FILE, or", "                  the message",
            ])
        #expect(FoldedLines.fold("short", columns: 34, hanging: 2) == ["short"])
        #expect(FoldedLines.fold("too narrow to fold", columns: 10, hanging: 2) == ["too narrow to fold"])
    }
}
