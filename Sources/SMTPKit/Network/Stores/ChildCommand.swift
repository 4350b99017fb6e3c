import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// A program that was started for a message.
package final class ChildCommand: Sendable {
    /// How it ended.
    enum Ending: Hashable, Sendable {
        case exited(Int32)
        case ended(signal: Int32)
    }

    private struct State {
        /// Once the process is reaped its number may be another's.
        var isReaped = false
        var wasEnded = false
    }

    private let processID: pid_t
    private let state = Mutex(State())

    /// How long a command that is to end has before it is killed.
    static let grace = TimeAmount.seconds(2)

    /// Starts a program that leads a process group of its own.
    ///
    /// Its standard input is the file, which it has for itself. It has no descriptor of this process but standard
    /// output and standard error.
    ///
    /// - Throws: ``StoreError`` when it cannot be started.
    init(_ words: [String], _ environment: CommandEnvironment, input: SpoolFile) throws {
        var settings = ChildProgram.Settings()
        settings.environment = environment.variables
        settings.input = input.descriptor
        settings.extra = environment.recipients?.descriptor
        settings.closesOthers = true
        settings.leadsGroup = true
        let (processID, errorNumber) = ChildProgram.start(words.map { Array($0.utf8) }, settings)
        guard errorNumber == 0 else {
            throw StoreError(cannot: "run the command", path: words.first ?? "", errorNumber: errorNumber)
        }
        self.processID = processID
        Self.all.withLock { _ = $0.insert(processID) }
    }

    /// The process groups that this process started and that have not ended.
    private static let all = Mutex<Set<pid_t>>([])

    /// Kills all commands at once: the process is about to end.
    package static func killAll() {
        all.withLock { all in
            for process in all { _ = kill(-process, SIGKILL) }
        }
    }

    /// Waits for the end. To be called once.
    func wait() -> Ending {
        // The number is the process's own until it is reaped.
        var information = siginfo_t()
        while waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        return state.withLock { state in
            state.isReaped = true
            // What is left of a command that had to be ended goes with it.
            if state.wasEnded { _ = kill(-processID, SIGKILL) }
            Self.all.withLock { _ = $0.remove(processID) }
            var status: Int32 = 0
            while waitpid(processID, &status, 0) < 0, errno == EINTR {}
            let signal = status & 0x7F
            return signal == 0 ? .exited((status >> 8) & 0xFF) : .ended(signal: signal)
        }
    }

    /// Whether it was told to end.
    var wasEnded: Bool { state.withLock { $0.wasEnded } }

    /// Asks it to end, and ends it when it does not.
    func end() {
        signal(SIGTERM)
        MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: Self.grace) { self.signal(SIGKILL) }
    }

    private func signal(_ number: Int32) {
        state.withLock { state in
            guard !state.isReaped else { return }
            state.wasEnded = true
            _ = kill(-processID, number)
        }
    }
}
