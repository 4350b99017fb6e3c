import Foundation
import ProcessSupport
import TranscriptSupport

/// The built `smtpd-lite` with a listener for STARTTLS and one for implicit TLS, for one user.
///
/// It makes its certificate at start and writes it to a file, for clients to trust.
final class SecureServer: Sendable {
    static let user = "alice"
    static let password = "wonder-land-7"

    let tool: ToolServer
    let folder: TemporaryFolder
    /// The port of implicit TLS.
    let tlsPort: Int

    /// Starts the tool.
    ///
    /// - Parameters:
    ///   - arguments: its arguments beside the listeners, the output and the certificate.
    ///   - users: the value of `--auth`.
    init(
        _ arguments: [String] = [], users: String? = "\(user):\(password)", folder: TemporaryFolder? = nil,
        certificate: [String]? = nil
    ) throws {
        let folder = try folder ?? TemporaryFolder()
        self.folder = folder
        let authentication = users.map { ["--auth", $0] } ?? []
        let identity = certificate ?? ["--cert-out", folder.file("server.pem")]
        tool = try ToolServer(
            ["--tls-listen", "0", "--mbox", folder.file("mbox"), "--hostname", "mx.example"]
                + identity + authentication + arguments)
        let line = tool.process.standardError.split(separator: "\n").first { $0.hasPrefix("listening smtps ") }
        guard let port = line?.split(separator: ":").last.flatMap({ Int($0) }) else {
            throw HarnessError("no line names the port of TLS: \(tool.process.standardError)")
        }
        tlsPort = port
    }

    /// The certificate of the server.
    var certificate: String { folder.file("server.pem") }

    /// A file with a message, with LF line ends.
    func message(_ subject: String) throws -> String {
        try folder.write("From: joe@example.org\nSubject: \(subject)\n\nhello\n".utf8, to: "message")
    }

    /// The messages that came, with their trace fields.
    func messages() throws -> [String] {
        try MailboxReader.messages(in: folder.file("mbox")).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// Keys and certificates that the `openssl` command makes in a folder.
struct TestCertificates {
    let folder: TemporaryFolder

    /// An authority in `ca.pem`, and a certificate of `CN=alice` that it signed in `client.pem`.
    func makeClient() throws {
        try selfSigned("ca", subject: "/CN=Test Authority")
        try request("client", subject: "/CN=alice")
        try openssl([
            "x509", "-req", "-in", file("client.csr"), "-CA", file("ca.pem"), "-CAkey", file("ca.key"),
            "-CAcreateserial", "-days", "2", "-out", file("client.pem"),
        ])
    }

    /// A certificate that signs itself, in `NAME.pem`, with its key in `NAME.key`.
    func selfSigned(_ name: String, subject: String) throws {
        try openssl(
            ["req", "-x509", "-days", "2", "-out", file("\(name).pem")] + newKey(name) + ["-subj", subject])
    }

    /// The same, but its time was over yesterday.
    func expired(_ name: String) throws {
        try request(name, subject: "/CN=localhost")
        try openssl([
            "x509", "-req", "-in", file("\(name).csr"), "-signkey", file("\(name).key"), "-days", "-1",
            "-out", file("\(name).pem"),
        ])
    }

    func file(_ name: String) -> String { folder.file(name) }

    private func request(_ name: String, subject: String) throws {
        try openssl(["req", "-new", "-out", file("\(name).csr")] + newKey(name) + ["-subj", subject])
    }

    private func newKey(_ name: String) -> [String] {
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", file("\(name).key")]
    }

    private func openssl(_ arguments: [String]) throws {
        let result = try ChildProcess.run(["openssl"] + arguments)
        guard result.status == 0 else { throw HarnessError("openssl: \(result.errors)") }
    }
}
