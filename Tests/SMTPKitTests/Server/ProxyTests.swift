import NIOCore
import NIOPosix
import ProcessSupport
import SMTPKit
import Testing
import TranscriptSupport

/// The treatment of connections whose PROXY header has not arrived, by a server on sockets.
@Suite("Connections of proxies", .timed)
struct ProxyTests {
    /// A server of one event loop, which sees connections in their order.
    private static func with(
        _ change: (inout SMTPServer) -> Void, control: ServerControl = ServerControl(),
        _ body: @escaping @Sendable (RunningServer) throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var server = SMTPServer()
        server.configuration.eventLoopGroup = group
        server.configuration.proxies = [try #require(CIDRBlock("127.0.0.0/8"))]
        change(&server)
        try await RunningServer.with(server, control: control, body)
        try await group.shutdownGracefully()
    }

    @Test(arguments: ["", "PROXY TCP4 192.0.2.7 19", "\r\n\r\n\0\r\nQUIT\n"])
    func `a header that does not come in time closes the connection, without a word`(start: String) async throws {
        let observer = FailureObserver()
        try await Self.with {
            $0.configuration.limits.proxyInput = .milliseconds(50)
            $0.observer = observer
        } _: { (server: RunningServer) throws -> Void in
            let client = try SocketClient(port: server.port)
            client.send(start)
            #expect(try client.readToEnd() == "")
        }
        let failures = await observer.notes.all()
        #expect(failures.count == 1)
        #expect(failures.first?.hasSuffix("the header of a proxy did not come in time") == true)
    }

    @Test func `who has not sent a header counts as a connection`() async throws {
        try await Self.with {
            $0.configuration.limits.connections = 1
        } _: { (server: RunningServer) throws -> Void in
            let silent = try SocketClient(port: server.port)
            let other = try SocketClient(port: server.port)
            #expect(try other.reply().hasPrefix("421 4.7.0 "))
            #expect(try other.readLine() == nil)
            silent.end()
            // Its end is seen soon, and then there is room.
            var greeting = ""
            for _ in 0..<1_000 where !greeting.hasPrefix("220 ") {
                let next = try SocketClient(port: server.port)
                next.send("PROXY UNKNOWN\r\n")
                greeting = try next.reply()
            }
            #expect(greeting.hasPrefix("220 "))
        }
    }

    @Test func `a server that ends closes on who has not sent a header`() async throws {
        let control = ServerControl()
        try await Self.with({ $0.configuration.limits.proxyInput = .seconds(1_000) }, control: control) {
            (server: RunningServer) throws -> Void in
            let silent = try SocketClient(port: server.port)
            let other = try SocketClient(port: server.port)
            other.send("PROXY UNKNOWN\r\n")
            #expect(try other.reply().hasPrefix("220 "))
            control.stop()
            #expect(try silent.readToEnd() == "")
        }
    }
}
