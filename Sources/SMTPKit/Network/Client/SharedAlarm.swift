import NIOCore

/// One alarm for the time limits of many connections on an event loop.
///
/// A connection with an alarm of its own schedules a task at its start and cancels it at its end. That is a tenth
/// of the work of a session with one message.
///
/// It belongs to one event loop.
final class SharedAlarm {
    /// The shortest time between two looks at all connections: a time limit may be exceeded by it.
    private static let interval = TimeAmount.milliseconds(5)

    private let eventLoop: any EventLoop
    private var handlers: [ClientHandler] = []
    private var task: Scheduled<Void>?
    /// The time at which the alarm goes off.
    private var time: NIODeadline?

    init(on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Looks after a connection from now on.
    func add(_ handler: ClientHandler) {
        handler.alarmPlace = handlers.count
        handlers.append(handler)
    }

    /// Forgets a connection, if it is known.
    func remove(_ handler: ClientHandler) {
        guard let place = handler.alarmPlace else { return }
        handler.alarmPlace = nil
        let last = handlers.removeLast()
        guard last !== handler else { return }
        handlers[place] = last
        last.alarmPlace = place
    }

    /// Goes off at a time, or earlier.
    func goOff(at deadline: NIODeadline) {
        if let time, time <= deadline { return }
        task?.cancel()
        time = deadline
        let alarm = NIOLoopBound(self, eventLoop: eventLoop)
        task = eventLoop.scheduleTask(deadline: deadline) { alarm.value.wentOff() }
    }

    private func wentOff() {
        time = nil
        task = nil
        var next: NIODeadline?
        // A connection whose time is over is removed meanwhile.
        for handler in handlers {
            guard let deadline = handler.checkDeadline() else { continue }
            next = min(next ?? deadline, deadline)
        }
        if let next { goOff(at: max(next, .now() + Self.interval)) }
    }
}
