import NIOCore
import SMTPKit

/// A load run: sessions on one event loop, and the messages that they send.
///
/// In a closed loop, each session sends its next message when the last one is done. In an open loop, messages are due
/// on a schedule; one that finds no free session waits, and its latency counts from the time at which it was due.
final class LoadRun {
    /// The next thing for a session to do.
    enum Claim {
        /// Send a message.
        case message(LoadSession.Message)
        /// Wait for a message that is due later.
        case wait
        /// End: no message is left.
        case none
    }

    /// The number of connections that are made at a time; a server's queue of new connections is limited.
    private static let mostConnecting = 128
    /// The pause of a session that could not connect.
    private static let pause = TimeAmount.milliseconds(100)
    /// The time without any connection after which a run with a number of messages ends.
    private static let longestOutage = TimeAmount.seconds(5)
    /// The time that messages under way have after an interruption.
    private static let grace = TimeAmount.milliseconds(500)
    /// The time that sessions have for their `QUIT` at the end.
    private static let farewell = TimeAmount.seconds(5)

    let plan: LoadPlan
    let server: LoadServer
    /// The counts so far.
    private(set) var tally = LoadTally()
    /// The reason that the run ended early.
    private(set) var interruption: LoadInterruption?
    /// The reason that the run could not begin, or has no sense to go on; in one line.
    private(set) var problem: (status: ExitStatus, text: String)?
    /// The extensions that the server offered to the first session that was prepared.
    private(set) var capabilities: Capabilities?
    /// The security of that session.
    private(set) var tlsReport: TLSReport?
    /// The start of the first message, and the end of the last one.
    private(set) var period: (start: NIODeadline, end: NIODeadline)?

    private let eventLoop: any EventLoop
    private let done: EventLoopPromise<Void>
    private let oneTransaction: Transaction?
    private var sessions: [LoadSession] = []
    /// Sessions that wait for a message, in the order in which they became free.
    private var ready = CircularBuffer<LoadSession>()
    /// Sessions that wait for their turn to connect.
    private var waiting = CircularBuffer<LoadSession>()
    private var connecting = 0
    /// Sessions of an open loop that have no connection, and make one when a message is due.
    private var offline = 0
    /// Worker sessions that are there or are about to be.
    private var workers = 0
    /// Worker sessions that are prepared.
    private var live = 0
    private var lastLive = NIODeadline.now()
    private var hasBeenPrepared = false
    private var failedSessions = 0
    /// Whether the process has no descriptor left: the sessions that it has can still go on.
    private var lacksDescriptors = false
    /// Idle sessions, then sessions of an open loop, that are awaited before the first message.
    private var awaited = 0
    private var claimed = 0
    private var isStarted = false
    private var isOver = false
    private var isFinished = false
    private var isDone = false
    private var timer: Scheduled<Void>?
    private var ender: Scheduled<Void>?

    init(_ plan: LoadPlan, on eventLoop: any EventLoop) {
        self.plan = plan
        self.eventLoop = eventLoop
        server = LoadServer(plan, on: eventLoop)
        done = eventLoop.makePromise()
        oneTransaction = plan.hasOneEnvelope ? plan.transaction(1) : nil
    }

    // MARK: Start

    /// Starts. On the event loop, as everything else.
    ///
    /// - Returns: a future for the end of the run.
    func start() -> EventLoopFuture<Void> {
        if let deadline = plan.deadline {
            after(.nanoseconds(deadline.microseconds * 1_000)) { $0.stop(.deadline) }
        }
        awaited = plan.idle
        for _ in 0..<plan.idle { add(LoadSession(self, isIdle: true)) }
        if plan.idle == 0 { idleOpened() }
        return done.futureResult
    }

    private func idleOpened() {
        guard !isOver else { return finishIfDone() }
        guard plan.rate != nil else { return begin() }
        awaited = min(plan.sessions, plan.messages ?? plan.sessions)
        workers = awaited
        for _ in 0..<awaited { add(LoadSession(self)) }
    }

