import SMTPCore

/// Connections to one server that are used again.
actor ConnectionPool {
    /// A connection, and how often it was used.
    struct Lease {
        let connection: SMTPConnection
        var messages = 0
        var isReused: Bool { messages > 0 }
    }

    private struct Idle {
        let lease: Lease
        let since: ContinuousClock.Instant
    }

    private struct Waiter {
        let number: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    /// The time without a message after which a connection is tried with `RSET` before it is used.
    private static let trustedTime = Duration.seconds(5)

    private let endpoint: Endpoint
    private let configuration: SMTPClient.Configuration
    private let limits: SMTPClient.PoolLimits
    private var idle: [Idle] = []
    /// Connections that are in use, idle or being made.
    private var count = 0
    private var waiters: [Waiter] = []
    private var waiterCount = 0
    private var isShutDown = false
    private var sweeper: Task<Void, Never>?

    init(_ endpoint: Endpoint, _ configuration: SMTPClient.Configuration, _ limits: SMTPClient.PoolLimits) {
        self.endpoint = endpoint
        self.configuration = configuration
        self.limits = limits
    }

    deinit { sweeper?.cancel() }

    /// Sends a message over a connection of the pool.
    ///
    /// A connection that was used before may have been closed by the server meanwhile. The message is sent again then,
    /// over another one, unless its content was sent.
    func send(_ body: @Sendable (SMTPConnection) async throws -> TransactionOutcome) async throws -> TransactionOutcome
    {
        while true {
            var lease = try await lease()
            do {
                let outcome = try await body(lease.connection)
                lease.messages += 1
                await release(lease)
                return outcome
            } catch {
                var isStale = lease.isReused
                if isStale { isStale = await lease.connection.isStale(error) }
                // What is refused before anything is sent leaves the connection usable.
                await release(lease)
                guard isStale else { throw error }
            }
        }
    }

    /// Closes everything that is idle, and refuses further messages.
    func shutDown() async {
        isShutDown = true
        sweeper?.cancel()
        for waiter in waiters { waiter.continuation.resume() }
        waiters = []
        let ended = idle
        idle = []
        count -= ended.count
        for entry in ended { await entry.lease.connection.end() }
    }

    // MARK: Leases

    private func lease() async throws -> Lease {
        while true {
            try Task.checkCancellation()
            guard !isShutDown else { throw SMTPError(.closed, stage: .connect, reason: "the client is shut down") }
            if let entry = idle.popLast() {
                if await isUsable(entry) { return entry.lease }
                await discard(entry.lease)
            } else if count < max(limits.connections, 1) {
                return try await connect()
            } else {
                await waitForChange()
            }
        }
    }

    private func isUsable(_ entry: Idle) async -> Bool {
        guard await entry.lease.connection.isIdle else { return false }
        guard entry.since.duration(to: .now) > Self.trustedTime else { return true }
        return (try? await entry.lease.connection.perform(.rset).code.severity) == .success
    }

    private func connect() async throws -> Lease {
        count += 1
        do {
            let connection = try await Connector(configuration).connect(to: endpoint)
            do {
                try await connection.prepare()
                return Lease(connection: connection)
            } catch {
                await connection.end()
                throw error
            }
        } catch {
            count -= 1
            wakeOne()
            throw error
        }
    }

    private func release(_ lease: Lease) async {
        let mayStay = !isShutDown && lease.messages < limits.messagesPerConnection
        guard mayStay, await lease.connection.isIdle, !isShutDown else { return await discard(lease) }
        idle.append(Idle(lease: lease, since: .now))
        wakeOne()
        sweepLater()
    }

    /// The place of a connection is free before its `QUIT` is answered.
    private func discard(_ lease: Lease) async {
        count -= 1
        wakeOne()
        await lease.connection.end()
    }

    // MARK: Waiting

    private func waitForChange() async {
        waiterCount += 1
        let number = waiterCount
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled || isShutDown {
                    continuation.resume()
                } else {
                    waiters.append(Waiter(number: number, continuation: continuation))
                }
            }
        } onCancel: {
            Task { await self.wake(number) }
        }
    }

    private func wake(_ number: Int) {
        guard let index = waiters.firstIndex(where: { $0.number == number }) else { return }
        waiters.remove(at: index).continuation.resume()
    }

    private func wakeOne() {
        guard !waiters.isEmpty else { return }
        waiters.removeFirst().continuation.resume()
    }

    // MARK: Idle connections

    private func sweepLater() {
        guard sweeper == nil else { return }
        let time = limits.idleTime
        sweeper = Task { [weak self] in
            while !Task.isCancelled, let next = await self?.sweep() {
                try? await Task.sleep(for: min(next, time), tolerance: .zero)
            }
        }
    }

    /// Closes connections whose time is over.
    ///
    /// - Returns: how long the next one has; `nil` when none is idle.
    private func sweep() async -> Duration? {
        let now = ContinuousClock.now
        let ended = idle.filter { $0.since.duration(to: now) >= limits.idleTime }
        idle.removeAll { $0.since.duration(to: now) >= limits.idleTime }
        for entry in ended { await discard(entry.lease) }
        guard let oldest = idle.map(\.since).min() else {
            sweeper = nil
            return nil
        }
        return limits.idleTime - oldest.duration(to: .now)
    }
}
