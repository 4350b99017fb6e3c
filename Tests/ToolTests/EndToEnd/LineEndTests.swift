import Foundation
import ProcessSupport
import Testing

@Suite("Clients that end lines with LF", .blocking)
struct LineEndTests {
    private static let message = "From: joe@example.org\nSubject: lone\n\none\n.two\n\nthree\n"

    /// Delivers with a program, and gives what came.
    private static func deliver(_ words: (Int, String) -> [String]) throws -> (text: String, errors: String) {
        let folder = try TemporaryFolder()
        let file = try folder.write(message.utf8, to: "message")
        let server = try ToolServer(["--once", "--mbox", folder.file("mbox")])
        let result = try ChildProcess.run(words(server.port, file))
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(server.process.wait() == 0)
        let messages = try MailboxReader.messages(in: folder.file("mbox"))
        #expect(messages.count == 1)
        return (MailboxReader.withoutTraceFields(messages.first ?? []), server.process.standardError)
    }

    @Test func `curl uploads a file with LF`() throws {
        let came = try Self.deliver { port, file in
            [
                "curl", "--silent", "--show-error", "--url", "smtp://127.0.0.1:\(port)", "--mail-from",
                "joe@example.org",
                "--mail-rcpt", "ann@example.net", "-T", file,
            ]
        }
        // The client ends the last line once more.
        #expect([Self.message, Self.message + "\n"].contains(came.text), "\(came.text)")
        #expect(came.errors.contains("line 1 of the message ends with a lone LF"), "\(came.errors)")
    }

    @Test func `smtplib sends bytes with LF`() throws {
        let script = """
            import smtplib, sys
            with smtplib.SMTP("127.0.0.1", int(sys.argv[1])) as server:
                server.sendmail("joe@example.org", ["ann@example.net"], open(sys.argv[2], "rb").read())
            """
        let came = try Self.deliver { port, file in ["python3", "-c", script, "\(port)", file] }
        // The client ends the last line once more.
        #expect([Self.message, Self.message + "\n"].contains(came.text), "\(came.text)")
    }

    @Test func `nc without -C is served, and told how to end a message`() throws {
        let folder = try TemporaryFolder()
        let server = try ToolServer(["--sessions", "2", "--mbox", folder.file("mbox")])
        let start = "HELO c\\nMAIL FROM:<joe@example.org>\\nRCPT TO:<ann@example.net>\\nDATA\\nSubject: x\\n\\nbody"
        for end in ["\\n.\\n", "\\r\\n.\\r\\n"] {
            let result = try ChildProcess.run([
                "sh", "-c", "printf '\(start)\(end)QUIT\\n' | nc -N 127.0.0.1 \(server.port)",
            ])
            #expect(result.output.contains("354 "))
            #expect(result.output.contains("queued as") == end.contains("r"))
        }
        #expect(server.process.wait() == 0)
        #expect(try MailboxReader.messages(in: folder.file("mbox")).count == 1)
        let errors = server.process.standardError
        #expect(errors.contains("session 1: the client ends commands with a lone LF"), "\(errors)")
        #expect(errors.contains("session 1: a line with nothing but a dot did not end the message"), "\(errors)")
    }
}
