import Foundation
import ProcessSupport
import SMTPKit
import Testing
import TranscriptSupport

/// The library's client against servers that people use.
@Suite("Client against real servers", .blocking)
struct RealServerTests {
    private static let ann = Envelope.Recipient(.mailbox(Mailbox(localPart: "ann", domain: .name("example.net"))))
    private static let bob = Envelope.Recipient(.mailbox(Mailbox(localPart: "bob", domain: .name("example.net"))))
    private static let envelope = Envelope(
        reversePath: .mailbox(Mailbox(localPart: "joe", domain: .name("example.org"))), recipients: [ann, bob])
    private static let content = "Subject: dots\n\n.\n..\nlast\n"

    private static func configuration(_ security: ClientSecurity = ClientSecurity(.none)) -> SMTPClient.Configuration {
        var configuration = SMTPClient.Configuration()
        configuration.helloName = "client.example"
        configuration.security = security
        return configuration
    }

    /// TLS with one certificate that is trusted.
    private static func trusting(_ file: String, name: String) -> ClientSecurity {
        var security = ClientSecurity(.required)
        security.configuration.trust = .certificates(.file(file))
        security.serverName = name
        return security
    }

    private static func localhost(_ port: Int) -> Endpoint { .host("127.0.0.1", port: UInt16(port)) }

    private static func send(
        to endpoint: Endpoint, _ configuration: SMTPClient.Configuration = configuration(),
        _ transaction: Transaction = Transaction(envelope)
    ) async throws -> TransactionOutcome {
        try await SMTPClient.withConnection(to: endpoint, configuration: configuration) {
            try await $0.send(transaction, content: content.utf8)
        }
    }

    @Test(arguments: [ClientSecurity.Mode.required, .implicit], [Transaction.Transfer.data, .chunks])
    func `smtpd-lite with TLS and AUTH`(mode: ClientSecurity.Mode, transfer: Transaction.Transfer) async throws {
        let server = try SecureServer()
        var security = Self.trusting(server.certificate, name: "mx.example")
        security.mode = mode
        var configuration = Self.configuration(security)
        configuration.credentials = SASLCredentials(user: SecureServer.user, secret: Secret(SecureServer.password))
        let port = mode == .implicit ? server.tlsPort : server.tool.port
        let outcome = try await Self.send(
            to: Self.localhost(port), configuration, Transaction(Self.envelope, transfer: transfer))
        #expect(outcome.isDeliveredToAll)
        let messages = try server.messages().map { MailboxReader.withoutTraceFields(Array($0.utf8)) }
        #expect(messages == [Self.content])
        #expect(server.tool.stop() == 0)
    }

    @Test func `smtpd-lite as an LMTP server`() async throws {
        let folder = try TemporaryFolder()
        let server = try ToolServer(["--lmtp", "--mbox", folder.file("mbox")])
        var configuration = Self.configuration()
        configuration.isLMTP = true
        let outcome = try await Self.send(to: Self.localhost(server.port), configuration)
        #expect(outcome.isDeliveredToAll)
        #expect(outcome.recipients.allSatisfy { $0.delivery != nil })
    }

    @Test func `Postfix's smtpd with TLS and AUTH`() async throws {
        let certificates = TestCertificates(folder: try TemporaryFolder())
        try certificates.selfSigned("server", subject: "/CN=mta.example")
        let server = try PostfixReceiver(certificates)
        var configuration = Self.configuration(Self.trusting(certificates.file("server.pem"), name: "mta.example"))
        let refused = try await Self.send(to: Self.localhost(server.port), configuration)
        #expect(refused.refusal?.stage == .rcpt, "\(server.log)")
        configuration.credentials = SASLCredentials(user: "alice", secret: Secret("secret"))
        for transfer in [Transaction.Transfer.data, .chunks] {
            let outcome = try await Self.send(
                to: Self.localhost(server.port), configuration, Transaction(Self.envelope, transfer: transfer))
            #expect(outcome.isDeliveredToAll, "\(server.log)")
            #expect(outcome.final?.lines[0].contains("queued as") == true)
        }
        configuration.credentials = SASLCredentials(user: "alice", secret: Secret("wrong"))
        let error = await #expect(throws: SMTPError.self) {
            try await Self.send(to: Self.localhost(server.port), configuration)
        }
        #expect(error?.code == .refused && error?.stage == .authentication && error?.reply?.code == 535)
        #expect(!"\(try #require(error))".contains("wrong"))
    }

    @Test func `smtp-sink on a UNIX socket`() async throws {
        let folder = try TemporaryFolder()
        let script = "exec 2>&1 smtp-sink -v -v -v -u root \"unix:$1\" 100"
        let sink = try Companion("sh", ["-c", script, "sh", folder.file("sink")])
        // What it says of itself when it waits for the first client.
        while case let line = try await sink.line(), !line.contains("event_loop") { try #require(!line.isEmpty) }
        for isPipelined in [true, false] {
            let outcome = try await Self.send(
                to: .unix(path: folder.file("sink")), Self.configuration(),
                Transaction(Self.envelope, isPipelined: isPipelined))
            #expect(outcome.isDeliveredToAll)
        }
    }

    @Test func `aiosmtpd`() async throws {
        let script = """
            import asyncio, sys
            from aiosmtpd.smtp import SMTP
            class Handler:
                async def handle_DATA(self, server, session, envelope):
                    print(envelope.mail_from, *envelope.rcpt_tos, repr(envelope.content), flush=True)
                    return '250 Kept'
            async def serve():
                loop = asyncio.get_running_loop()
                server = await loop.create_server(lambda: SMTP(Handler(), hostname='mx.example'), '127.0.0.1', 0)
                print(server.sockets[0].getsockname()[1], flush=True)
                await loop.run_in_executor(None, sys.stdin.read)
            asyncio.run(serve())
            """
        let server = try Companion("\(BuiltTool.project)/.build-venv/bin/python", ["-c", script])
        let port = try #require(Int(await server.line()))
        let outcome = try await Self.send(to: Self.localhost(port))
        #expect(outcome.isDeliveredToAll)
        #expect(outcome.final?.lines == ["Kept"])
        let line = try await server.line()
        #expect(
            line == #"joe@example.org ann@example.net bob@example.net b'Subject: dots\r\n\r\n.\r\n..\r\nlast\r\n'"#)
        _ = try await server.finish()
    }
}
