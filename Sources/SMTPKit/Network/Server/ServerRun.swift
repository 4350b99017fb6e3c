import Glibc
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import SMTPCore
import SMTPTLS

/// One run of a server: its listeners, its event loops and the connections on them.
final class ServerRun: Sendable {
    let server: SMTPServer
    let control: ServerControl
    let sessionConfiguration: ServerSession.Configuration
    let queueIDs = QueueIDRanges()

    private struct State {
        var listeners: [any Channel] = []
        var loops: [ObjectIdentifier: Loop] = [:]
        /// Every connection that is not closed.
        var connections = 0
        /// Those among them that were not turned away.
        var served = 0
        var sessions = 0
        var isEnding = false
        var listenersAreClosed = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private struct Loop {
        let eventLoop: any EventLoop
        let bound: NIOLoopBound<ServerLoop>
    }

    private let state = NIOLockedValueBox(State())

    init(_ server: SMTPServer, control: ServerControl) {
        self.server = server
        self.control = control
        sessionConfiguration = ServerSession.Configuration(
            serverProtocol: server.configuration.serverProtocol,
            hostname: server.configuration.hostname,
            banner: server.configuration.banner,
            limits: server.configuration.limits,
            bareNewlines: server.configuration.bareNewlines,
            syntax: server.configuration.syntax,
            promised: server.configuration.promised,
            hidden: server.configuration.hidden,
            added: server.configuration.added,
            security: Self.securityPolicy(server),
            xclients: server.configuration.xclients,
            decisions: server.hooks.decisions,
            intercepted: server.hooks.interceptor?.stages ?? [],
            isContentWanted: server.store.needsContent || server.hooks.takesMessages,
            isTraced: server.observer?.wantsDialogue ?? false,
            wantsRemarks: server.observer?.wantsRemarks ?? false,
            wantsSyntaxRemarks: server.observer?.wantsSyntaxRemarks ?? false
        )
    }

    private static func securityPolicy(_ server: SMTPServer) -> SecurityPolicy {
        let configuration = server.configuration
        var policy = SecurityPolicy()
        if configuration.security.isOffered {
            policy.tls = configuration.security.requiresTLS ? .required : .offered
        }
        guard !configuration.authentication.mechanisms.isEmpty else { return policy }
        let cryptography = OpenSSLCryptography()
        policy.cryptography = cryptography
        policy.saltKey = Secret(cryptography.random(32))
        policy.mechanisms = configuration.authentication.mechanisms
        policy.requiresAuthentication = configuration.authentication.isRequired
        policy.allowsSecretsInClear = configuration.authentication.allowsSecretsInClear
        return policy
    }

    // MARK: Starting

    /// How many connections may wait to be accepted.
    private static let backlog: CInt = 4_096

    /// Opens all listeners, or none.
    func start() async throws {
        var bound: [Listener] = []
        do {
            let clear = server.configuration.listen.map { ($0, nil as TLSContext?) }
            // Without a certificate this throws: nothing may answer in clear where TLS was asked for.
            let secured = try server.configuration.listenTLS.map { ($0, try server.configuration.security.context()) }
            for (address, tls) in clear + secured {
                let listener = try await bind(address, tls)
                state.withLockedValue { $0.listeners.append(listener) }
                bound.append(
                    Listener(Self.boundAddress(of: listener, asked: address), isSecured: tls != nil))
            }
        } catch {
            for listener in state.withLockedValue({ $0.listeners }) { try? await listener.close() }
            throw error
        }
        control.attach { [self] in end($0) }
        server.observer?.listening(on: bound)
        for connection in server.configuration.connections { try await serve(connection) }
    }

    private func bind(_ address: ListenAddress, _ tls: TLSContext?) async throws -> any Channel {
        let bootstrap = ServerBootstrap(group: server.configuration.eventLoopGroup)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = AcceptanceHandler(observer: server.observer) { [self] in try prepare($0, tls) }
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: 64)
        do {
            switch address {
            case .tcp(let host, let port):
                return try await bootstrap.bind(host: host, port: port).get()
            case .unix(let path):
                return try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
            case .descriptor(let number):
                let channel = try await bootstrap.withBoundSocket(number).get()
                // SwiftNIO listens on such a socket with a backlog of its own choice.
                _ = Glibc.listen(number, Self.backlog)
                return channel
            }
        } catch {
            throw ListenError(address: address, underlying: error)
        }
    }

    /// Puts the handlers of a connection in place.
    private func prepare(_ channel: any Channel, _ tls: TLSContext?) throws {
        try channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
        let isProxied =
            !server.configuration.proxies.isEmpty
            && server.configuration.proxies.contains(Peer.Address(of: channel))
        if isProxied { try awaitHeader(channel, tls) } else { try addHandlers(channel, tls) }
    }

    /// Prepares a channel that comes from a bootstrap.
    private func prepare(_ channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture { try prepare(channel, nil) }
    }

    /// Lets a proxy say for whom a connection is.
    private func awaitHeader(_ channel: any Channel, _ tls: TLSContext?) throws {
        let handler = ProxyHandler(loop: loop(of: channel.eventLoop)) {
            try self.addHandlers(channel, tls, $0)
        } fail: {
            self.server.observer?.failed("\(Peer.Address(of: channel)): \($0)")
        }
        try channel.pipeline.syncOperations.addHandler(handler)
    }

