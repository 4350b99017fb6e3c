import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

@Suite("Hostile clients and TLS", .blocking)
struct HostileTLSTests {
    /// A client in Python that sends some bytes around `STARTTLS`, shakes hands if it can, and prints what it
    /// is told inside TLS.
    private static let injection = """
        import socket, ssl, sys, time
        port, trust, first, second = int(sys.argv[1]), sys.argv[2], *(s.encode().decode("unicode_escape").encode() for s in sys.argv[3:5])
        s = socket.create_connection(("localhost", port)); s.settimeout(10)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader = s.makefile("rb", buffering=0)
        def line():
            text = b""
            while not text.endswith(b"\\n"):
                octet = reader.read(1)
                if not octet: break
                text += octet
            return text
        line()
        s.sendall(b"EHLO evil\\r\\n")
        while line()[3:4] == b"-": pass
        s.sendall(first)
        print("clear", line().decode().strip())
        if second: s.sendall(second)
        try:
            t = ssl.create_default_context(cafile=trust).wrap_socket(s, server_hostname="localhost")
            t.sendall(b"NOOP\\r\\nMAIL FROM:<joe@example.org>\\r\\nQUIT\\r\\n")
            text = b""
            while (piece := t.recv(4096)): text += piece
            for l in text.decode().splitlines(): print("secure", l)
        except (ssl.SSLError, ConnectionError) as error:
            print("failed", type(error).__name__)
        """

