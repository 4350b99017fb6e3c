import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

@Suite("Real clients log in", .blocking)
struct AuthenticationClientTests {
    /// A program and one of its mechanisms.
    enum Client: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case swaksPlain, swaksLogin, swaksCRAM
        case curlPlain, curlLogin, curlCRAM, curlXOAuth2, curlOAuthBearer
        case msmtpPlain, msmtpLogin, msmtpCRAM, msmtpSCRAM1, msmtpSCRAM256, msmtpXOAuth2, msmtpOAuthBearer
        case smtplibPlain, smtplibLogin, smtplibCRAM

        var testDescription: String { rawValue }

        private var mechanism: String {
            switch self {
            case .swaksPlain, .curlPlain, .msmtpPlain, .smtplibPlain: "PLAIN"
            case .swaksLogin, .curlLogin, .msmtpLogin, .smtplibLogin: "LOGIN"
            case .swaksCRAM, .curlCRAM, .msmtpCRAM, .smtplibCRAM: "CRAM-MD5"
            case .msmtpSCRAM1: "SCRAM-SHA-1"
            case .msmtpSCRAM256: "SCRAM-SHA-256"
            case .curlXOAuth2, .msmtpXOAuth2: "XOAUTH2"
            case .curlOAuthBearer, .msmtpOAuthBearer: "OAUTHBEARER"
            }
        }

