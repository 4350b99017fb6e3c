import Glibc
package import NIOCore
import NIOPosix
package import SMTPCore

/// Makes many connections to one host on one event loop, without a task for each.
///
/// The first connections race over all addresses; the address that wins is used from then on, until it fails.
package final class ConnectionSource {
    /// The host, with all of its addresses.
    package let host: Candidates.Host
    private let configuration: SMTPClient.Configuration
    private let eventLoop: any EventLoop
    private let targets: [SocketAddress]
    private let bootstrap: ClientBootstrap
    /// Makes the TLS layers; `nil` if TLS is never used.
    private let tls: ClientTLS?
    /// The replies that the next connections need not read again.
    package var knownReplies = KnownReplies()
    private let alarm: SharedAlarm
    /// The address of the last connection that was made.
    private var preferred: SocketAddress?

    /// The address of the last connection, `192.0.2.1:25` or `[2001:db8::1]:25`; the path of a UNIX socket.
    package var address: String? {
        if let path = host.path { return path }
        guard let preferred, let address = preferred.ipAddress else { return nil }
        return address.contains(":") ? "[\(address)]:\(host.port)" : "\(address):\(host.port)"
    }

    /// Makes a source.
    ///
    /// - Parameters:
    ///   - host: the host, with its addresses.
    ///   - configuration: how the client behaves.
    ///   - eventLoop: the event loop of all connections.
    ///   - isForSmallContent: whether no content that is sent is larger than 32 KiB.
    /// - Throws: `SMTPError.Code.connectFailed` for an address that cannot be used, and `TLSConfigurationError`.
    package init(
        to host: Candidates.Host, _ configuration: SMTPClient.Configuration, on eventLoop: any EventLoop,
        isForSmallContent: Bool = false
    ) throws {
        self.host = host
        self.configuration = configuration
        self.eventLoop = eventLoop
        targets = try Connector.targets(of: host)
        bootstrap = try Connector.bootstrap(configuration, on: eventLoop, isForSmallContent: isForSmallContent)
        alarm = SharedAlarm(on: eventLoop)
        tls =
            configuration.security.mode == .none ? nil : try ClientTLS(sharing: configuration.security, host: host.name)
    }

    /// Connects. To be called on the event loop, as is everything that it calls.
    ///
    /// - Parameters:
    ///   - opened: called with the handler of a connection that was made, or with the reason that there is none.
    ///   - greeting: called with the server's greeting after that.
    package func connect(
        greeting: @escaping ClientHandler.Completion, opened: @escaping (Result<ClientHandler, any Error>) -> Void
    ) {
        let connection: EventLoopFuture<any Channel>
        if let target = preferred ?? (targets.count == 1 ? targets[0] : nil) {
            connection = bootstrap.connect(to: target)
        } else {
            let promise = eventLoop.makePromise(of: (any Channel).self)
            ConnectRace.begin(targets, limit: configuration.timeouts.connect, on: eventLoop, promise) { [bootstrap] in
                bootstrap.connect(to: $0)
            }
            connection = promise.futureResult
        }
        connection.assumeIsolated().whenComplete { [self] result in
            opened(result.flatMap { channel in Result { try handle(channel, greeting) } }.mapError(failure))
        }
    }

    private func handle(
        _ channel: any Channel, _ greeting: @escaping ClientHandler.Completion
    ) throws -> ClientHandler {
        if preferred == nil { preferred = channel.remoteAddress }
        let handler = ClientHandler(
            configuration, host: host.name, port: host.port, tls: tls, knowing: knownReplies, alarm: alarm,
            greeting: greeting)
        try channel.pipeline.syncOperations.addHandler(handler)
        return handler
    }

    private func failure(_ error: any Error) -> any Error {
        preferred = nil
        if error is SMTPError { return error }
        if case .connectTimeout? = error as? ChannelError {
            return SMTPError(.timedOut, stage: .connect, underlying: error)
        }
        let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
        let place = host.path ?? host.addresses.joined(separator: ", ")
        return SMTPError(.connectFailed, stage: .connect, reason: "\(place): \(reason)", underlying: error)
    }
}