    /// CVE-2011-0411: commands sent in clear after STARTTLS must not be treated as if they were sent inside TLS.
    @Test func `commands behind STARTTLS in the same segment are never heard`() throws {
        let server = try SecureServer()
        let result = try ChildProcess.run([
            "python3", "-c", Self.injection, "\(server.tool.port)", server.certificate,
            "STARTTLS\\r\\nRSET\\r\\nMAIL FROM:<evil@example.org>\\r\\nRCPT TO:<ann@example.net>\\r\\n", "",
        ])
        let lines = result.output.split(separator: "\n")
        #expect(lines.first == "clear 220 2.0.0 Ready to start TLS", "\(result.errors)")
        // NOOP, MAIL without a hello, QUIT, and nothing else.
        #expect(
            lines.dropFirst() == [
                "secure 250 2.0.0 Ok", "secure 503 5.5.1 Send EHLO or HELO first", "secure 221 2.0.0 Bye",
            ])
        #expect(try server.tool.client().command("NOOP").hasPrefix("250 "))
        server.tool.stop()
    }

    @Test func `commands behind STARTTLS in a segment of their own are no handshake`() throws {
        let server = try SecureServer()
        let result = try ChildProcess.run([
            "python3", "-c", Self.injection, "\(server.tool.port)", server.certificate, "STARTTLS\\r\\n",
            "MAIL FROM:<evil@example.org>\\r\\nRCPT TO:<ann@example.net>\\r\\n",
        ])
        let lines = result.output.split(separator: "\n")
        #expect(lines.first == "clear 220 2.0.0 Ready to start TLS", "\(result.errors)")
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("failed ") })
        #expect(lines.count == 2)
        #expect(try server.tool.client().command("NOOP").hasPrefix("250 "))
        server.tool.stop()
        #expect(try server.messages().isEmpty)
    }

    /// Bytes in place of a ClientHello.
    static let garbage: [[UInt8]] = [
        Array("EHLO client.example\r\n".utf8), Array("GET / HTTP/1.1\r\n\r\n".utf8), [UInt8](repeating: 0, count: 5000),
        [UInt8](repeating: 0xFF, count: 70_000),
        // A handshake record that says it has 65,535 octets, and one of 16,385.
        [22, 3, 1, 0xFF, 0xFF] + [UInt8](repeating: 1, count: 70_000),
        [22, 3, 1, 0x40, 0x01] + [UInt8](repeating: 1, count: 16_385),
        // A ClientHello that says it has 16 MiB, in many records.
        (0..<64).flatMap { _ in
            [22, 3, 1, 0x40, 0x00, 1, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 3, count: 16_380)
        },
        // An alert, a record of data and one of an unknown kind before any hello.
        [21, 3, 3, 0, 2, 2, 40], [23, 3, 3, 0, 5, 1, 2, 3, 4, 5], [99, 3, 3, 0, 1, 0],
    ]

    @Test func `what is no ClientHello is refused, and harms nobody`() throws {
        let server = try SecureServer()
        for octets in Self.garbage {
            for isImplicit in [false, true] {
                let client = try SocketClient(port: isImplicit ? server.tlsPort : server.tool.port)
                if !isImplicit {
                    try client.reply()
                    try client.command("EHLO evil")
                    #expect(try client.command("STARTTLS").hasPrefix("220 "))
                }
                client.send(octets)
                client.finishSending()
                // An alert perhaps, and the end; nothing in clear.
                let said = try client.readToEnd()
                #expect(!said.contains("250") && !said.contains("500"))
            }
        }
        #expect(try server.tool.client().command("NOOP").hasPrefix("250 "))
        server.tool.stop()
        let log = server.tool.process.standardError
        #expect(log.contains("TLS handshake failed"))
    }

    @Test func `a handshake that stalls is given up`() throws {
        let server = try SecureServer(["--command-timeout", "2s"])
        for octets in [[], [22, 3, 1, 2, 0, 1, 0, 1]] as [[UInt8]] {
            let implicit = try SocketClient(port: server.tlsPort)
            implicit.send(octets)
            #expect(try implicit.readToEnd().isEmpty)
            let client = try server.tool.client()
            try client.command("EHLO slow")
            try client.command("STARTTLS")
            client.send(octets)
            #expect(try client.readToEnd().isEmpty)
        }
        server.tool.stop()
        let log = server.tool.process.standardError
        #expect(log.components(separatedBy: "the TLS handshake was not done within").count == 5, "\(log)")
    }

    @Test func `renegotiation is refused`() async throws {
        let server = try SecureServer()
        // At a line with R alone, s_client asks for a renegotiation.
        let client = try Companion(
            "sh",
            [
                "-c",
                "exec openssl s_client -tls1_2 -legacy_renegotiation -crlf -connect localhost:\(server.tlsPort) 2>&1",
            ])
        while try await !client.line().hasPrefix("220 ") {}
        client.say("R")
        let (status, output) = try await client.finish()
        let text = String(decoding: output, as: UTF8.self)
        #expect(text.contains("RENEGOTIATING"))
        #expect(text.contains("no renegotiation"), "\(text)")
        #expect(status != 0)
        #expect(try server.tool.client().command("NOOP").hasPrefix("250 "))
        server.tool.stop()
    }

    @Test(arguments: ["-tls1", "-tls1_1"])
    func `old versions are not spoken`(version: String) throws {
        let server = try SecureServer()
        let result = try ChildProcess.run([
            "openssl", "s_client", version, "-cipher", "ALL:@SECLEVEL=0", "-connect", "localhost:\(server.tlsPort)",
        ])
        #expect(result.status != 0)
        #expect(result.output.contains("Cipher is (NONE)"))
        server.tool.stop()
    }

    @Test func `a line of a megabyte in AUTH takes no memory`() throws {
        let server = try SecureServer(["--auth-without-tls"])
        let client = try server.tool.client()
        try client.command("EHLO client.example")
        let line = String(repeating: "A", count: 1_000_000)
        #expect(try client.command("AUTH PLAIN \(line)").hasPrefix("500 5.5.6 "))
        #expect(try client.command("AUTH PLAIN").hasPrefix("334 "))
        #expect(try client.command(line).hasPrefix("500 5.5.6 "))
        #expect(try client.command("NOOP").hasPrefix("250 "))
        #expect(try ProcessFigures(server.tool.process.processID).peakMemory < 64 << 10)
        client.end()
        server.tool.stop()
    }

    @Test func `who guesses passwords is sent away`() throws {
        let server = try SecureServer(["--auth-without-tls"])
        let client = try server.tool.client()
        try client.command("EHLO client.example")
        let start = ContinuousClock.now
        #expect(try client.command("AUTH PLAIN AGFsaWNlAG5vLTE=").hasPrefix("535 5.7.8 "))
        // The answer to a failure is held back for a second at least.
        #expect(start.duration(to: .now) >= .milliseconds(900))
        client.end()
        server.tool.stop()
    }
}
