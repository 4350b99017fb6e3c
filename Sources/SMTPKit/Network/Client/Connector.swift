import NIOCore
import NIOPosix
import SMTPCore
import SMTPTLS

/// Finds a server's addresses and makes the connection, on an event loop.
///
/// ``Candidates`` and ``AddressRace`` decide what is tried, in which order.
struct Connector {
    private let configuration: SMTPClient.Configuration
    private let eventLoop: any EventLoop

    init(_ configuration: SMTPClient.Configuration) {
        self.configuration = configuration
        eventLoop = configuration.eventLoopGroup.next()
    }

    /// Connects, and reads the greeting.
    ///
    /// - Throws: `SMTPError`: no address, no connection, no TLS, no greeting, or one that refuses.
    func connect(to endpoint: Endpoint) async throws -> SMTPConnection {
        var candidates = Candidates(endpoint)
        let configuration = configuration
        while true {
            switch try candidates.next() {
            case .exchangers(let domain):
                candidates.found(
                    exchangers: try await look(domain) { try await configuration.resolver.mailExchangers(domain) })
            case .addresses(let host):
                candidates.found(
                    addresses: try await look(host) {
                        try await configuration.resolver.addresses(host, configuration.family)
                    })
            case .connect(let host):
                do {
                    return try await connect(to: host)
                } catch let error as SMTPError where error.isWorthRetryingElsewhere {
                    candidates.failed(error)
                }
            }
        }
    }

    /// Looks something up, for no longer than a connection may take.
    private func look<Value: Sendable>(
        _ name: String, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Result<Value, ResolverError> {
        let promise = eventLoop.makePromise(of: Value.self)
        let task = Task { promise.completeWith(await Swift.Result { try await body() }) }
        let alarm = eventLoop.scheduleTask(in: TimeAmount(configuration.timeouts.connect)) {
            promise.fail(ResolverError.timedOut(name))
        }
        defer {
            alarm.cancel()
            task.cancel()
        }
        do {
            return .success(
                try await withTaskCancellationHandler {
                    try await promise.futureResult.get()
                } onCancel: {
                    promise.fail(CancellationError())
                })
        } catch let error as ResolverError {
            return .failure(error)
        }
    }

    /// Connects to the first address that answers.
    private func connect(to host: Candidates.Host) async throws -> SMTPConnection {
        let targets: [SocketAddress]
        if let path = host.path {
            targets = [try address { try SocketAddress(unixDomainSocketPath: path) }]
        } else {
            targets = try host.addresses.map { text in
                try address { try SocketAddress(ipAddress: text, port: Int(host.port)) }
            }
        }
        let limit = configuration.timeouts.connect
        let channel = try await ConnectRace.run(targets, limit: limit, on: eventLoop) { [self] address in
            try bootstrap.connect(to: address)
        }
        return try await greeted(channel, host)
    }

    private func address(_ make: () throws -> SocketAddress) throws -> SocketAddress {
        do {
            return try make()
        } catch {
            throw SMTPError(.connectFailed, stage: .connect, reason: "\(error)", underlying: error)
        }
    }

    private var bootstrap: ClientBootstrap {
        get throws {
            let bootstrap = ClientBootstrap(group: eventLoop)
                .connectTimeout(TimeAmount(configuration.timeouts.connect))
                .channelOption(.writeBufferWaterMark, value: .init(low: 256 << 10, high: 1 << 20))
                .channelOption(.maxMessagesPerRead, value: 4)
                // Nothing is read before the handler is there.
                .channelOption(.autoRead, value: false)
                .channelInitializer { channel in
                    // What is written to a UNIX socket needs no option.
                    try? channel.syncOptions?.setOption(.tcpOption(.tcp_nodelay), value: 1)
                    return channel.eventLoop.makeSucceededVoidFuture()
                }
            guard let source = configuration.sourceAddress else { return bootstrap }
            guard let address = try? SocketAddress(ipAddress: source, port: 0) else {
                throw SMTPError(.connectFailed, stage: .connect, reason: "\(source) is no address to connect from")
            }
            return bootstrap.bind(to: address)
        }
    }

    /// Puts the session on a channel, and awaits the greeting.
    private func greeted(_ channel: any Channel, _ host: Candidates.Host) async throws -> SMTPConnection {
        let tls = configuration.security.mode == .none ? nil : ClientTLS(configuration.security, host: host.name)
        let greeting = channel.eventLoop.makePromise(of: ClientHandler.StepEnd.self)
        let handler = try await channel.eventLoop.submit { [configuration] in
            let handler = ClientHandler(configuration, host: host.name, port: host.port, tls: tls, greeting: greeting)
            try channel.pipeline.syncOperations.addHandler(handler)
            try channel.syncOptions?.setOption(.autoRead, value: true)
            return NIOLoopBound(handler, eventLoop: channel.eventLoop)
        }.get()
        let connection = SMTPConnection(channel: channel, handler: handler, configuration: configuration)
        do {
            try await connection.greeted(greeting.futureResult)
            return connection
        } catch {
            await connection.end()
            throw error
        }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
