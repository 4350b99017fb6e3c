import ProcessSupport
import Testing

@Suite("Real clients ask for notifications", .blocking)
struct DeliveryStatusClientTests {
    enum Client: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case msmtp, smtplib

        var testDescription: String { rawValue }

        /// The words that deliver a message and ask to be told of failures and delays, with the header alone.
        func words(port: Int) -> [String] {
            switch self {
            case .msmtp:
                [
                    "msmtp", "--file=/dev/null", "--host=127.0.0.1", "--port=\(port)", "--from=joe@example.org",
                    "--dsn-notify=failure,delay", "--dsn-return=headers", "ann@example.net",
                ]
            case .smtplib:
                [
                    "python3", "-c",
                    """
                    import smtplib, sys
                    server = smtplib.SMTP("127.0.0.1", int(sys.argv[1]))
                    server.sendmail("joe@example.org", ["ann@example.net"], sys.stdin.read(),
                        ["RET=HDRS", "ENVID=a+2Bb"], ["NOTIFY=FAILURE,DELAY", "ORCPT=rfc822;ann@example.net"])
                    server.quit()
                    """, "\(port)",
                ]
            }
        }
    }

    @Test(arguments: Client.allCases)
    func `what they ask for is understood`(client: Client) async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            let server = try ToolServer(["--once", "--discard", "--verbose"])
            let result = try ChildProcess.run(
                client.words(port: server.port), input: Array("Subject: x\n\nbody\n".utf8),
                environment: ["HOME": folder.path])
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            #expect(server.process.wait() == 0)
            let said = server.process.standardError
            #expect(said.contains("RET=HDRS"))
            #expect(said.contains("NOTIFY=FAILURE,DELAY"))
        }
    }
}
