import Foundation
import ProcessSupport
import Testing

@Suite("Real clients deliver", .blocking)
struct ClientTests {
    /// A message with everything that is easily lost on the way, with LF line ends.
    static let message = """
        From: joe@example.org
        To: ann@example.net
        Date: Thu, 01 Jan 1970 00:00:00 +0000
        Message-ID: <1@example.org>
        Subject: dots and lines
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: 8bit

        .
        ..
        .dot
        From the start of a line
        >From a quoted one
         blanks before and behind\u{20}\u{20}
        grüße

        the end

        """

    /// Programs that deliver a file's message.
    enum Client: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case swaks, curl, msmtp, smtplib

        var testDescription: String { rawValue }

        func words(port: Int, file: String) -> [String] {
            switch self {
            case .swaks:
                [
                    "swaks", "--server", "127.0.0.1", "--port", "\(port)", "--from", "joe@example.org",
                    "--to", "ann@example.net", "--data", "@\(file)", "--suppress-data",
                ]
            case .curl:
                [
                    "curl", "--silent", "--show-error", "--url", "smtp://127.0.0.1:\(port)/client.example",
                    "--mail-from", "joe@example.org", "--mail-rcpt", "ann@example.net", "--crlf", "--upload-file", file,
                ]
            case .msmtp:
                [
                    "sh", "-c",
                    "exec msmtp --file=/dev/null --host=127.0.0.1 --port=\(port) --from=joe@example.org "
                        + "ann@example.net < \"$1\"", "sh", file,
                ]
            case .smtplib:
                [
                    "python3", "-c",
                    """
                    import smtplib, sys
                    content = open(sys.argv[2], "rb").read().replace(b"\\n", b"\\r\\n")
                    with smtplib.SMTP("127.0.0.1", int(sys.argv[1])) as server:
                        server.sendmail("joe@example.org", ["ann@example.net"], content, ["BODY=8BITMIME"])
                    """, "\(port)", file,
                ]
            }
        }
    }

    @Test(arguments: Client.allCases)
    func `a message comes through unchanged`(client: Client) async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            let file = try folder.write(Self.message.utf8, to: "message")
            let server = try ToolServer(["--once", "--mbox", folder.file("mbox"), "--quiet"])
            let result = try ChildProcess.run(
                client.words(port: server.port, file: file), environment: ["HOME": folder.path])
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            #expect(server.process.wait() == 0)
            let messages = try MailboxReader.messages(in: folder.file("mbox"))
            #expect(messages.count == 1)
            let text = MailboxReader.withoutTraceFields(messages.first ?? [])
            let body = text.components(separatedBy: "\n\n").dropFirst().joined(separator: "\n\n")
            let expected = Self.message.components(separatedBy: "\n\n").dropFirst().joined(separator: "\n\n")
            // swaks ends a message file with a line end of its own.
            let end = client == .swaks ? "\n" : ""
            #expect(body == expected + end || body == expected)
            #expect(text.contains("Subject: dots and lines\n"))
        }
    }

    @Test func `smtp-source delivers over several sessions`() async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            let server = try ToolServer(["--count", "60", "--mbox", folder.file("mbox"), "--quiet"])
            let result = try ChildProcess.run([
                "smtp-source", "-s", "6", "-m", "60", "-l", "5000", "-r", "3", "-f", "joe@example.org",
                "-t", "ann@example.net", "127.0.0.1:\(server.port)",
            ])
            #expect(result.status == 0, "\(result.errors)")
            #expect(server.process.wait() == 0)
            #expect(try MailboxReader.countInPython(folder.file("mbox")) == 60)
            #expect(try MailboxReader.messages(in: folder.file("mbox")).count == 60)
        }
    }
}
