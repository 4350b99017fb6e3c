package import Foundation
import Synchronization
import Testing

/// A program that runs beside the test, with its output in files.
///
/// It leads a process group of its own, and the whole group is gone when ``wait(atMost:whenLate:)`` returns or when nothing
/// refers to this any more: no test leaves a program behind. Foundation's `Process` would not do, for it takes
/// the end of a program from a socket that the program's own children hold open.
package final class ChildProcess: Sendable {
    package let processID: pid_t
    private let program: String
    private let folder: TemporaryFolder
    /// The exit status once the process is reaped; before that its number cannot be another's.
    private let exitStatus = Mutex<Int32?>(nil)

    /// Starts a program.
    ///
    /// It gets no descriptor but its standard ones and those named here, and no signal is ignored or blocked
    /// in it, whatever the test's own process ignores.
    ///
    /// - Parameters:
    ///   - words: the program, looked for on PATH and in the folders for system programs, and its arguments.
    ///   - input: what it reads from standard input.
    ///   - environment: variables to set beside those of the test.
    ///   - descriptors: which of the test's descriptors it gets, by the number it knows them by.
    package init(
        _ words: [String], input: [UInt8] = [], environment: [String: String] = [:],
        descriptors: [Int32: Int32] = [:]
    ) throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        program = words[0]
        try folder.write(input, to: "stdin")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, folder.file("stdin"), O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, folder.file("stdout"), O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, folder.file("stderr"), O_WRONLY | O_CREAT | O_APPEND, 0o600)
        // Copies with high numbers: none of them is in the place of another.
        var copies: [Int32] = []
        defer { for copy in copies { close(copy) } }
        for (number, descriptor) in descriptors {
            let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 100)
            guard copy > number else { throw HarnessError("descriptor \(descriptor) cannot be given as \(number)") }
            copies.append(copy)
            posix_spawn_file_actions_adddup2(&actions, copy, number)
        }
        // Closing what is not open is no error here.
        for number in 3..<min(getdtablesize(), 1024) where descriptors[number] == nil {
            posix_spawn_file_actions_addclose(&actions, number)
        }
        var attributes = Self.attributes()
        defer { posix_spawnattr_destroy(&attributes) }
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        var arguments = words.map { strdup($0) } + [nil]
        var settings = variables.map { strdup($0) } + [nil]
        defer { for pointer in arguments + settings { free(pointer) } }
        var processID: pid_t = 0
        let error = posix_spawn(&processID, Self.path(of: words[0]), &actions, &attributes, &arguments, &settings)
        guard error == 0 else { throw HarnessError("\(words[0]): \(String(cString: strerror(error)))") }
        self.processID = processID
    }

    deinit {
        if exitStatus.withLock({ $0 }) == nil { _ = endGroup() }
    }

    /// A group of its own, with every signal as it is by default.
    private static func attributes() -> posix_spawnattr_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))
        return attributes
    }

    /// Waits for the end, and ends what the program has left in its group.
    ///
    /// It blocks for as long as the program runs, so call it inside ``onThread(_:)``.
    ///
    /// - Parameters:
    ///   - patience: seconds behind which the program is killed.
    ///   - report: told that it was; by default the test fails.
    /// - Returns: the exit status, 128 + n when signal n ended it.
    @discardableResult
    package func wait(
        atMost patience: Int = Patience.seconds,
        whenLate report: (String) -> Void = { Issue.record(Comment(rawValue: $0)) }
    ) -> Int32 {
        let isLate = Mutex(false)
        let watchdog = DispatchWorkItem { [processID] in
            isLate.withLock { $0 = true }
            kill(-processID, SIGKILL)
        }
        DispatchQueue(label: "watchdog").asyncAfter(deadline: .now() + .seconds(patience), execute: watchdog)
        // The number is the process's own until it is reaped, and by then the watchdog is gone.
        var information = siginfo_t()
        while waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        watchdog.cancel()
        if isLate.withLock({ $0 }) { report("\(program) ran for \(patience) seconds and was killed") }
        return exitStatus.withLock { status in
            let known = status ?? endGroup()
            status = known
            return known
        }
    }

    /// Kills the group, in which the number of the process is taken until it is reaped, and reaps the process.
    private func endGroup() -> Int32 {
        kill(-processID, SIGKILL)
        var status: Int32 = 0
        while waitpid(processID, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    /// Sends a signal, unless the program is known to have ended.
    package func signal(_ number: Int32) {
        exitStatus.withLock { status in
            if status == nil { _ = kill(processID, number) }
        }
    }

    /// What it has written to standard output.
    package var standardOutput: [UInt8] { folder.read("stdout") }

    /// What it has written to standard error.
    package var standardError: String { String(decoding: folder.read("stderr"), as: UTF8.self) }

    /// Where a program is.
    package static func path(of program: String) -> String {
        guard !program.contains("/") else { return program }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return "\(path):/usr/sbin:/sbin".split(separator: ":").map { "\($0)/\(program)" }
            .first { access($0, X_OK) == 0 } ?? program
    }

    /// Runs a program to its end.
    package static func run(
        _ words: [String], input: [UInt8] = [], environment: [String: String] = [:]
    ) throws -> (status: Int32, output: String, errors: String) {
        let process = try ChildProcess(words, input: input, environment: environment)
        let status = process.wait()
        return (status, String(decoding: process.standardOutput, as: UTF8.self), process.standardError)
    }
}
