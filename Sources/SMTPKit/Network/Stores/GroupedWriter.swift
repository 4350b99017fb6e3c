import NIOCore
import NIOPosix
import Synchronization

/// Appends messages to one place in groups: those that come in one tick of the event loop, or while the
/// group before is being written, make one.
///
/// A group is written on the event loop itself as long as nothing there would have to wait. Otherwise
/// a thread does it, and goes on until nothing is left. Either way there is one writer at a time.
final class GroupedWriter: Sendable {
    private struct State {
        var pending: [PendingMessage] = []
        /// Whether a flush is under way or on its way; whoever sets it owns the target.
        var isBusy = false
        var isClosed = false
        /// Counts groups, so that a timer can tell whether there was one since it last looked.
        var groups: UInt64 = 0
        var hasTimer = false
        /// The value of ``GroupTarget/isHolding`` after the last group.
        var isHolding = false
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let target: Mutex<any GroupTarget>
    let path: String
    /// How the place is rolled back.
    let reversal: Reversal
    private let alwaysWaits: Bool

    /// Makes a writer.
    ///
    /// - Parameters:
    ///   - target: where messages go.
    ///   - alwaysWaits: whether every group is to be written by the thread.
    init(_ target: sending any GroupTarget, alwaysWaits: Bool) {
        path = target.path
        reversal = target.reversal
        self.target = Mutex(target)
        self.alwaysWaits = alwaysWaits
    }

    /// How long a target may hold on to something after its last group.
    private static var restDelay: TimeAmount { .milliseconds(5) }

    /// Appends a message for a session.
    func store(_ message: Message, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        if enqueue(PendingMessage(message: message, waiter: .session(promise))) {
            eventLoop.execute { self.flush(on: eventLoop) }
        }
        return promise.futureResult
    }

    /// Appends a message for a task.
    func store(_ message: Message) async throws {
        try await withCheckedThrowingContinuation { continuation in
            if enqueue(PendingMessage(message: message, waiter: .task(continuation))) { flushOnThread([]) }
        }
    }