    /// Starts the clock, and the messages.
    private func begin() {
        guard !isStarted, !isOver else { return finishIfDone() }
        isStarted = true
        let now = NIODeadline.now()
        period = (now, now)
        lastLive = now
        if let duration = plan.duration {
            ender = after(.nanoseconds(duration.microseconds * 1_000)) { $0.windDown() }
        }
        if plan.rate != nil { return dispatch() }
        workers = min(plan.sessions, plan.messages ?? plan.sessions)
        for _ in 0..<workers { startWorker() }
    }

    /// Has a session of a closed loop connect for the next message.
    private func startWorker() {
        guard case .message(let message) = claim() else {
            workers -= 1
            return finishIfDone()
        }
        add(LoadSession(self, message: message))
    }

    private func add(_ session: LoadSession) {
        session.index = sessions.count
        sessions.append(session)
        waiting.append(session)
        openNext()
    }

    private func openNext() {
        while connecting < Self.mostConnecting, let session = waiting.popFirst() {
            connecting += 1
            session.open()
        }
    }

    // MARK: Messages

    /// Returns the transaction of a message.
    func transaction(_ number: Int) -> Transaction { oneTransaction ?? plan.transaction(number) }

    /// Takes the next message from the plan.
    func claim() -> Claim {
        guard isStarted else { return isOver ? .none : .wait }
        guard !isOver, claimed < plan.messages ?? Int.max else { return .none }
        var due: NIODeadline?
        if plan.rate != nil {
            let next = dueTime(claimed)
            guard next <= .now() else { return .wait }
            due = next
        }
        claimed += 1
        tally.messageStarted()
        return .message(LoadSession.Message(number: claimed, due: due))
    }

    private func dueTime(_ index: Int) -> NIODeadline {
        guard let period, let rate = plan.rate else { return .now() }
        return period.start + .nanoseconds(Int64(Double(index) * rate.interval))
    }

    /// Keeps a session until a message is due.
    func wait(_ session: LoadSession) {
        ready.append(session)
        if isStarted { setTimer() }
    }

    /// Gives messages that are due to free sessions.
    private func dispatch() {
        while true {
            while let first = ready.first, !first.isReady { ready.removeFirst() }
            guard !ready.isEmpty || offline > 0 else { return }
            switch claim() {
            case .message(let message):
                if let session = ready.popFirst() {
                    session.send(message)
                } else {
                    offline -= 1
                    add(LoadSession(self, message: message))
                }
            case .wait: return setTimer()
            case .none: return windDown()
            }
        }
    }

    private func setTimer() {
        guard timer == nil, !isOver else { return }
        timer = after(dueTime(claimed) - .now()) { run in
            run.timer = nil
            run.dispatch()
        }
    }

    // MARK: Reports of sessions

    /// A server greeted.
    func greeted(connecting time: TimeAmount, handshake: TimeAmount?) {
        tally.sessions += 1
        tally.connecting.record(handshake.map { time - $0 } ?? time)
    }

    /// A session can take messages.
    func prepared(_ handler: ClientHandler, isIdle: Bool) {
        hasBeenPrepared = true
        if let time = handler.handshakeTime { tally.handshakes.record(time) }
        if capabilities == nil {
            capabilities = handler.session.capabilities
            tlsReport = handler.tlsReport
        }
        if !isIdle { live += 1 }
        settled()
    }

    /// A session that was connecting is prepared or has failed.
    private func settled() {
        connecting -= 1
        openNext()
        guard !isStarted, awaited > 0 else { return }
        awaited -= 1
        guard awaited == 0 else { return }
        if workers == 0 { idleOpened() } else { begin() }
    }

    /// A message was decided by the server.
    func messageEnded(_ outcome: TransactionOutcome, isSecured: Bool, latency: TimeAmount) {
        period?.end = .now()
        if outcome.isDelivered, let reply = outcome.final ?? outcome.data {
            tally.messageAccepted(reply, isPartial: !outcome.isDeliveredToAll)
        } else if let refusal = outcome.refusal {
            tally.messageRefused(refusal.reply, ExitStatus(refusal.stage, isSecured: isSecured))
        } else {
            tally.messageFailed(.closed, .closed, "the transaction ended without a reply to the message")
            return finishIfDone()
        }
        tally.transactions.record(latency)
        finishIfDone()
    }

