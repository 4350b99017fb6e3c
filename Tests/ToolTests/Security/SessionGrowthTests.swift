import Foundation
import ProcessSupport
import Testing

@Suite("Many TLS sessions", .blocking)
struct SessionGrowthTests {
    /// Sessions that end in every way there is: with a goodbye, without, in the handshake, with a failed login.
    private static let script = """
        import base64, smtplib, socket, ssl, sys
        port, tls_port, trust, count = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
        context = ssl.create_default_context(cafile=trust)
        for number in range(count):
            server = smtplib.SMTP("localhost", port)
            server.starttls(context=context)
            server.sendmail("joe@example.org", ["ann@example.net"], "Subject: one\\r\\n\\r\\nhello\\r\\n")
            server.quit()
            server = smtplib.SMTP_SSL("localhost", tls_port, context=context)
            server.ehlo()
            server.docmd("AUTH", "PLAIN " + base64.b64encode(b"\\0alice\\0wonder-land-7").decode())
            server.sock.close()
            raw = socket.create_connection(("localhost", tls_port))
            raw.sendall(b"\\x16\\x03\\x01\\x02\\x00\\x01")
            raw.close()
            raw = socket.create_connection(("localhost", tls_port))
            raw.sendall(b"garbage\\r\\n")
            raw.close()
        """

    @Test func `memory and descriptors do not grow with the sessions`() throws {
        let server = try SecureServer()
        let figures = ProcessFigures(server.tool.process.processID)
        func run(_ count: Int) throws {
            let result = try ChildProcess.run([
                "python3", "-c", Self.script, "\(server.tool.port)", "\(server.tlsPort)", server.certificate,
                "\(count)",
            ])
            #expect(result.status == 0, "\(result.errors)")
            // Answered on the loop that has dealt with the ends before.
            #expect(try server.tool.deliver("Subject: last\r\n").hasPrefix("250 "))
        }
        try run(100)
        let (memory, descriptors) = (try figures.memory, try figures.descriptors)
        try run(150)
        // Connections that linger go within two seconds; each delivery meanwhile is a turn of the loop.
        for _ in 0..<1_000 where try figures.descriptors > descriptors { try server.tool.deliver("Subject: more\r\n") }
        #expect(try figures.descriptors <= descriptors)
        // 600 connections; a leak of an SSL alone would be some 10 KiB for each.
        #expect(try figures.memory < memory + 1_500)
        server.tool.stop()
    }
}
