import CGNUExtensions
import NIOCore
import SMTPCore

/// The state that the connections on one event loop share: buffers, a coarse clock, and the sweep that finds
/// passed deadlines.
///
/// Deadlines are numbers of ticks. One repeated task looks at them all, so that no timer is armed,
/// moved or cancelled while a dialogue goes on.
///
/// Lives on its event loop, and is used on it only.
final class ServerLoop {
    let run: ServerRun
    /// The store of messages, at hand for each one.
    let store: any EventLoopStore
    let observer: any ServerObserver
    /// Whether messages are made: the store keeps them, or the observer reads them.
    let makesMessages: Bool
    /// Whether a hook takes whole messages.
    let asksForDelivery: Bool
    let onMessageStream: StreamHook?
    /// Whether there are hooks, which may keep something for a session.
    let keepsStorage: Bool
    /// Whether sessions have to know what time it is.
    let tellsTime: Bool
    /// Whether messages are discarded, so that no store has to be called.
    let isDiscarding: Bool
    let eventLoop: any EventLoop
    let executor: LoopTaskExecutor
    let deadlines: Deadlines
    let contentRules: ContentCollector.Rules
    /// Replies are gathered here before they are written.
    var replies = ByteBuffer()
    /// The bytes of replies, lent to one session at a time.
    var scratch: [UInt8] = []
    var queueIDs: QueueIDSource
    /// Whether a mechanism is offered that binds to the TLS connection.
    let bindsChannels: Bool
    /// The notifications under way, by session.
    var notifications: [ObjectIdentifier: SessionNotifications] = [:]
    /// The connections of proxies that have not yet said for whom they are.
    var awaitingHeaders: [ObjectIdentifier: ProxyHandler] = [:]
    private(set) var tick = 0
    private var isEnding = false

    private var handlers: [ServerHandler] = []
    /// The most connections since memory was last given back.
    private var mostHandlers = 0
    private var sweep: RepeatedTask?

    init(run: ServerRun, eventLoop: any EventLoop) {
        self.run = run
        store = run.server.store.forSessions
        observer = run.server.observer ?? SilentObserver()
        asksForDelivery = run.server.hooks.takesWholeMessages
        onMessageStream = run.server.hooks.onMessageStream
        keepsStorage = run.server.hooks.areSet
        tellsTime = run.server.configuration.promised.isSuperset(of: [.futureRelease, .deliverBy])
        isDiscarding = run.server.store is DiscardingStore && !run.server.hooks.takesMessages
        makesMessages = !isDiscarding || run.server.observer?.wantsMessages ?? false
        self.eventLoop = eventLoop
        executor = LoopTaskExecutor(eventLoop)
        deadlines = Deadlines(run.server.configuration.limits)
        contentRules = ContentCollector.Rules(
            threshold: run.server.configuration.spoolThreshold, directory: run.server.configuration.spoolDirectory,
            calls: run.server.configuration.spoolCalls)
        queueIDs = QueueIDSource(run.queueIDs)
        bindsChannels = run.sessionConfiguration.security.mechanisms.contains(where: \.bindsChannel)
    }

    // MARK: Connections

    func add(_ handler: ServerHandler) {
        handler.index = handlers.count
        handlers.append(handler)
        mostHandlers = max(mostHandlers, handlers.count)
        guard sweep == nil else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        sweep = eventLoop.scheduleRepeatedTask(initialDelay: deadlines.interval, delay: deadlines.interval) { _ in
            bound.value.look()
        }
    }

    func remove(_ handler: ServerHandler) {
        guard let index = handler.index else { return }
        handler.index = nil
        let last = handlers.removeLast()
        if last !== handler {
            handlers[index] = last
            last.index = index
        }
        giveMemoryBack()
    }

    /// Gives the memory of connections that are gone back to the system, when that is much.
    private func giveMemoryBack() {
        guard mostHandlers >= 256, handlers.count <= mostHandlers / 4 else { return }
        mostHandlers = handlers.count
        _ = malloc_trim(0)
    }

    /// Tells every connection that the server ends.
    func end(_ ending: ServerControl.Ending) {
        isEnding = true
        for handler in handlers { handler.serverEnds(ending) }
        for handler in awaitingHeaders.values { handler.serverEnds() }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let grace = TimeAmount.nanoseconds(run.server.configuration.shutdownGrace.nanoseconds)
        if ending == .finish {
            eventLoop.scheduleTask(in: min(grace, Self.quitTime)) {
                for handler in bound.value.handlers { handler.stop() }
            }
        }
        eventLoop.scheduleTask(in: grace) {
            // What is left has the rest of a second to take its last reply.
            for handler in bound.value.handlers { handler.graceEnded() }
            bound.value.eventLoop.scheduleTask(in: Self.lastReplyTime) {
                for handler in bound.value.handlers { handler.graceEnded() }
            }
        }
        guard !notifications.isEmpty else { return }
        eventLoop.scheduleTask(in: notificationLimit) {
            for notifications in bound.value.notifications.values { notifications.giveUp() }
        }
    }

    /// How long a client that delivered the last message may take for its `QUIT`.
    private static var quitTime: TimeAmount { .seconds(1) }
    /// How long a client may take for the reply that ends its session when the grace is over.
    private static var lastReplyTime: TimeAmount { .milliseconds(200) }

    /// How long a notification may take.
    var notificationLimit: TimeAmount {
        let configuration = run.server.configuration
        return .nanoseconds((isEnding ? configuration.shutdownGrace : configuration.limits.decision).nanoseconds)
    }

    private func look() {
        tick += 1
        // It ends with the first look that finds nothing, so that a session after another costs no timer.
        guard !handlers.isEmpty else {
            sweep?.cancel()
            sweep = nil
            return
        }
        // A handler whose deadline passed may leave the list.
        for handler in handlers where handler.deadline <= tick { handler.deadlinePassed() }
    }
}

/// In the place of an observer where there is none.
private struct SilentObserver: ServerObserver {}

/// Takes a message while it comes in.
typealias StreamHook = @Sendable (MessageStreamRequest) async throws -> MessageOutcome

/// The time limits in ticks of the sweep.
struct Deadlines {
    /// Never.
    static let never = Int.max

    /// How long a tick is: a second, or less where a limit is short.
    let interval: TimeAmount
    let commandInput: Int
    let messageInput: Int
    let replyOutput: Int
    let tlsSetup: Int
    let decision: Int
    let lingering: Int

    init(_ limits: Limits) {
        let all = [limits.commandInput, limits.messageInput, limits.replyOutput, limits.tlsSetup, limits.decision]
        let shortest = all.map(\.nanoseconds).min() ?? 0
        let interval = min(1_000_000_000, max(5_000_000, shortest / 4))
        // A tick may be nearly over when a wait begins, so one more is granted.
        func ticks(_ duration: Duration) -> Int { Int(duration.nanoseconds / interval) + 1 }
        self.interval = .nanoseconds(interval)
        commandInput = ticks(limits.commandInput)
        messageInput = ticks(limits.messageInput)
        replyOutput = ticks(limits.replyOutput)
        tlsSetup = ticks(limits.tlsSetup)
        decision = ticks(limits.decision)
        lingering = ticks(.seconds(2))
    }
}

extension Duration {
    /// The duration in nanoseconds, at most about a century.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return min(seconds, 3_000_000_000) * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
