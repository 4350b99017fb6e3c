import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

@Suite("Real clients deliver through TLS", .blocking)
struct TLSClientTests {
    /// A program, and how it is told to secure the connection and to verify the server.
    enum Client: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case swaks, curl, msmtp, smtplib, openssl, gnutls

        var testDescription: String { rawValue }

        func words(_ server: SecureServer, isImplicit: Bool) throws -> [String] {
            let port = isImplicit ? server.tlsPort : server.tool.port
            let trust = server.certificate
            let message = try server.message("from \(rawValue)")
            switch self {
            case .swaks:
                return [
                    "swaks", "--server", "localhost", "--port", "\(port)", isImplicit ? "-tlsc" : "-tls",
                    "--tls-verify", "--tls-ca-path", trust, "--from", "joe@example.org", "--to", "ann@example.net",
                    "--data", "@\(message)",
                ]
            case .curl:
                return [
                    "curl", "--silent", "--show-error", "--ssl-reqd", "--cacert", trust, "--crlf", "--url",
                    "\(isImplicit ? "smtps" : "smtp")://localhost:\(port)/client.example", "--mail-from",
                    "joe@example.org", "--mail-rcpt", "ann@example.net", "--upload-file", message,
                ]
            case .msmtp:
                return [
                    "sh", "-c", "exec \"$@\" <\"$0\"", message, "msmtp", "--file=/dev/null", "--host=localhost",
                    "--port=\(port)", "--from=joe@example.org", "--tls=on",
                    "--tls-starttls=\(isImplicit ? "off" : "on")", "--tls-trust-file=\(trust)", "ann@example.net",
                ]
            case .smtplib:
                return ["python3", "-c", Self.script, "\(port)", trust, message, isImplicit ? "implicit" : "starttls"]
            case .openssl:
                return Self.talking(
                    [
                        "openssl", "s_client", "-quiet", "-verify_return_error", "-verify_hostname", "localhost",
                        "-CAfile", trust, "-connect", "localhost:\(port)",
                    ] + (isImplicit ? [] : ["-starttls", "smtp"]))
            case .gnutls:
                return Self.talking(
                    ["gnutls-cli", "--x509cafile", trust, "--port", "\(port)"]
                        + (isImplicit ? [] : ["--starttls-proto", "smtp"]) + ["localhost"])
            }
        }

        private static let script = """
            import smtplib, ssl, sys
            context = ssl.create_default_context(cafile=sys.argv[2])
            content = open(sys.argv[3], "rb").read().replace(b"\\n", b"\\r\\n")
            port = int(sys.argv[1])
            if sys.argv[4] == "implicit":
                server = smtplib.SMTP_SSL("localhost", port, context=context)
            else:
                server = smtplib.SMTP("localhost", port)
                server.starttls(context=context)
            server.sendmail("joe@example.org", ["ann@example.net"], content)
            server.quit()
            """

