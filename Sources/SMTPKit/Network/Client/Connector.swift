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
        let targets = try Self.targets(of: host)
        let limit = configuration.timeouts.connect
        let channel = try await ConnectRace.run(targets, limit: limit, on: eventLoop) { [self] address in
            try Self.bootstrap(configuration, on: eventLoop)
                // Nothing is read before the handler is there.
                .channelOption(.autoRead, value: false)
                .connect(to: address)
        }
        return try await greeted(channel, host)
    }

    /// Returns the addresses of a host with its port.
    ///
    /// - Throws: `SMTPError.Code.connectFailed`.
    static func targets(of host: Candidates.Host) throws(SMTPError) -> [SocketAddress] {
        do {
            if let path = host.path { return [try SocketAddress(unixDomainSocketPath: path)] }
            return try host.addresses.map { try SocketAddress(ipAddress: $0, port: Int(host.port)) }
        } catch {
            throw SMTPError(.connectFailed, stage: .connect, reason: "\(error)", underlying: error)
        }
    }

    /// Makes the means to connect to one address, as a configuration says.
    ///
    /// NIO sets `TCP_NODELAY` itself, and reads at most four times in a turn.
    ///
    /// - Parameter isForSmallContent: whether no content is larger than NIO's own limit for what waits to be written,
    ///   32 KiB. Each option costs time with each connection.
    /// - Throws: `SMTPError.Code.connectFailed` for a source address that is none.
    static func bootstrap(
        _ configuration: SMTPClient.Configuration, on eventLoop: any EventLoop, isForSmallContent: Bool = false
    ) throws -> ClientBootstrap {
        var bootstrap = ClientBootstrap(group: eventLoop).connectTimeout(TimeAmount(configuration.timeouts.connect))
        if !isForSmallContent {
            bootstrap = bootstrap.channelOption(.writeBufferWaterMark, value: .init(low: 256 << 10, high: 1 << 20))
        }
        guard let source = configuration.sourceAddress else { return bootstrap }
        guard let address = try? SocketAddress(ipAddress: source, port: 0) else {
            throw SMTPError(.connectFailed, stage: .connect, reason: "\(source) is no address to connect from")
        }
        return bootstrap.bind(to: address)
    }

    /// Puts the session on a channel, and awaits the greeting.
    private func greeted(_ channel: any Channel, _ host: Candidates.Host) async throws -> SMTPConnection {
        let tls = configuration.security.mode == .none ? nil : ClientTLS(configuration.security, host: host.name)
        let greeting = channel.eventLoop.makePromise(of: ClientHandler.StepEnd.self)
        let handler: NIOLoopBound<ClientHandler>
        do {
            handler = try await channel.eventLoop.submit { [configuration] in
                let handler = ClientHandler(
                    configuration, host: host.name, port: host.port, tls: tls,
                    greeting: { greeting.completeWith($0) })
                try channel.pipeline.syncOperations.addHandler(handler)
                try channel.syncOptions?.setOption(.autoRead, value: true)
                return NIOLoopBound(handler, eventLoop: channel.eventLoop)
            }.get()
        } catch {
            // The server closed the connection before the handler was there, so nothing else completes the promise.
            let failure = SMTPError(.closed, stage: .greeting, underlying: error)
            greeting.fail(failure)
            channel.close(promise: nil)
            throw failure
        }
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
