import Dispatch
import ProcessSupport
import SMTPKit
import Testing

import enum NIOCore.NIOSingletons
import class NIOPosix.NIOThreadPool

@Suite("The resolver", .blocking)
struct ResolverTests {
    static let zone =
        [
            "--local=/test/",
            "--mx-host=example.test,second.example.test,20", "--mx-host=example.test,first.example.test,10",
            "--host-record=first.example.test,192.0.2.1,2001:db8::1", "--host-record=second.example.test,192.0.2.2",
            "--host-record=implicit.test,192.0.2.3", "--txt-record=nothing.test,words",
            "--dns-rr=null.test,15,000000", "--dns-rr=garbled.test,15,00",
            "--dns-rr=odd.test,15,000A026120047465737400",
            "--cname=alias.test,implicit.test",
        ] + (1...60).map { "--mx-host=large.test,host-with-a-long-name-\($0).large.test,\($0)" }

    /// A resolver, and the name server that it asks, which lives as long.
    private struct Zone {
        let server: TestNameServer
        let resolver: Resolver

        init(address: String = "127.0.0.1") async throws {
            server = try await TestNameServer.start(ResolverTests.zone)
            let address = try #require(NameServer(address: address, port: UInt16(server.port)))
            resolver = .nameServer(address, timeout: .seconds(20))
        }
    }

