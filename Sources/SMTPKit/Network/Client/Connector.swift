import NIOCore
import NIOPosix
import SMTPCore
import SMTPTLS

/// Finds a server's addresses and makes the connection.
struct Connector {
    private let configuration: SMTPClient.Configuration

    init(_ configuration: SMTPClient.Configuration) { self.configuration = configuration }

    /// Connects, and reads the greeting.
    ///
    /// - Throws: ``SMTPError``: no address, no connection, no TLS, no greeting, or one that refuses.
    func connect(to endpoint: Endpoint) async throws -> SMTPConnection {
        switch endpoint {
        case .unix(let path):
            return try await open(host: "localhost", port: 0) { try await $0.connect(unixDomainSocketPath: path).get() }
        case .host(let name, let port): return try await connect(host: name, port: port)
        case .mailExchange(let domain, let port):
            let hosts = try await resolve { try await configuration.resolver.mailHosts(for: domain) }
            return try await firstOf(hosts) { try await connect(host: $0.host, port: port) }
        }
    }

    private func connect(host: String, port: UInt16) async throws -> SMTPConnection {
        let addresses = try await resolve { try await configuration.resolver.addresses(host, configuration.family) }
        return try await firstOf(addresses) { address in
            try await open(host: host, port: port) { bootstrap in
                try await bootstrap.connect(to: SocketAddress(ipAddress: address, port: Int(port))).get()
            }
        }
    }

    private func resolve<Value>(_ body: () async throws -> [Value]) async throws -> [Value] {
        do {
            return try await body()
        } catch let error as ResolverError {
            throw SMTPError(.notResolved, stage: .connect, underlying: error)
        }
    }

    /// Tries one after the other, as long as another may be luckier: when there is no connection, and when a server
    /// turns the client away for the time being (RFC 5321, section 5.1).
    private func firstOf<Place>(
        _ places: [Place], _ body: (Place) async throws -> SMTPConnection
    ) async throws -> SMTPConnection {
        var failures: [SMTPError] = []
        for place in places {
            do {
                return try await body(place)
            } catch let error as SMTPError where error.mayBeLuckierElsewhere {
                failures.append(error)
            }
        }
        guard failures.allSatisfy({ $0.code == .connectFailed }), failures.count != 1 else {
            throw failures.last ?? SMTPError(.connectFailed, stage: .connect)
        }
        let reasons = failures.map { $0.reason ?? "\($0)" }.joined(separator: ", ")
        throw SMTPError(
            .connectFailed, stage: .connect, reason: reasons.isEmpty ? "there is no address" : reasons,
            underlying: failures.last?.underlying)
    }

    /// Makes a connection by `connect`, with everything that belongs on it.
    private func open(
        host: String, port: UInt16, _ connect: (ClientBootstrap) async throws -> any Channel
    ) async throws -> SMTPConnection {
        let eventLoop = configuration.eventLoopGroup.next()
        let tls = configuration.security.mode == .none ? nil : ClientTLS(configuration.security, host: host)
        let greeting = eventLoop.makePromise(of: ClientHandler.StepEnd.self)
        let handler = try await eventLoop.submit { [configuration] in
            NIOLoopBound(
                ClientHandler(configuration, host: host, port: port, tls: tls, greeting: greeting),
                eventLoop: eventLoop)
        }.get()
        var bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(configuration.timeouts.connect))
            .channelOption(.writeBufferWaterMark, value: .init(low: 256 << 10, high: 1 << 20))
            .channelOption(.maxMessagesPerRead, value: 4)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    // What is written to a socket pair or a UNIX socket needs no option.
                    try? channel.syncOptions?.setOption(.tcpOption(.tcp_nodelay), value: 1)
                    try channel.pipeline.syncOperations.addHandler(handler.value)
                }
            }
        if let source = configuration.sourceAddress {
            bootstrap = bootstrap.bind(to: try Self.source(source))
        }
        let channel: any Channel
        do {
            channel = try await connect(bootstrap)
        } catch {
            // Nobody waits for it any longer.
            greeting.fail(error)
            throw SMTPError(.connectFailed, stage: .connect, reason: "\(error)", underlying: error)
        }
        let connection = SMTPConnection(channel: channel, handler: handler, configuration: configuration)
        do {
            try await connection.greeted(greeting.futureResult)
            return connection
        } catch {
            await connection.close()
            throw error
        }
    }

    private static func source(_ address: String) throws -> SocketAddress {
        do {
            return try SocketAddress(ipAddress: address, port: 0)
        } catch {
            throw SMTPError(.connectFailed, stage: .connect, reason: "\(address) is no address to connect from")
        }
    }
}

extension SMTPError {
    /// Whether another address or host may do what this one did not.
    fileprivate var mayBeLuckierElsewhere: Bool {
        switch code {
        case .connectFailed, .notResolved: true
        case .closed, .timedOut, .serviceClosing: stage == .greeting
        case .refused: stage == .greeting && reply?.code.severity == .transient
        case _: false
        }
    }
}
