import NIOCore
import SMTPCore

/// Connects to the addresses of one host in the order of an ``AddressRace``.
///
/// It belongs to one event loop. Connections that are established after the first one are closed.
final class ConnectRace {
    private let targets: [SocketAddress]
    private let connect: (SocketAddress) throws -> EventLoopFuture<any Channel>
    private let eventLoop: any EventLoop
    private let winner: EventLoopPromise<any Channel>
    private let start = ContinuousClock.now
    private var race: AddressRace
    private var failures: [String] = []
    private var lastError: (any Error)?
    private var isDecided = false

    /// Connects.
    ///
    /// - Throws: `SMTPError.Code.connectFailed`, with the reason for each address and the error of the last one.
    static func run(
        _ targets: [SocketAddress], limit: Duration, on eventLoop: any EventLoop,
        _ connect: @escaping @Sendable (SocketAddress) throws -> EventLoopFuture<any Channel>
    ) async throws -> any Channel {
        let winner = eventLoop.makePromise(of: (any Channel).self)
        eventLoop.execute { begin(targets, limit: limit, on: eventLoop, winner, connect) }
        return try await withTaskCancellationHandler {
            try await winner.futureResult.get()
        } onCancel: {
            winner.fail(CancellationError())
        }
    }

    /// Connects, from a call on the event loop; the promise receives the channel, or the error of
    /// ``run(_:limit:on:_:)``.
    static func begin(
        _ targets: [SocketAddress], limit: Duration, on eventLoop: any EventLoop,
        _ winner: EventLoopPromise<any Channel>,
        _ connect: @escaping (SocketAddress) throws -> EventLoopFuture<any Channel>
    ) {
        ConnectRace(targets, connect, limit, eventLoop, winner).goOn()
    }

    private init(
        _ targets: [SocketAddress], _ connect: @escaping (SocketAddress) throws -> EventLoopFuture<any Channel>,
        _ limit: Duration, _ eventLoop: any EventLoop, _ winner: EventLoopPromise<any Channel>
    ) {
        self.targets = targets
        self.connect = connect
        self.eventLoop = eventLoop
        self.winner = winner
        race = AddressRace(targets.map { $0.protocol == .inet6 }, limit: limit)
    }

    private func goOn() {
        while !isDecided {
            let time = start.duration(to: .now)
            switch race.next(at: time) {
            case .start(let index): begin(index)
            case .wait(let end):
                if let end {
                    eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(max(end - time, .zero))) { self.goOn() }
                }
                return
            case .exhausted:
                isDecided = true
                let reason = failures.isEmpty ? "there is no address" : failures.joined(separator: ", ")
                winner.fail(SMTPError(.connectFailed, stage: .connect, reason: reason, underlying: lastError))
            }
        }
    }

    private func begin(_ index: Int) {
        do {
            try connect(targets[index]).assumeIsolated().whenComplete { self.ended(index, $0) }
        } catch {
            ended(index, .failure(error))
        }
    }

    private func ended(_ index: Int, _ result: Result<any Channel, any Error>) {
        switch result {
        case .success(let channel):
            guard !isDecided else { return channel.close(promise: nil) }
            isDecided = true
            winner.succeed(channel)
        case .failure(let error):
            guard !isDecided else { return }
            failures.append("\(targets[index]): \(error)")
            lastError = error
            race.failed(index)
            goOn()
        }
    }
}