        func words(_ server: SecureServer, password: String) throws -> [String] {
            let message = try server.message("authenticated")
            switch self {
            case .swaksPlain, .swaksLogin, .swaksCRAM:
                return [
                    "swaks", "--server", "localhost", "--port", "\(server.tool.port)", "-tls", "-a", mechanism, "-au",
                    SecureServer.user, "-ap", password, "--from", "joe@example.org", "--to", "ann@example.net",
                    "--data",
                    "@\(message)",
                ]
            case .curlPlain, .curlLogin, .curlCRAM, .curlXOAuth2, .curlOAuthBearer:
                let isToken = mechanism.contains("OAUTH") || mechanism.contains("AUTH2")
                return AuthenticationClientTests.curl(server, mechanism, message)
                    + ["--user", "\(SecureServer.user):\(password)"]
                    + (isToken ? ["--oauth2-bearer", password] : [])
            case .msmtpPlain, .msmtpLogin, .msmtpCRAM, .msmtpSCRAM1, .msmtpSCRAM256, .msmtpXOAuth2, .msmtpOAuthBearer:
                return AuthenticationClientTests.msmtp(server, mechanism, message)
                    + ["--passwordeval=echo '\(password)'", "ann@example.net"]
            case .smtplibPlain, .smtplibLogin, .smtplibCRAM:
                return [
                    "python3", "-c",
                    """
                    import smtplib, ssl, sys
                    port, trust, message, mechanism, user, password = sys.argv[1:]
                    server = smtplib.SMTP("localhost", int(port))
                    server.starttls(context=ssl.create_default_context(cafile=trust))
                    server.ehlo()
                    server.user, server.password = user, password
                    server.auth(mechanism, getattr(server, "auth_" + mechanism.lower().replace("-", "_")))
                    content = open(message, "rb").read().replace(b"\\n", b"\\r\\n")
                    server.sendmail("joe@example.org", ["ann@example.net"], content)
                    server.quit()
                    """,
                    "\(server.tool.port)", server.certificate, message, mechanism, SecureServer.user, password,
                ]
            }
        }
    }

    private static func curl(_ server: SecureServer, _ mechanism: String, _ message: String) -> [String] {
        [
            "curl", "--silent", "--show-error", "--ssl-reqd", "--cacert", server.certificate, "--crlf", "--url",
            "smtp://localhost:\(server.tool.port)/client.example", "--mail-from", "joe@example.org", "--mail-rcpt",
            "ann@example.net", "--upload-file", message, "--login-options", "AUTH=\(mechanism)",
        ]
    }

    private static func msmtp(_ server: SecureServer, _ mechanism: String, _ message: String) -> [String] {
        [
            "sh", "-c", "exec \"$@\" <\"$0\"", message, "msmtp", "--file=/dev/null", "--host=localhost",
            "--port=\(server.tool.port)", "--from=joe@example.org", "--tls=on", "--tls-starttls=on",
            "--tls-trust-file=\(server.certificate)", "--auth=\(mechanism.lowercased())", "--user=\(SecureServer.user)",
        ]
    }

    @Test(arguments: Client.allCases)
    func `the right password is taken and a wrong one is not`(client: Client) throws {
        let server = try SecureServer(["--require-auth"])
        let home = ["HOME": server.folder.path]
        let right = try ChildProcess.run(
            try client.words(server, password: SecureServer.password), environment: home)
        #expect(right.status == 0, "\(right.output)\(right.errors)")
        let wrong = try ChildProcess.run(try client.words(server, password: "not-it"), environment: home)
        #expect(wrong.status != 0, "\(wrong.output)\(wrong.errors)")
        server.tool.stop()
        let messages = try server.messages()
        #expect(messages.count == 1)
        #expect(messages.first?.contains("with ESMTPSA id ") == true)
        #expect(messages.first?.contains(/tls TLS_[A-Z0-9_]+ \(TLSv1\.3\);/) == true)
    }

    @Test(arguments: ["curl", "msmtp"])
    func `a certificate is a login`(program: String) throws {
        let folder = try TemporaryFolder()
        try TestCertificates(folder: folder).makeClient()
        let server = try SecureServer(["--client-ca", folder.file("ca.pem"), "--require-auth"])
        let message = try server.message("certified")
        let (pem, key) = (folder.file("client.pem"), folder.file("client.key"))
        let curl = Self.curl(server, "EXTERNAL", message) + ["--user", "alice:"]
        let msmtp = Self.msmtp(server, "EXTERNAL", message)
        let words: [[String]] =
            program == "curl"
            ? [curl + ["--cert", pem, "--key", key], curl]
            : [
                msmtp + ["--tls-cert-file=\(pem)", "--tls-key-file=\(key)", "ann@example.net"],
                msmtp + ["ann@example.net"],
            ]
        let home = ["HOME": folder.path]
        let right = try ChildProcess.run(words[0], environment: home)
        #expect(right.status == 0, "\(right.output)\(right.errors)")
        let wrong = try ChildProcess.run(words[1], environment: home)
        #expect(wrong.status != 0, "\(wrong.output)\(wrong.errors)")
        server.tool.stop()
        #expect(try server.messages().count == 1)
    }

    @Test(arguments: [
        // Made by htpasswd and by openssl passwd, all of the password "wonder-land-7".
        ["openssl", "passwd", "-6", SecureServer.password], ["openssl", "passwd", "-apr1", SecureServer.password],
        ["echo", SecureServer.password],
    ])
    func `a password file is read`(maker: [String]) throws {
        let folder = try TemporaryFolder()
        let hash = try ChildProcess.run(maker).output
        try folder.write("# users\nalice:\(hash)".utf8, to: "users")
        let server = try SecureServer(users: "@\(folder.file("users"))")
        for client in [Client.curlPlain, .curlLogin] {
            let right = try ChildProcess.run(try client.words(server, password: SecureServer.password))
            #expect(right.status == 0, "\(right.errors)")
            let wrong = try ChildProcess.run(try client.words(server, password: "not-it"))
            #expect(wrong.status == 67, "\(wrong.errors)")
        }
        // A challenge can be made only where the password itself is known.
        let challenge = try ChildProcess.run(try Client.curlCRAM.words(server, password: SecureServer.password))
        #expect((challenge.status == 0) == (maker[0] == "echo"), "\(challenge.errors)")
        server.tool.stop()
    }

    @Test func `anybody is anybody`() throws {
        let server = try SecureServer(["--mechanisms", "plain,CRAM-MD5"], users: "any")
        for password in ["one", "two"] {
            let result = try ChildProcess.run(try Client.curlCRAM.words(server, password: password))
            #expect(result.status == 0, "\(result.errors)")
        }
        let refused = try ChildProcess.run(try Client.curlLogin.words(server, password: "one"))
        #expect(refused.status != 0)
        server.tool.stop()
    }

    /// Options, and whether PLAIN is offered in clear with them.
    static let clear: [([String], String, Bool)] = [
        ([], "0", true), (["--no-tls"], "0", true), (["--tls"], "0", false), (["--tls-listen", "0"], "0", false),
        (["--tls", "--auth-without-tls"], "0", true), (["--auth-without-tls"], "127.0.0.1:0", true),
        (["--auth-without-tls"], "0.0.0.0:0", true),
    ]

    @Test(arguments: clear)
    func `without TLS a login in clear is offered where only this machine listens`(
        options: [String], listen: String, isOffered: Bool
    ) throws {
        let tool = try ToolServer(options + ["--discard", "--auth", "any"], listen: listen)
        let client = try tool.client()
        let lines = try client.capabilities()
        #expect(lines.contains { $0.hasPrefix("AUTH ") && $0.contains(" PLAIN") } == isOffered, "\(lines)")
        tool.stop()
    }

    @Test(arguments: [false, true])
    func `passwords go in clear only where that is allowed`(isAllowed: Bool) throws {
        let server = try SecureServer(isAllowed ? ["--auth-without-tls"] : [])
        let client = try server.tool.client()
        try client.command("EHLO client.example")
        let reply = try client.command("AUTH PLAIN AGFsaWNlAHdvbmRlci1sYW5kLTc=")
        #expect(reply.hasPrefix(isAllowed ? "235 2.7.0 " : "538 5.7.11 "))
        client.end()
        server.tool.stop()
    }
}
