import CommandLineSupport
import Glibc

/// Signals as bytes of a pipe, so that a loop can wait for them beside everything else.
///
/// A signal that asks for the end, and that no loop reads within a second, ends the process: the tool waits for
/// something outside of its loop then, such as a pipe whose reader has stopped.
enum SignalPipe {
    /// How long such a signal may be left unread, in seconds.
    private static let patience: UInt32 = 1

    nonisolated(unsafe) private static var writeEnd: Int32 = -1
    /// The last signal that asked for the end, or 0.
    nonisolated(unsafe) private static var last: Int32 = 0
    nonisolated(unsafe) private static var isFinishing = false

    /// Has signals written to a pipe from now on.
    ///
    /// - Returns: the end to read from, which never blocks.
    static func open(_ signals: [Int32]) throws -> Int32 {
        let ends = try PipeEnds()
        ends.makeNonBlocking()
        writeEnd = ends.writing
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in
            // Only what signal-safety(7) lists may be called here.
            TerminalGuard.restore()
            _exit(128 + SignalPipe.last)
        }
        sigaction(SIGALRM, &action, nil)
        for signal in signals { catchSignal(signal) }
        return ends.reading
    }

    /// Has a signal written to the pipe.
    static func catchSignal(_ number: Int32) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { number in
            let error = errno
            if number == SIGINT || number == SIGTERM || number == SIGHUP {
                SignalPipe.last = number
                alarm(SignalPipe.patience)
            }
            var octet = UInt8(truncatingIfNeeded: number)
            _ = write(SignalPipe.writeEnd, &octet, 1)
            errno = error
        }
        action.sa_flags = SA_RESTART
        sigaction(number, &action, nil)
    }

    /// Returns the signals that were caught since the last call.
    static func read(_ end: Int32) -> [Int32] {
        var octets = [UInt8](repeating: 0, count: 64)
        let count = Glibc.read(end, &octets, octets.count)
        if count > 0, !isFinishing { alarm(0) }
        return octets.prefix(max(count, 0)).map { Int32($0) }
    }

    /// Says that nothing but output is left: signals end the process after a second from now on, and so does one that
    /// ended what was before.
    static func finish() {
        isFinishing = true
        if last != 0 { alarm(patience) }
    }

    /// Calls `handler` for each signal, on a thread of its own, for as long as the process lives.
    ///
    /// - Parameter end: the end of the pipe that ``open(_:)`` returned.
    /// - Throws: ``SystemError`` when there can be no thread.
    static func watch(_ end: Int32, _ handler: @escaping @Sendable (Int32) -> Void) throws {
        try BackgroundThread {
            while true {
                var entry = pollfd(fd: end, events: Int16(POLLIN), revents: 0)
                guard poll(&entry, 1, -1) > 0 else { continue }
                for signal in read(end) { handler(signal) }
            }
        }.start()
    }
}