    /// A session failed, perhaps with a message.
    func failed(_ failure: LoadFailure, hadMessage: Bool, _ error: any Error) {
        if hadMessage { period?.end = .now() }
        switch failure {
        case .refused(let reply, let status):
            if hadMessage {
                tally.messageRefused(reply, status)
            } else {
                tally.sessionFailed(.refused, status, "\(error)")
            }
        case .failed(let kind, let status, let text):
            if kind == .descriptors { lacksDescriptors = true }
            if hadMessage {
                tally.messageFailed(kind, status, text)
            } else {
                tally.sessionFailed(kind, status, text)
            }
        }
        if problem == nil, let limit = error as? LoadGuard { problem = (.usage, limit.description) }
        // The next message would fail for the same reason.
        let isHopeless = (error as? SMTPError)?.code == .extensionNotOffered || error is LoadGuard
        if isHopeless { windDown() }
        finishIfDone()
    }

    /// A session is over.
    func ended(_ session: LoadSession) {
        let last = sessions.removeLast()
        if last !== session {
            sessions[session.index] = last
            last.index = session.index
        }
        if session.isPrepared {
            if !session.isIdle {
                live -= 1
                lastLive = .now()
            }
        } else if session.wasOpened {
            failedSessions += 1
            settled()
        }
        if !session.isPrepared { giveUpIfHopeless() }
        if !session.isIdle { replace(session) }
        finishIfDone()
    }

    /// Has another connection made in place of one that is over.
    private func replace(_ session: LoadSession) {
        if isOver {
            workers -= 1
        } else if plan.rate != nil {
            if session.hasFailed || !session.isPrepared || session.isUnused {
                offline += 1
                if isStarted { dispatch() }
            } else {
                add(LoadSession(self))
            }
        } else if session.hasFailed {
            after(Self.pause) { $0.startWorker() }
        } else {
            startWorker()
        }
    }

    /// Ends a run that has no connection any more.
    private func giveUpIfHopeless() {
        guard !isOver, live == 0 else { return }
        let isDead =
            hasBeenPrepared
            ? plan.duration == nil && isStarted && lastLive + Self.longestOutage < .now()
            : connecting == 0 || failedSessions >= 10 && !lacksDescriptors
        if isDead { windDown() }
    }

    // MARK: End

    /// Starts no further message; sessions end when they are done.
    private func windDown() {
        guard !isOver else { return }
        isOver = true
        timer?.cancel()
        ender?.cancel()
        workers -= offline
        offline = 0
        waiting = CircularBuffer()
        ready = CircularBuffer()
        finishIfDone()
    }

    /// Ends the run early. Messages under way have half a second, unless it is the second time.
    func stop(_ reason: LoadInterruption) {
        guard !isDone else { return }
        guard interruption == nil else { return abortAll(reason) }
        interruption = reason
        windDown()
        for session in sessions { session.wind(down: reason) }
        if reason == .deadline { return abortAll(reason) }
        after(Self.grace) { $0.abortAll(reason) }
    }

    private func abortAll(_ reason: any Error) {
        for session in sessions { session.abort(reason) }
    }

    /// Ends the run when no message is under way and none is left.
    private func finishIfDone() {
        let isExhausted = isStarted && plan.messages.map { claimed >= $0 } == true
        guard isOver || isExhausted, tally.underWay == 0 else { return }
        if !isFinished {
            isFinished = true
            isOver = true
            timer?.cancel()
            ender?.cancel()
            let reason = SMTPError(.closed, stage: nil, reason: "the run is over")
            for session in sessions { session.wind(down: reason) }
            // A server that does not answer QUIT is not waited for.
            if !sessions.isEmpty { after(Self.farewell) { $0.abortAll(reason) } }
        }
        guard sessions.isEmpty, !isDone else { return }
        isDone = true
        done.succeed()
    }

    @discardableResult
    private func after(_ time: TimeAmount, _ body: @escaping (LoadRun) -> Void) -> Scheduled<Void> {
        let box = NIOLoopBound((self, body), eventLoop: eventLoop)
        return eventLoop.scheduleTask(in: max(time, .zero)) { box.value.1(box.value.0) }
    }
}
