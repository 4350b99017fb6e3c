import CommandLineSupport
import Glibc
import Synchronization

/// Ends the process when the time for stopping is over, whatever still waits: an output that is not read, standard
/// error, a command.
final class EndOfGrace: Sendable {
    /// From the start of stopping to the end of the process.
    static let time: Duration = .milliseconds(5_100)
    /// How long the server waits for its sessions, which is a little less.
    static let sessions: Duration = .milliseconds(4_700)

    private let hasStarted = Mutex(false)
    private let thread: SystemThread.Signal

    /// Makes the thread that will wait.
    ///
    /// - Parameter status: with what status the process ends.
    /// - Throws: ``SystemError``.
    init(_ status: @escaping @Sendable () -> ExitStatus) throws {
        thread = SystemThread.Signal()
        try SystemThread.start { [thread] in
            thread.wait()
            usleep(useconds_t(Self.time / .microseconds(1)))
            ProcessEnd.now(status())
        }
    }

    /// The server begins to stop.
    func start() {
        let isFirst = hasStarted.withLock { hasStarted in
            defer { hasStarted = true }
            return !hasStarted
        }
        if isFirst { thread.send() }
    }
}