    /// Waits for what is under way, refuses what comes later, and lets the target close its files.
    func close() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.isClosed = true
                if state.isBusy { state.closers.append(continuation) }
                return !state.isBusy
            }
            if isIdle { continuation.resume() }
        }
        closeTarget()
    }

    /// - Returns: whether the caller must see to a flush.
    private func enqueue(_ message: PendingMessage) -> Bool {
        let isFirst: Bool? = state.withLock { state in
            guard !state.isClosed else { return nil }
            state.pending.append(message)
            defer { state.isBusy = true }
            return !state.isBusy
        }
        guard let isFirst else {
            message.complete(StoreError(.closed, path: path, reason: "the store is closed"))
            return false
        }
        return isFirst
    }

    /// Takes what is pending, or ends the writer's turn when there is nothing.
    private func takeGroup() -> [PendingMessage] {
        let (group, closers) = state.withLock { state in
            var group: [PendingMessage] = []
            var closers: [CheckedContinuation<Void, Never>] = []
            if state.pending.isEmpty {
                state.isBusy = false
                swap(&closers, &state.closers)
            } else {
                swap(&group, &state.pending)
                state.groups &+= 1
            }
            return (group, closers)
        }
        for closer in closers { closer.resume() }
        return group
    }

    // MARK: On the event loop

    private func flush(on eventLoop: any EventLoop) {
        let group = takeGroup()
        guard !group.isEmpty else { return armTimer(on: eventLoop) }
        guard !alwaysWaits else { return flushOnThread(group) }
        let outcome = append(group, mayWait: false)
        switch outcome {
        case .stored, .mixed:
            for (index, message) in group.enumerated() { message.complete(outcome.error(at: index)) }
            // What came meanwhile, from other event loops or in answer to the replies, is the next group.
            let hasMore = state.withLock { !$0.pending.isEmpty }
            if hasMore {
                eventLoop.execute { self.flush(on: eventLoop) }
            } else {
                flush(on: eventLoop)
            }
        case .needsToWait:
            flushOnThread(group)
        case .yields(let time):
            putBack(group)
            eventLoop.scheduleTask(in: time) { self.flush(on: eventLoop) }
        }
    }

    /// Lets the target append; only for the holder of the turn.
    func append(_ group: [PendingMessage], mayWait: Bool) -> GroupOutcome {
        let (outcome, isHolding) = target.withLock { target in
            (target.append(group, mayWait: mayWait), target.isHolding)
        }
        state.withLock { $0.isHolding = isHolding }
        return outcome
    }

    /// Lets the target take back what it just appended; only for the holder of the turn.
    func takeBack() { target.withLock { $0.takeBack() } }

    /// Lets the target let go; only for the holder of the turn.
    func rest() {
        target.withLock { $0.rest() }
        state.withLock { $0.isHolding = false }
    }

    /// Lets the target close its files; only for the holder of the turn, who appends nothing more.
    func closeTarget() {
        target.withLock { $0.close() }
        state.withLock { $0.isHolding = false }
    }

    /// Whether the target held on to something after its last group.
    var isHolding: Bool { state.withLock { $0.isHolding } }

    private func putBack(_ group: [PendingMessage]) {
        state.withLock { $0.pending.insert(contentsOf: group, at: 0) }
    }

    /// Sees to it that the target rests when nothing has come for a while.
    private func armTimer(on eventLoop: any EventLoop) {
        let groups: UInt64? = state.withLock { state in
            guard !state.isBusy, !state.hasTimer, state.isHolding else { return nil }
            state.hasTimer = true
            return state.groups
        }
        guard let groups else { return }
        eventLoop.scheduleTask(in: Self.restDelay) { self.timerFired(groups, on: eventLoop) }
    }

    private func timerFired(_ groupsBefore: UInt64, on eventLoop: any EventLoop) {
        let isQuiet: Bool? = state.withLock { state in
            state.hasTimer = false
            guard !state.isBusy else { return nil }
            let isQuiet = state.groups == groupsBefore
            // The turn is taken as for a flush, so that no other thread touches the target.
            if isQuiet { state.isBusy = true }
            return isQuiet
        }
        switch isQuiet {
        case .some(true):
            target.withLock { $0.rest() }
            let hasMore = state.withLock { state in
                state.isHolding = false
                state.isBusy = !state.pending.isEmpty
                return state.isBusy
            }
            if hasMore { flush(on: eventLoop) } else { resumeClosers() }
        case .some(false):
            armTimer(on: eventLoop)
        case nil:
            // Whoever is busy arms the timer again.
            break
        }
    }

    private func resumeClosers() {
        let closers = state.withLock { state in
            var closers: [CheckedContinuation<Void, Never>] = []
            if !state.isBusy { swap(&closers, &state.closers) }
            return closers
        }
        for closer in closers { closer.resume() }
    }
}

extension GroupedWriter {
    // MARK: On the thread

    /// Writes a group and all that follow it; an empty one means the pending messages.
    private func flushOnThread(_ group: [PendingMessage]) {
        NIOThreadPool.singleton.submit { _ in self.run(group) }
    }

    private func run(_ first: [PendingMessage]) {
        var group = first.isEmpty ? takeGroup() : first
        var eventLoop: (any EventLoop)?
        while !group.isEmpty {
            eventLoop = group.first?.eventLoop ?? eventLoop
            let outcome = append(group, mayWait: true)
            // Without an event loop there is no timer to see to this.
            if eventLoop == nil { target.withLock { $0.rest() } }
            Self.complete(group, outcome)
            group = takeGroup()
        }
        if let eventLoop { eventLoop.execute { self.armTimer(on: eventLoop) } }
    }

    /// Tells the sessions of one event loop in one go: each call from another thread wakes it up.
    private static func complete(_ group: [PendingMessage], _ outcome: GroupOutcome) {
        switch outcome {
        case .stored, .mixed: break
        case .needsToWait, .yields: preconditionFailure("a target that may wait must not put a group off")
        }
        guard let eventLoop = group.first?.eventLoop else {
            for (index, message) in group.enumerated() { message.complete(outcome.error(at: index)) }
            return
        }
        eventLoop.execute {
            for (index, message) in group.enumerated() { message.complete(outcome.error(at: index)) }
        }
    }
}
