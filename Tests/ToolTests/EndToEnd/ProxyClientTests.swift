import ProcessSupport
import Testing
import TranscriptSupport

@Suite("Proxies", .blocking)
struct ProxyClientTests {
    private static let swaks = [
        "swaks", "--server", "127.0.0.1", "--from", "joe@example.org", "--to", "ann@example.net", "--helo",
        "client.example",
    ]

    private static func curl(_ port: Int) -> [String] {
        [
            "curl", "--silent", "--show-error", "--haproxy-protocol", "--url",
            "smtp://127.0.0.1:\(port)/client.example",
            "--mail-from", "joe@example.org", "--mail-rcpt", "ann@example.net", "--upload-file", "-",
        ]
    }

    /// Returns the message that a program delivers to a server with these options, as stored in the mailbox.
    private static func delivered(
        _ options: [String], input: [UInt8] = [], _ words: (Int) -> [String]
    ) throws -> String {
        let folder = try TemporaryFolder()
        let server = try ToolServer(options + ["--once", "--mbox", folder.file("mbox"), "--quiet"])
        let result = try ChildProcess.run(words(server.port), input: input)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(server.process.wait() == 0)
        return String(decoding: try MailboxReader.messages(in: folder.file("mbox")).first ?? [], as: UTF8.self)
    }

    @Test(arguments: [
        ("1", "TCP4", "192.0.2.7", "[192.0.2.7]"), ("1", "TCP6", "2001:db8::7", "[IPv6:2001:db8::7]"),
        ("2", "AF_INET", "192.0.2.7", "[192.0.2.7]"), ("2", "AF_INET6", "2001:db8::7", "[IPv6:2001:db8::7]"),
    ])
    func `the client is who the proxy says`(
        version: String, family: String, source: String, shown: String
    ) async throws {
        try await onThread {
            let destination = source.contains(":") ? "2001:db8::25" : "198.51.100.25"
            let text = try Self.delivered(["--proxy-from", "127.0.0.0/8"]) { port in
                Self.swaks + [
                    "--port", "\(port)", "--proxy-version", version, "--proxy-family", family, "--proxy-source", source,
                    "--proxy-source-port", "50000", "--proxy-dest", destination, "--proxy-dest-port", "25",
                ] + (version == "2" ? ["--proxy-protocol", "STREAM"] : [])
            }
            #expect(text.contains("Received: from client.example (\(shown))\n"))
        }
    }

    @Test func `curl comes through a proxy, too`() async throws {
        try await onThread {
            let text = try Self.delivered(
                ["--proxy-from", "127.0.0.1"], input: Array("Subject: x\r\n\r\nbody\r\n".utf8), Self.curl)
            #expect(text.contains("Received: from client.example ([127.0.0.1])\n"))
        }
    }

    @Test func `swaks speaks for another`() async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            let text = try Self.delivered(["--xclient-from", "127.0.0.1", "--json", folder.file("json")]) { port in
                Self.swaks + [
                    "--port", "\(port)", "--xclient-addr", "192.0.2.7", "--xclient-name", "mail.example.org",
                ]
            }
            #expect(text.contains("Received: from client.example (mail.example.org [192.0.2.7])\n"))
            let record = String(decoding: folder.read("json"), as: UTF8.self)
            #expect(record.contains("\"peer\":{\"address\":\"192.0.2.7\","))
            #expect(record.contains("\"name\":\"mail.example.org\"}"))
        }
    }

    @Test(arguments: ["EHLO client.example\r\n", "PROXY TCP4 x y 1 2\r\nEHLO client.example\r\n", "PROXY TC"])
    func `who says nothing sensible hears nothing`(start: String) async throws {
        try await onThread {
            let server = try ToolServer(["--proxy-from", "127.0.0.1", "--discard"])
            let client = try SocketClient(port: server.port)
            client.send(start)
            if !start.hasSuffix("\n") { client.finishSending() }
            #expect(try client.readToEnd() == "")
            client.end()
            let behind = try SocketClient(port: server.port)
            behind.send("PROXY UNKNOWN\r\nEHLO client.example\r\nQUIT\r\n")
            #expect(try behind.readToEnd().contains("\r\n221 2.0.0 "))
            behind.end()
            #expect(server.stop() == 0)
            #expect(server.process.standardError.contains("127.0.0.1"))
        }
    }

    @Test func `a header comes before TLS`() async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            let server = try ToolServer(
                ["--proxy-from", "127.0.0.1", "--tls", "--mbox", folder.file("mbox"), "--once", "--quiet"], listen: "0",
                shell: nil)
            let result = try ChildProcess.run(
                Self.swaks + [
                    "--port", "\(server.port)", "-tls", "--proxy-version", "1", "--proxy-family", "TCP4",
                    "--proxy-source", "192.0.2.7", "--proxy-source-port", "50000", "--proxy-dest", "192.0.2.1",
                    "--proxy-dest-port", "25",
                ])
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            #expect(server.process.wait() == 0)
            let text = String(decoding: try MailboxReader.messages(in: folder.file("mbox")).first ?? [], as: UTF8.self)
            #expect(text.contains("([192.0.2.7])\n") && text.contains(" with ESMTPS "))
        }
    }
}
