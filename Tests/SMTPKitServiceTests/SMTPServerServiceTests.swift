#if Service
import Logging
import SMTPKit
import SMTPKitService
import SMTPTestKit
import ServiceLifecycle
import ProcessSupport
import Testing
import TranscriptSupport

@Suite("A server as a service", .timed)
struct SMTPServerServiceTests {
    @Test func `a graceful shutdown ends the server, and its idle clients are told`() async throws {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        var server = SMTPServer(observer: PortObserver(port: port))
        server.configuration.listen = [.tcp(host: "127.0.0.1", port: 0)]
        let group = ServiceGroup(services: [server], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let run = Task { try await group.run() }
        let number = try #require(await ports.first { _ in true })
        let client = try SocketClient(port: number)
        #expect(try client.reply().hasPrefix("220 "))
        await group.triggerGracefulShutdown()
        #expect(try client.reply().hasPrefix("421 4.3.2 "))
        try await run.value
    }

    @Test func `an address that is taken ends the group with its error`() async throws {
        try await TestServer.run { (other: TestServer) async throws -> Void in
            var server = SMTPServer()
            server.configuration.listen = [.tcp(host: "127.0.0.1", port: other.port)]
            let group = ServiceGroup(
                services: [server], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            await #expect(throws: ListenError.self) { try await group.run() }
        }
    }

    private struct PortObserver: ServerObserver {
        let port: AsyncStream<Int>.Continuation

        func listening(on listeners: [Listener]) {
            for number in listeners.compactMap(\.port) { port.yield(number) }
        }
    }
}
#endif
