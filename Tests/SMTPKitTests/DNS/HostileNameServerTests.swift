import ProcessSupport
import SMTPCore
import SMTPKit
import Testing

@Suite("Hostile name servers", .blocking)
struct HostileNameServerTests {
    /// A name server that behaves as its first argument says, and prints its port.
    private static let script = """
        import socket, sys, threading, time
        mode = sys.argv[1]
        while True:
            u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(('127.0.0.1', 0))
            port = u.getsockname()[1]
            # Another program may have the same port of TCP.
            try: t = socket.create_server(('127.0.0.1', port)); break
            except OSError: u.close()
        print(port, flush=True)
        def answer(q, n=1, flags=b'\\x81\\xa0', data=b'\\x02hi'):
            r = b'\\xc0\\x0c' + q[-4:] + b'\\0\\0\\0\\1' + len(data).to_bytes(2, 'big') + data
            return q[:2] + flags + b'\\0\\1' + n.to_bytes(2, 'big') + b'\\0\\0\\0\\0' + q[12:] + r * n
        def udp():
            while True:
                q, a = u.recvfrom(65535)
                if mode == 'wrong-id':
                    for n in range(50): u.sendto(bytes([q[0] ^ 1]) + answer(q)[1:], a)
                elif mode == 'wrong-question': u.sendto(answer(q[:13] + b'Z' + q[14:]), a)
                elif mode == 'then-right':
                    u.sendto(b'', a); u.sendto(b'x', a); u.sendto(bytes([q[0] ^ 1]) + answer(q)[1:], a); u.sendto(answer(q), a)
                elif mode == 'loop': u.sendto(answer(q)[:len(q)] + b'\\xc0' + bytes([len(q)]) + answer(q)[len(q) + 2:], a)
                elif mode == 'oversize': u.sendto(answer(q, 300), a)
                elif mode.startswith('tcp'): u.sendto(answer(q, 0, b'\\x83\\x80'), a)
                elif mode == 'servfail': u.sendto(answer(q, 0, b'\\x81\\x82'), a)
        def tcp():
            while True:
                c = t.accept()[0]
                n = int.from_bytes(c.recv(2), 'big'); q = c.recv(n)
                if mode == 'tcp-long':
                    m = answer(q, 90, data=b'\\xc8' + b'x' * 200); c.sendall(len(m).to_bytes(2, 'big') + m)
                elif mode == 'tcp-cut': c.sendall(b'\\xff\\xff' + answer(q)); c.close()
                elif mode == 'tcp-slow':
                    for x in b'\\x00\\xff' + answer(q): c.sendall(bytes([x])); time.sleep(.3)
        threading.Thread(target=udp, daemon=True).start(); threading.Thread(target=tcp, daemon=True).start()
        sys.stdin.read()
        """

    private func lookup(_ mode: String, timeout: Duration) async throws -> (Companion, DNSLookup) {
        let server = try Companion.python(Self.script, mode)
        let port = try #require(try await UInt16(server.line()))
        return (server, DNSLookup(server: NameServer(address: "127.0.0.1", port: port), timeout: timeout))
    }

    @Test(arguments: ["wrong-id", "wrong-question", "tcp-slow"])
    func `an answer to another question is no answer, and the time is kept`(mode: String) async throws {
        let (server, lookup) = try await lookup(mode, timeout: .seconds(2))
        let start = ContinuousClock.now
        #expect(throws: ResolverError.timedOut("a.test")) { () throws in try lookup.records(of: "a.test", .txt) }
        #expect(ContinuousClock.now - start >= .seconds(2))
        _ = server
    }

    @Test(arguments: ["loop", "tcp-cut"])
    func `an answer that is not well formed is an error`(mode: String) async throws {
        let (server, lookup) = try await lookup(mode, timeout: .seconds(60))
        #expect(throws: ResolverError.malformedAnswer("a.test")) { () throws in try lookup.records(of: "a.test", .txt) }
        _ = server
    }

    @Test func `the right answer is found among wrong ones, with its AD bit`() async throws {
        let (server, lookup) = try await lookup("then-right", timeout: .seconds(60))
        let answer = try lookup.records(of: "a.test", .txt)
        #expect(answer.records == [.text(Array("hi".utf8))])
        #expect(answer.isAuthenticated)
        _ = server
    }

    @Test func `many records are bounded`() async throws {
        let (server, lookup) = try await lookup("oversize", timeout: .seconds(60))
        #expect(try lookup.records(of: "a.test", .txt).records.count == DNSMessage.maximumRecords)
        _ = server
    }

    @Test func `a truncated answer is asked for over TCP`() async throws {
        let (server, lookup) = try await lookup("tcp-long", timeout: .seconds(60))
        #expect(try lookup.records(of: "a.test", .txt).records.count == 90)
        _ = server
    }

    @Test func `a failure of the server is told from a name that does not exist`() async throws {
        let (server, lookup) = try await lookup("servfail", timeout: .seconds(60))
        #expect(throws: ResolverError.serverFailure("a.test", code: "SERVFAIL")) { () throws in
            try lookup.records(of: "a.test", .txt)
        }
        _ = server
    }
}

@Suite("The configuration of the system's resolver", .timed)
struct ResolverConfigurationTests {
    @Test func `servers and trust are read`() {
        let text =
            "# nameserver 192.0.2.9\nnameserver 192.0.2.1\nnameserver\tbad\nnameserver 2001:db8::1\noptions trust-ad\n"
        let configuration = ResolverConfiguration(parsing: text)
        #expect(configuration.servers.map(\.address) == ["192.0.2.1", "2001:db8::1"])
        #expect(configuration.trustsAuthenticatedData)
    }

    @Test func `without a server this machine is asked, and only it is trusted`() {
        #expect(ResolverConfiguration(parsing: "").servers.map(\.address) == ["127.0.0.1"])
        #expect(ResolverConfiguration(parsing: "").trustsAuthenticatedData)
        #expect(!ResolverConfiguration(parsing: "nameserver 192.0.2.1").trustsAuthenticatedData)
    }
}
