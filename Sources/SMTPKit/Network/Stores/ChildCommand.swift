import CGNUExtensions
import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// A program that was started for a message.
final class ChildCommand: Sendable {
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
    private static let grace = TimeAmount.seconds(2)

    /// Starts a program that leads a process group of its own.
    ///
    /// Its standard input is the file, which it has for itself. It has no descriptor of this process but standard output and standard error, and no signal is ignored or
    /// blocked in it.
    ///
    /// - Throws: ``StoreError`` when it cannot be started.
    init(_ words: [String], environment: [String], input: SpoolFile) throws {
        let program = words.first ?? ""
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input.descriptor, 0)
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var processID: pid_t = 0
        let error = Self.withCStrings(words) { arguments in
            Self.withCStrings(environment) { variables in
                posix_spawnp(&processID, program, &actions, &attributes, arguments, variables)
            }
        }
        guard error == 0 else { throw StoreError(cannot: "run the command", path: program, errorNumber: error) }
        self.processID = processID
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

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