        /// A program that passes on what it reads from its standard input.
        fileprivate static func talking(_ words: [String]) -> [String] {
            let dialogue =
                "EHLO client.example\\r\\nMAIL FROM:<joe@example.org>\\r\\nRCPT TO:<ann@example.net>\\r\\nDATA\\r\\n"
                + "Subject: from \(words[0] == "openssl" ? "openssl" : "gnutls")\\r\\n\\r\\nhello\\r\\n.\\r\\nQUIT\\r\\n"
            return ["sh", "-c", "printf '\(dialogue)' | \"$@\"", "sh"] + words
        }
    }

    @Test(arguments: Client.allCases, [false, true])
    func `a message comes through, and the server is verified`(client: Client, isImplicit: Bool) throws {
        let server = try SecureServer(users: nil)
        let result = try ChildProcess.run(
            try client.words(server, isImplicit: isImplicit), environment: ["HOME": server.folder.path])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        // A connection that ends without a goodbye could have been cut by anyone.
        #expect(!result.errors.contains("unexpected eof"))
        #expect(server.tool.stop() == 0)
        let messages = try server.messages()
        #expect(messages.count == 1)
        let message = messages.first ?? ""
        #expect(message.contains("Subject: from \(client.rawValue)\n"))
        #expect(message.contains("\tby mx.example with ESMTPS id "))
        #expect(message.contains(/\stls TLS_[A-Z0-9_]+ \(TLSv1\.3\);/), "\(message)")
    }

    @Test(arguments: ["1.2", "1.3"])
    func `the version is in the trace field and has a minimum`(version: String) throws {
        let server = try SecureServer(["--tls-min", version], users: nil)
        let result = try ChildProcess.run(
            try Client.curl.words(server, isImplicit: true) + ["--tls-max", "1.2"])
        #expect((result.status == 0) == (version == "1.2"), "\(result.errors)")
        server.tool.stop()
        let messages = try server.messages()
        #expect(messages.count == (version == "1.2" ? 1 : 0))
        for message in messages {
            #expect(message.contains(/tls TLS_ECDHE_ECDSA_WITH_[A-Z0-9_]+ \(TLSv1\.2\);/), "\(message)")
        }
    }

    @Test(arguments: [("1.0", "-tls1"), ("1.1", "-tls1_1"), ("1.0", "-tls1_2"), ("1.1", "-tls1_3")])
    func `old versions are spoken when asked for, and a line says what that costs`(minimum: String, version: String)
        throws
    {
        let server = try SecureServer(["--tls-min", minimum])
        #expect(server.tool.process.standardError.contains("--tls-min \(minimum) lowers OpenSSL's security level to 0"))
        let run = try ChildProcess.run(
            Client.talking([
                "openssl", "s_client", "-quiet", "-verify_return_error", version, "-cipher", "ALL:@SECLEVEL=0",
                "-CAfile",
                server.certificate, "-connect", "localhost:\(server.tool.port)", "-starttls", "smtp",
            ]))
        #expect(run.status == 0, "\(run.errors)")
        #expect(try server.messages().count == 1)
    }

    @Test func `RSA key exchange and CBC, which old devices know, are there with old versions`() throws {
        let server = try SecureServer(["--tls-min", "1.0"])
        let run = try ChildProcess.run(
            Client.talking([
                "openssl", "s_client", "-quiet", "-tls1", "-cipher", "AES128-SHA:@SECLEVEL=0", "-CAfile",
                server.certificate, "-connect", "localhost:\(server.tlsPort)",
            ]))
        #expect(run.status == 0, "\(run.errors)")
    }

    @Test func `a client that wants another name is told by the certificate`() throws {
        let server = try SecureServer(["--cert-name", "other.example"], users: nil)
        let result = try ChildProcess.run(try Client.curl.words(server, isImplicit: true))
        #expect(result.status == 60, "\(result.errors)")
        server.tool.stop()
        let text = try ChildProcess.run([
            "openssl", "x509", "-in", server.certificate, "-noout", "-ext", "subjectAltName",
        ])
        #expect(text.output.contains("DNS:other.example"))
        #expect(!text.output.contains("localhost"))
    }

    /// Options, and whether STARTTLS is offered with them.
    static let offers: [([String], Bool)] = [
        ([], false), (["--no-tls"], false), (["--tls-listen", "0"], false), (["--tls"], true),
        (["--require-tls"], true), (["--cert-name", "localhost"], true), (["--tls-min", "1.3"], true),
    ]

    @Test(arguments: offers)
    func `STARTTLS is offered where an option asks for it`(options: [String], isOffered: Bool) throws {
        let tool = try ToolServer(options + ["--discard"])
        let client = try tool.client()
        let lines = try client.capabilities()
        #expect(lines.contains("STARTTLS") == isOffered, "\(lines)")
        #expect(try client.command("STARTTLS").hasPrefix(isOffered ? "220 " : "502 "))
        tool.stop()
    }

    @Test func `the dialogue shows who connects, TLS and the end`() throws {
        let server = try SecureServer(["--verbose"], users: nil)
        let result = try ChildProcess.run(try Client.curl.words(server, isImplicit: false))
        #expect(result.status == 0, "\(result.errors)")
        server.tool.stop()
        let said = server.tool.process.standardError
        #expect(said.contains(/\[1\] 127\.0\.0\.1:\d+ connected\n/), "\(said)")
        #expect(said.contains(/\[1\] TLS established: TLSv1\.3 TLS_[A-Z0-9_]+\n/), "\(said)")
        #expect(said.contains("[1] disconnected\n"), "\(said)")
    }

    @Test func `where TLS is required nothing is taken without`() throws {
        let server = try SecureServer(["--require-tls"], users: nil)
        let client = try server.tool.client()
        #expect(try client.command("EHLO client.example").hasPrefix("250 "))
        #expect(try client.command("MAIL FROM:<joe@example.org>") == "530 5.7.0 Must issue a STARTTLS command first")
        client.end()
        for isImplicit in [false, true] {
            let result = try ChildProcess.run(try Client.curl.words(server, isImplicit: isImplicit))
            #expect(result.status == 0, "\(result.errors)")
        }
        server.tool.stop()
        #expect(try server.messages().count == 2)
    }

    @Test func `a command finds the certificate, which goes with the server`() throws {
        let script = """
            test -s "$SMTP_CERT" && echo "$SMTP_CERT" && curl --silent --show-error --ssl-reqd --cacert "$SMTP_CERT" \
            --url "smtp://localhost:$SMTP_PORT/client.example" --mail-from joe@example.org --mail-rcpt ann@example.net \
            --upload-file - --crlf </dev/null
            """
        let result = try ChildProcess.run(
            [BuiltTool.path("smtpd-lite"), "--listen", "0", "--tls", "--quiet", "--discard", "--", "sh", "-c", script])
        #expect(result.status == 0, "\(result.errors)")
        let path = result.output.split(separator: "\n").first.map(String.init) ?? ""
        #expect(path.hasSuffix(".pem"))
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `a URL says when the only listener speaks TLS at once`() throws {
        let result = try ChildProcess.run([
            BuiltTool.path("smtpd-lite"), "--tls-listen", "0", "--quiet", "--discard", "--", "sh", "-c",
            "echo $SMTP_URL",
        ])
        #expect(result.output.hasPrefix("smtps://127.0.0.1:"), "\(result.errors)")
    }

    @Test func `the secrets of connections are logged where that was asked for`() throws {
        let folder = try TemporaryFolder()
        let server = try SecureServer(["--keylog", folder.file("keys")], users: nil)
        let result = try ChildProcess.run(try Client.curl.words(server, isImplicit: false))
        #expect(result.status == 0, "\(result.errors)")
        server.tool.stop()
        let text = String(decoding: folder.read("keys"), as: UTF8.self)
        #expect(text.contains(/^SERVER_TRAFFIC_SECRET_0 [0-9a-f]{64} [0-9a-f]+\n/.anchorsMatchLineEndings()))
        let mode = try FileManager.default.attributesOfItem(atPath: folder.file("keys"))[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }
}