    @Test func `hosts come by preference, and a domain without MX is its own host`() async throws {
        let zone = try await Zone()
        #expect(
            try await zone.resolver.mailHosts(for: "example.test") == [
                MailExchanger(preference: 10, host: "first.example.test"),
                MailExchanger(preference: 20, host: "second.example.test"),
            ])
        #expect(try await zone.resolver.mailHosts(for: "implicit.test.").map(\.host) == ["implicit.test."])
        #expect(try await zone.resolver.mailHosts(for: "[192.0.2.9]").map(\.host) == ["192.0.2.9"])
        #expect(try await zone.resolver.mailHosts(for: "[IPv6:2001:db8::9]").map(\.host) == ["2001:db8::9"])
    }

    @Test func `an answer that is too long for UDP is fetched over TCP, and has a limit`() async throws {
        let zone = try await Zone()
        let hosts = try await zone.resolver.mailHosts(for: "large.test")
        #expect(hosts.count == MailExchanger.limit)
        #expect(hosts.map(\.preference) == Array(1...UInt16(MailExchanger.limit)))
    }

    @Test func `addresses are those of the family`() async throws {
        let zone = try await Zone()
        #expect(try await zone.resolver.addresses("first.example.test", .any) == ["2001:db8::1", "192.0.2.1"])
        #expect(try await zone.resolver.addresses("first.example.test", .ipv4) == ["192.0.2.1"])
        #expect(try await zone.resolver.addresses("first.example.test", .ipv6) == ["2001:db8::1"])
        #expect(try await zone.resolver.addresses("alias.test", .ipv4) == ["192.0.2.3"])
        #expect(try await zone.resolver.addresses("2001:db8::7", .any) == ["2001:db8::7"])
        await #expect(throws: ResolverError.noAddress("second.example.test")) {
            try await zone.resolver.addresses("second.example.test", .ipv6)
        }
        await #expect(throws: ResolverError.noAddress("192.0.2.7")) {
            try await zone.resolver.addresses("192.0.2.7", .ipv6)
        }
    }

    @Test func `a failure says what the name server said`() async throws {
        let zone = try await Zone()
        let failures: [(String, ResolverError)] = [
            ("missing.test", .noSuchName("missing.test")), ("null.test", .acceptsNoMail("null.test")),
            ("foreign.example", .serverFailure("foreign.example", code: "REFUSED")),
            ("garbled.test", .malformedAnswer("garbled.test")), ("odd.test", .malformedAnswer("odd.test")),
            ("bücher.test", .invalidName("bücher.test")), ("a..test", .invalidName("a..test")),
            ("", .invalidName("")), ("a b.test", .invalidName("a b.test")),
            (String(repeating: "a", count: 64) + ".test", .invalidName(String(repeating: "a", count: 64) + ".test")),
        ]
        for (name, error) in failures {
            await #expect(throws: error, "\(name)") { try await zone.resolver.mailHosts(for: name) }
        }
    }

    @Test func `a domain accepts mail unless the DNS says that it does not`() async throws {
        let zone = try await Zone()
        for domain in ["example.test", "implicit.test", "alias.test", "[192.0.2.1]"] {
            #expect(try await zone.resolver.acceptsMail(domain), "\(domain)")
        }
        for domain in ["missing.test", "null.test", "nothing.test", "not a domain"] {
            #expect(try await !zone.resolver.acceptsMail(domain), "\(domain)")
        }
        await #expect(throws: ResolverError.self) { try await zone.resolver.acceptsMail("foreign.example") }
    }

    @Test func `a name server can have an IPv6 address`() async throws {
        let zone = try await Zone(address: "::1")
        #expect(try await zone.resolver.mailHosts(for: "example.test").count == 2)
        #expect(NameServer(address: "localhost") == nil)
    }

    @Test func `silence is a timeout, and a closed port is told as such`() async throws {
        let silent = try Companion.python(
            """
            import socket, sys
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.bind(('127.0.0.1', 0))
            print(s.getsockname()[1], flush=True)
            sys.stdin.readline()
            s.close()
            print('closed', flush=True)
            sys.stdin.readline()
            """)
        let port = try #require(try await UInt16(silent.line()))
        let address = try #require(NameServer(address: "127.0.0.1", port: port))
        let resolver = Resolver.nameServer(address, timeout: .seconds(2))
        await #expect(throws: ResolverError.timedOut("example.test")) {
            try await resolver.mailHosts(for: "example.test")
        }
        silent.say("close")
        #expect(try await silent.line() == "closed")
        let error = await #expect(throws: ResolverError.self) { try await resolver.mailHosts(for: "example.test") }
        #expect(error?.code == .unreachable)
        #expect(error?.name == "example.test")
        #expect(error?.reason?.isEmpty == false)
        #expect(error?.isTemporary == true)
    }

    /// Which addresses `localhost` has, if any, is up to the machine.
    @Test func `the system says of localhost what it says to others`() async throws {
        let script = """
            import socket
            try: print(*sorted({found[4][0] for found in socket.getaddrinfo("localhost", 25, socket.AF_INET)}))
            except OSError: print("none")
            """
        let others = try await onThread { try ChildProcess.run(["python3", "-c", script]).output }
        let ours = try? await Resolver.system().addresses("localhost", .ipv4)
        #expect("\(ours.map(Set.init)?.sorted().joined(separator: " ") ?? "none")\n" == others)
        await #expect(throws: ResolverError.invalidName("local host")) {
            try await Resolver.system().addresses("local host", .any)
        }
    }

    @Test func `an address needs no thread, also where all threads wait`() async throws {
        let pool = NIOThreadPool.singleton
        let end = DispatchSemaphore(value: 0)
        let count = NIOSingletons.blockingPoolThreadCountSuggestion
        let waits = (0..<count).map { _ in
            // The time limit is for a resolver that does need one.
            Task { try await pool.runIfActive { end.wait(timeout: .now() + 30) == .success } }
        }
        #expect(try await Resolver.system().addresses("192.0.2.1", .any) == ["192.0.2.1"])
        for _ in waits { end.signal() }
        for wait in waits { #expect(try await wait.value) }
    }

    @Test func `a resolver can be made of closures`() async throws {
        let resolver = Resolver(
            mailExchangers: { [MailExchanger(preference: 1, host: "mx.\($0)")] }, addresses: { _, _ in [] })
        #expect(try await resolver.mailHosts(for: "a.test").map(\.host) == ["mx.a.test"])
        #expect(try await resolver.acceptsMail("a.test"))
    }
}
