import Foundation
import ProcessSupport
import Testing

@Suite("Every client delivers in its own defaults", .blocking)
struct ClientMatrixTests {
    /// Both families: a system's `localhost` may be `::1` for a client that tries one address alone.
    private static let listening = ["-p", "0"]

    @Test(arguments: MailClient.allCases)
    func `in clear without options`(client: MailClient) async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            let server = try ToolServer(Self.listening + ["--once", "--mbox", folder.file("mbox")], listen: nil)
            let result = try client.send(to: server.port, trusting: nil, in: folder)
            #expect(result.status == 0, "\(result.output)\(result.errors)\(server.process.standardError)")
            try Self.expectMessage(in: folder, from: server, isSecured: false)
        }
    }

    @Test(arguments: MailClient.allCases)
    func `inside TLS with a certificate that it verifies`(client: MailClient) async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            let certificate = folder.file("server.pem")
            let security = ["--tls", "--require-tls", "--cert-out", certificate]
            let server = try ToolServer(
                Self.listening + ["--once", "--mbox", folder.file("mbox")] + security, listen: nil)
            let result = try client.send(to: server.port, trusting: certificate, in: folder)
            #expect(result.status == 0, "\(result.output)\(result.errors)\(server.process.standardError)")
            try Self.expectMessage(in: folder, from: server, isSecured: true)
        }
    }

    private static func expectMessage(in folder: TemporaryFolder, from server: ToolServer, isSecured: Bool) throws {
        // Where nothing came there is nothing to wait for.
        let messages = try MailboxReader.messages(in: folder.file("mbox")).map { String(decoding: $0, as: UTF8.self) }
        #expect(messages.count == 1)
        #expect(messages.first?.contains("matrix") == true)
        #expect(messages.first?.contains("tls TLS_") == isSecured, "\(messages)")
        if messages.isEmpty { server.stop() } else { #expect(server.process.wait() == 0) }
    }
}
