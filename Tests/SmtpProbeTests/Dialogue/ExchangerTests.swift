import Foundation
import ProcessSupport
import Testing

/// Names, mail exchangers and addresses, through the built tool.
@Suite("From a name to a connection", .blocking)
struct ExchangerTests {
    /// A server on one port of several loopback addresses, each with a greeting of its own.
    private static let servers = """
        import socket, sys, threading
        greetings = dict(word.split('=', 1) for word in sys.argv[1:])
        listeners, port = {}, 0
        for address in greetings:
            family = socket.AF_INET6 if ':' in address else socket.AF_INET
            listeners[address] = socket.create_server((address, port), family=family)
            port = listeners[address].getsockname()[1]
        print(port, flush=True)
        def serve(c, address):
            print('connected', address, flush=True)
            greeting = greetings[address]
            if greeting == 'silent':
                while c.recv(512): pass
                return
            c.sendall((greeting + ' ' + address + '\\r\\n').encode())
            for line in c.makefile('rb'):
                print(address, line.decode().strip(), flush=True)
                c.sendall(b'221 bye\\r\\n' if line.upper().startswith(b'QUIT') else b'250 ok\\r\\n')
        def accept(address):
            while True: threading.Thread(target=serve, args=(listeners[address].accept()[0], address), daemon=True).start()
        for address in listeners: threading.Thread(target=accept, args=(address,), daemon=True).start()
        sys.stdin.read()
        """

    @Test(arguments: [["send", "--quit-after", "ehlo"], ["-c", "NOOP"]])
    func `mail exchangers are tried until one greets with 2yz`(arguments: [String]) async throws {
        let servers = try Companion(
            "python3",
            [
                "-c", Self.servers, "127.0.0.2=421", "127.0.0.3=554", "127.0.0.4=silent", "127.0.0.5=nonsense",
                "127.0.0.6=220",
            ])
        let port = try await servers.line()
        var options = ["--local=/example.test/"]
        for number in 2...6 {
            options += [
                "--mx-host=example.test,mx\(number).example.test,\(number)",
                "--host-record=mx\(number).example.test,127.0.0.\(number)",
            ]
        }
        let names = try await TestNameServer.start(options)
        let result = try await Script.run(
            arguments + ["--mx", "--timeout", "500ms", "--resolver", names.endpoint, "example.test:\(port)"])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        let heard = String(decoding: try await servers.finish().output, as: UTF8.self).split(separator: "\n")
        #expect(heard.filter { $0.hasPrefix("connected") }.map { $0.last } == ["2", "3", "4", "5", "6"])
        // The server that refused is left with QUIT.
        #expect(heard.contains("127.0.0.3 QUIT"))
    }

    @Test func `the next family is tried without waiting for the first`() async throws {
        let servers = try Companion("python3", ["-c", Self.servers, "127.0.0.1=220"])
        let port = try await servers.line()
        let names = try await TestNameServer.start([
            "--local=/example.test/", "--host-record=mx.example.test,127.0.0.1,100::1",
        ])
        let result = try await Script.run([
            "-c", "NOOP", "--resolver", names.endpoint, "--connect-timeout", "60s", "mx.example.test:\(port)",
        ])
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func `a name beyond ASCII is looked up in its ASCII form, and SNI has no dot`() async throws {
        let server = try await ScriptedServer.start(
            ["EHLO": ["250-stub\r\n250 STARTTLS"], "SNI": [""]], certificate: TestCertificate.path)
        let names = try await TestNameServer.start([
            "--local=/example.test/", "--host-record=xn--bcher-kva.example.test,127.0.0.1",
            "--host-record=mx.example.test,127.0.0.1",
        ])
        for (name, sni) in [
            ("bücher.example.test", "xn--bcher-kva.example.test"), ("mx.example.test.", "mx.example.test"),
        ] {
            let result = try await Script.run([
                "-c", "NOOP", "--tls", "--resolver", names.endpoint, "\(name):\(server.port)",
            ])
            #expect(result.status == 0, "\(result.errors)")
            while case let line = try await server.line(), line != "SNI \(sni)" { try #require(!line.isEmpty) }
        }
    }
}
