import Foundation
import ProcessSupport
import Testing

@Suite("The first screen", .blocking)
struct ReadyLineTests {
    private static let tool = BuiltTool.path("smtpd-lite")

    @Test func `a person is told what to do next, and the counts at the end begin a line`() throws {
        let terminal = try Terminal([Self.tool, "-p", "0", "--discard", "--stats"])
        try terminal.wait(for: "listening smtp 127.0.0.1:")
        try terminal.wait(for: "Send mail to localhost:")
        try terminal.wait(for: ". Ctrl-C stops, --help explains.\r\n")
        terminal.type("\u{3}")
        #expect(try terminal.finish() == 0)
        #expect(terminal.output.hasSuffix("\r\n0 sessions (0 open), 0 messages, 0 B; 0.0 messages/s\r\n"))
    }

    @Test(arguments: [["--quiet"], ["--once", "--", "true"]])
    func `others are not`(arguments: [String]) throws {
        let terminal = try Terminal([Self.tool, "-p", "0", "--discard", "--timeout", "1ms"] + arguments)
        _ = try terminal.finish()
        #expect(!terminal.output.contains("Send mail"))
    }
}
