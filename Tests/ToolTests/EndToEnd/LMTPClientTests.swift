import ProcessSupport
import Testing

@Suite("Real clients speak LMTP", .blocking)
struct LMTPClientTests {
    private static let message = "From: joe@example.org\nSubject: over LMTP\n\nhello\n"

    enum Client: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case swaks, msmtp, smtplib

        var testDescription: String { rawValue }

        /// The words that deliver a file's message to the given recipients.
        func words(port: Int, file: String, recipients: [String]) -> [String] {
            switch self {
            case .swaks:
                [
                    "swaks", "--protocol", "LMTP", "--server", "127.0.0.1", "--port", "\(port)", "--from",
                    "joe@example.org", "--to", recipients.joined(separator: ","), "--data", "@\(file)",
                ]
            case .msmtp:
                [
                    "sh", "-c",
                    "port=$1 file=$2; shift 2; exec msmtp --file=/dev/null --protocol=lmtp --host=127.0.0.1 --port=$port "
                        + "--from=joe@example.org \"$@\" <\"$file\"", "sh", "\(port)", file,
                ] + recipients
            case .smtplib:
                [
                    "python3", "-c",
                    """
                    import smtplib, sys
                    server = smtplib.LMTP("127.0.0.1", int(sys.argv[1]))
                    content = open(sys.argv[2]).read()
                    refused = server.sendmail("joe@example.org", sys.argv[3:], content)
                    assert not refused, refused
                    assert server.quit()[0] == 221, "the replies are out of step"
                    """, "\(port)", file,
                ] + recipients
            }
        }
    }

    @Test(arguments: Client.allCases)
    func `a message arrives once, and its trace field says how`(client: Client) async throws {
        // The others read one reply after the dot, whatever the number of recipients.
        let recipients = ["ann@example.net"] + (client == .msmtp ? ["bob@example.net"] : [])
        try await onThread {
            let folder = try TemporaryFolder()
            let file = try folder.write(Self.message.utf8, to: "message")
            let server = try ToolServer(["--lmtp", "--once", "--mbox", folder.file("mbox")])
            let result = try ChildProcess.run(
                client.words(port: server.port, file: file, recipients: recipients),
                environment: ["HOME": folder.path])
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            #expect(server.process.wait() == 0)
            #expect(server.process.standardError == "listening lmtp 127.0.0.1:\(server.port)\n")
            let messages = try MailboxReader.messages(in: folder.file("mbox"))
            #expect(messages.count == 1)
            let text = String(decoding: messages.first ?? [], as: UTF8.self)
            #expect(text.contains(" with LMTP id "))
            #expect(text.contains("\nhello\n"))
        }
    }

    @Test func `a command beside it learns the protocol`() async throws {
        try await onThread {
            let result = try ChildProcess.run([
                BuiltTool.path("smtpd-lite"), "--lmtp", "--listen", "0", "--quiet", "--", "sh", "-c",
                "echo \"$SMTP_URL\"",
            ])
            #expect(result.status == 0)
            #expect(result.output.hasPrefix("lmtp://127.0.0.1:"))
        }
    }
}
