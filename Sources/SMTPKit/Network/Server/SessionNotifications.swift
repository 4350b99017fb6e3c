import NIOCore
import SMTPCore

/// Tells an application what became of a session, one thing after the other, while the dialogue goes on.
///
/// Lives on the session's event loop.
final class SessionNotifications {
    typealias Notification = @Sendable () async -> Void

    /// How many notifications may wait before the connection is no longer read. One read may bring more of them:
    /// as many as there are transactions in 64 KiB.
    static let maximumWaiting = 16

    private let loop: ServerLoop
    private var waiting: [Notification] = []
    private var task: Task<Void, Never>?
    private var timeout: Scheduled<Void>?
    /// Counts notifications, so that one that was given up is known as such.
    private var number = 0
    /// Done when nothing waits any more.
    private var whenIdle: (() -> Void)?
    /// Reads on, when there is room again.
    private let resume: () -> Void

    init(loop: ServerLoop, resume: @escaping () -> Void) {
        self.loop = loop
        self.resume = resume
    }

    /// Whether so much waits that the client has to.
    var areFull: Bool { waiting.count >= Self.maximumWaiting }

    func add(_ notification: @escaping Notification) {
        waiting.append(notification)
        if task == nil { next() }
    }

    /// Does something once nothing waits any more.
    func finish(_ body: @escaping () -> Void) {
        guard task != nil else { return body() }
        whenIdle = body
    }

    /// The server's grace is over: whoever is being told is told no longer.
    func giveUp() {
        waiting = []
        task?.cancel()
        done(number)
    }

    private func next() {
        number += 1
        guard !waiting.isEmpty else {
            task = nil
            loop.notifications[ObjectIdentifier(self)] = nil
            whenIdle?()
            whenIdle = nil
            return
        }
        loop.notifications[ObjectIdentifier(self)] = self
        let this = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let number = number
        task = Self.run(waiting.removeFirst(), on: loop.executor) { this.value.done(number) }
        timeout = loop.eventLoop.scheduleTask(in: loop.notificationLimit) { this.value.tookTooLong(number) }
    }

    private func done(_ number: Int) {
        guard number == self.number, task != nil else { return }
        timeout?.cancel()
        timeout = nil
        next()
        resume()
    }

    private func tookTooLong(_ number: Int) {
        guard number == self.number else { return }
        loop.observer.failed("a notification was not taken within \(loop.run.server.configuration.limits.decision)")
        task?.cancel()
        done(number)
    }

    private static func run(
        _ notification: @escaping Notification, on executor: LoopTaskExecutor, then: @escaping @Sendable () -> Void
    ) -> Task<Void, Never> {
        let work: @Sendable () async -> Void = {
            await notification()
            then()
        }
        return Task(executorPreference: executor, operation: work)
    }
}