    private func addHandlers(
        _ channel: any Channel, _ tls: TLSContext?, _ arrival: ServerHandler.Arrival = .direct
    ) throws {
        let loop = loop(of: channel.eventLoop)
        let pipeline = channel.pipeline.syncOperations
        let encryption = try tls.map { try TLSHandler(server: $0) }
        if let encryption { try pipeline.addHandler(encryption) }
        try pipeline.addHandler(ServerHandler(loop: loop, tls: encryption, arrival))
    }

    /// Serves a connection that was there before.
    private func serve(_ connection: EstablishedConnection) async throws {
        let group = server.configuration.eventLoopGroup
        if connection.isSocket {
            _ = try await ClientBootstrap(group: group).channelInitializer { [self] in prepare($0) }
                .withConnectedSocket(connection.input).get()
        } else {
            _ = try await NIOPipeBootstrap(group: group).channelInitializer { [self] in prepare($0) }
                .takingOwnershipOfDescriptors(input: connection.input, output: connection.output).get()
        }
    }

    private static func boundAddress(of listener: any Channel, asked: ListenAddress) -> ListenAddress {
        switch asked {
        case .unix: asked
        case .tcp(let host, let port):
            .tcp(host: listener.localAddress?.ipAddress ?? host, port: listener.localAddress?.port ?? port)
        case .descriptor: ListenAddress(listener.localAddress) ?? asked
        }
    }

    /// Returns the state that the connections on an event loop share. Called on that loop.
    private func loop(of eventLoop: any EventLoop) -> ServerLoop {
        state.withLockedValue { state in
            let key = ObjectIdentifier(eventLoop)
            if let known = state.loops[key] { return known.bound.value }
            let loop = ServerLoop(run: self, eventLoop: eventLoop)
            state.loops[key] = Loop(eventLoop: eventLoop, bound: NIOLoopBound(loop, eventLoop: eventLoop))
            return loop
        }
    }

    // MARK: Connections

    /// A connection came.
    ///
    /// - Returns: the reply that turns it away, or `nil`.
    func connectionOpened() -> Reply? {
        state.withLockedValue { state in
            state.connections += 1
            guard !state.isEnding else { return .shuttingDown }
            guard state.served < server.configuration.limits.connections else { return .tooManyConnections }
            state.served += 1
            return nil
        }
    }

    /// A session begins on a connection.
    ///
    /// - Returns: its number.
    func sessionBegan() -> Int {
        state.withLockedValue { state in
            state.sessions += 1
            return state.sessions
        }
    }

    /// A connection is gone, and those who have to know it know.
    func connectionClosed(wasServed: Bool) {
        let waiter = state.withLockedValue { state -> CheckedContinuation<Void, Never>? in
            state.connections -= 1
            if wasServed { state.served -= 1 }
            return Self.waiterIfDone(&state)
        }
        waiter?.resume()
    }

    // MARK: Ending

    private func end(_ ending: ServerControl.Ending) {
        let (listeners, loops) = state.withLockedValue { state in
            if !state.isEnding { server.store.prepareToClose(within: server.configuration.shutdownGrace) }
            state.isEnding = true
            defer { state.listeners = [] }
            return (state.listeners, Array(state.loops.values))
        }
        for loop in loops {
            if loop.eventLoop.inEventLoop {
                loop.bound.value.end(ending)
            } else {
                loop.eventLoop.execute { loop.bound.value.end(ending) }
            }
        }
        let closed = listeners.map { $0.close() }
        let anyLoop = server.configuration.eventLoopGroup.any()
        EventLoopFuture.andAllComplete(closed, on: anyLoop).whenComplete { [self] _ in
            let waiter = state.withLockedValue { state -> CheckedContinuation<Void, Never>? in
                state.listenersAreClosed = true
                return Self.waiterIfDone(&state)
            }
            waiter?.resume()
        }
    }

    /// Waits until the listeners and all connections are closed.
    func untilDone() async {
        await withCheckedContinuation { continuation in
            let waiter = state.withLockedValue { state -> CheckedContinuation<Void, Never>? in
                state.waiter = continuation
                return Self.waiterIfDone(&state)
            }
            waiter?.resume()
        }
    }

    private static func waiterIfDone(_ state: inout State) -> CheckedContinuation<Void, Never>? {
        guard state.listenersAreClosed, state.connections == 0 else { return nil }
        defer { state.waiter = nil }
        return state.waiter
    }
}

extension ListenAddress {
    /// Where a socket was bound to, if that can be said.
    fileprivate init?(_ address: SocketAddress?) {
        guard let address else { return nil }
        if let host = address.ipAddress, let port = address.port {
            self = .tcp(host: host, port: port)
        } else if let path = address.pathname, !path.isEmpty {
            self = .unix(path: path)
        } else {
            return nil
        }
    }
}

/// An address that cannot be listened on.
public struct ListenError: Error, CustomStringConvertible {
    /// The address that was asked for.
    public let address: ListenAddress
    /// The system's error.
    public let underlying: any Error

    public var description: String { "cannot listen on \(address): \(underlying)" }
}
