import NIOCore
import ProcessSupport
import SMTPCore
import Synchronization
import Testing
import TranscriptSupport

@testable import SMTPKit

@Suite("Connector", .blocking)
struct ConnectorTests {
    private static func host(_ addresses: [String], port: UInt16 = 25, path: String? = nil) -> Candidates.Host {
        Candidates.Host(name: "mx.example", addresses: addresses, port: port, path: path)
    }

    /// A client's configuration with a resolver that answers from a table.
    private static func configuration(
        exchangers: [MailExchanger] = [], addresses: [String: [String]] = [:],
        note: @escaping @Sendable (String) -> Void = { _ in }
    ) -> SMTPClient.Configuration {
        var configuration = ClientFixture.configuration
        configuration.resolver = Resolver(
            mailExchangers: { domain in
                note("MX \(domain)")
                return exchangers
            },
            addresses: { host, _ in
                note("A \(host)")
                guard let found = addresses[host] else { throw ResolverError.noSuchName(host) }
                return found
            })
        return configuration
    }

    @Test func `targets are the addresses with the port, or the path of a UNIX socket`() throws {
        let targets = try Connector.targets(of: Self.host(["192.0.2.1", "2001:db8::1"], port: 587))
        #expect(targets.map(\.ipAddress) == ["192.0.2.1", "2001:db8::1"])
        #expect(targets.map(\.port) == [587, 587])
        #expect(try Connector.targets(of: Self.host([], path: "/run/lmtp")).first?.pathname == "/run/lmtp")
    }

    @Test(arguments: ["mx.example", "192.0.2.256", ""])
    func `text that is no address is a failure to connect`(address: String) {
        let error = #expect(throws: SMTPError.self) { try Connector.targets(of: Self.host([address])) }
        #expect(error?.code == .connectFailed)
        #expect(error?.stage == .connect)
    }

    @Test func `a source address that is none is refused by name`() {
        var configuration = ClientFixture.configuration
        configuration.sourceAddress = "eth0"
        let error = #expect(throws: SMTPError.self) {
            _ = try Connector.bootstrap(configuration, on: Fixture.eventLoop)
        }
        #expect(error?.code == .connectFailed)
        #expect(error.map { "\($0)".contains("eth0 is no address to connect from") } == true)
    }

    @Test func `a refused exchanger is followed by the next in order of preference`() async throws {
        // Both answer on 127.0.0.1, so one server on one port is told apart by its greeting.
        let greetings = Mutex(["554 no\r\n", "220 mx.example\r\n"])
        let server = try ScriptedServer { client in
            client.send(greetings.withLock { $0.removeFirst() })
            _ = try client.readLine()
        }
        let looked = Mutex<[String]>([])
        let configuration = Self.configuration(
            exchangers: [
                MailExchanger(preference: 20, host: "second.example"),
                MailExchanger(preference: 10, host: "first.example"),
            ],
            addresses: ["first.example": ["127.0.0.1"], "second.example": ["127.0.0.1"]],
            note: { text in looked.withLock { $0.append(text) } })
        let endpoint = Endpoint.mailExchange(of: "example.org", port: UInt16(server.port))
        let connection = try await Connector(configuration).connect(to: endpoint)
        await connection.end()
        #expect(looked.withLock { $0 } == ["MX example.org", "A first.example", "A second.example"])
        #expect(greetings.withLock { $0.isEmpty })
    }

    @Test func `a name that does not exist is reported as not resolved`() async {
        let endpoint = Endpoint.host("nowhere.example", port: 25)
        let error = await #expect(throws: SMTPError.self) {
            _ = try await Connector(Self.configuration()).connect(to: endpoint)
        }
        #expect(error?.code == .notResolved)
        #expect(error.map { "\($0)".contains("nowhere.example") } == true)
    }

    @Test func `a look-up that never answers ends with the connection's time`() async {
        var configuration = ClientFixture.configuration
        configuration.timeouts.connect = .milliseconds(20)
        configuration.resolver = Resolver(
            mailExchangers: { _ in [] },
            addresses: { _, _ in
                // Ends when the connector cancels it.
                try await Task.sleep(for: .seconds(3600))
                return []
            })
        let endpoint = Endpoint.host("slow.example", port: 25)
        let error = await #expect(throws: SMTPError.self) {
            _ = try await Connector(configuration).connect(to: endpoint)
        }
        #expect(error?.code == .notResolved)
    }
}
