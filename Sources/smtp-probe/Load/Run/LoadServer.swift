import CommandLineSupport
import NIOCore
import SMTPKit

/// The server of a load run: its addresses, which are looked up again from time to time.
///
/// It belongs to one event loop.
final class LoadServer {
    /// The time after which an address is looked up again for the next connection.
    static let trustedTime = TimeAmount.seconds(1)

    private let plan: LoadPlan
    private let eventLoop: any EventLoop
    private var source: ConnectionSource?
    private var expiry = NIODeadline.uptimeNanoseconds(0)
    private var waiters: [(Result<ConnectionSource, any Error>) -> Void] = []

    init(_ plan: LoadPlan, on eventLoop: any EventLoop) {
        self.plan = plan
        self.eventLoop = eventLoop
    }

    /// The transaction that all messages have, made ready for a session with these offers.
    var transaction: (offers: Capabilities?, isSecured: Bool, ready: ReadyTransaction)?

    /// Keeps the replies that a session has read, for those to come.
    func learn(_ replies: KnownReplies) { source?.knownReplies = replies }

    /// The host, once it is known.
    var host: Candidates.Host? { source?.host }
    /// The address that is connected to, as the system writes it, once there was a connection.
    var address: String? { source?.address ?? source?.host.addresses.first }

    /// Calls back with the means to connect, at once if the address is known.
    func withSource(_ body: @escaping (Result<ConnectionSource, any Error>) -> Void) {
        if let source, expiry > .now() { return body(.success(source)) }
        waiters.append(body)
        guard waiters.count == 1 else { return }
        let (endpoint, configuration) = (plan.endpoint, plan.configuration)
        let box = NIOLoopBound(self, eventLoop: eventLoop)
        let promise = eventLoop.makePromise(of: Candidates.Host.self)
        let limit = TimeAmount.nanoseconds(configuration.timeouts.connect.microseconds * 1_000)
        let alarm = eventLoop.scheduleTask(in: limit) {
            promise.fail(SMTPError(.timedOut, stage: .connect, reason: "the name server does not answer"))
        }
        let task = Self.lookUp(endpoint, configuration, promise)
        promise.futureResult.whenComplete { result in
            alarm.cancel()
            task.cancel()
            box.value.found(result)
        }
    }

    private static func lookUp(
        _ endpoint: Endpoint, _ configuration: SMTPClient.Configuration, _ promise: EventLoopPromise<Candidates.Host>
    ) -> Task<Void, Never> {
        Task {
            do {
                let host = try await lookUp(endpoint, configuration)
                promise.succeed(host)
            } catch {
                promise.fail(error)
            }
        }
    }

    private static func lookUp(
        _ endpoint: Endpoint, _ configuration: SMTPClient.Configuration
    ) async throws -> Candidates.Host {
        var candidates = Candidates(endpoint)
        while true {
            switch try candidates.next() {
            case .exchangers(let domain):
                let resolver = configuration.resolver
                candidates.found(exchangers: await result { try await resolver.mailExchangers(domain) })
            case .addresses(let host):
                let (resolver, family) = (configuration.resolver, configuration.family)
                candidates.found(addresses: await result { try await resolver.addresses(host, family) })
            case .connect(let host): return host
            }
        }
    }

    private static func result<Value: Sendable>(
        _ body: @Sendable () async throws -> Value
    ) async -> Result<Value, ResolverError> {
        do {
            return .success(try await body())
        } catch let error as ResolverError {
            return .failure(error)
        } catch {
            return .failure(.timedOut("\(error)"))
        }
    }

    private func found(_ result: Result<Candidates.Host, any Error>) {
        let waiters = waiters
        self.waiters = []
        let found = result.flatMap { host in Result { try source(for: host) } }
        if case .success(let source) = found {
            self.source = source
            let isFixed = source.host.path != nil || source.host.addresses == [source.host.name]
            expiry = isFixed ? .distantFuture : .now() + Self.trustedTime
        }
        for waiter in waiters { waiter(found) }
    }

    private func source(for host: Candidates.Host) throws -> ConnectionSource {
        if let source, source.host == host { return source }
        if let amount = plan.guardedAmount, let address = host.addresses.first(where: { !NearbyAddress.contains($0) }) {
            throw LoadGuard(address: address, amount: amount)
        }
        let isSmall = plan.content.encodedSize <= 32 << 10
        return try ConnectionSource(to: host, plan.configuration, on: eventLoop, isForSmallContent: isSmall)
    }
}

/// A load that needs `--force`: it is large, and the address is public.
struct LoadGuard: Error, CustomStringConvertible {
    let address: String
    let amount: String

    var description: String {
        "\(address) is a public address, and \(amount) (add --force if this server is yours)"
    }
}
