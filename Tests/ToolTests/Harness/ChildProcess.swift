import Foundation
import Synchronization

/// A program that runs beside the test, with its output in files.
final class ChildProcess: Sendable {
    /// How long a program may run before it is killed.
    private static let patience = DispatchTimeInterval.seconds(60)

    let processID: pid_t
    private let folder: TemporaryFolder
    private let isReaped = Mutex(false)

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - words: the program, looked for on PATH and in the folders for system programs, and its arguments.
    ///   - input: what it reads from standard input.
    ///   - environment: variables to set beside those of the test.
    ///   - descriptors: which of the test's descriptors it gets, by the number it knows them by.
    init(
        _ words: [String], input: [UInt8] = [], environment: [String: String] = [:],
        descriptors: [Int32: Int32] = [:]
    ) throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        try folder.write(input, to: "stdin")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, folder.file("stdin"), O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, folder.file("stdout"), O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, folder.file("stderr"), O_WRONLY | O_CREAT | O_APPEND, 0o600)
        for (number, descriptor) in descriptors { posix_spawn_file_actions_adddup2(&actions, descriptor, number) }
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        var arguments = words.map { strdup($0) } + [nil]
        var settings = variables.map { strdup($0) } + [nil]
        defer { for pointer in arguments + settings { free(pointer) } }
        // Other tests may have made this process ignore broken pipes.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        var processID: pid_t = 0
        let error = posix_spawn(&processID, Self.path(of: words[0]), &actions, &attributes, &arguments, &settings)
        guard error == 0 else { throw HarnessError("\(words[0]): \(String(cString: strerror(error)))") }
        self.processID = processID
    }

    deinit {
        guard !isReaped.withLock({ $0 }) else { return }
        kill(processID, SIGKILL)
        waitpid(processID, nil, 0)
    }

    /// Waits for the end.
    ///
    /// - Returns: the exit status, 128 + n when signal n ended it.
    @discardableResult
    func wait() -> Int32 {
        let watchdog = DispatchWorkItem { [processID] in kill(processID, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience, execute: watchdog)
        // The number is the process's own until it is reaped, and by then the watchdog is gone.
        var information = siginfo_t()
        while waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        watchdog.cancel()
        var status: Int32 = 0
        while waitpid(processID, &status, 0) < 0, errno == EINTR {}
        isReaped.withLock { $0 = true }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    /// Sends a signal.
    func signal(_ number: Int32) { kill(processID, number) }

    /// What it has written to standard output.
    var standardOutput: [UInt8] { folder.read("stdout") }

    /// What it has written to standard error.
    var standardError: String { String(decoding: folder.read("stderr"), as: UTF8.self) }

    /// Where a program is.
    static func path(of program: String) -> String {
        guard !program.contains("/") else { return program }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return "\(path):/usr/sbin:/sbin".split(separator: ":").map { "\($0)/\(program)" }
            .first { access($0, X_OK) == 0 } ?? program
    }

    /// Runs a program to its end.
    static func run(
        _ words: [String], input: [UInt8] = [], environment: [String: String] = [:]
    ) throws -> (status: Int32, output: String, errors: String) {
        let process = try ChildProcess(words, input: input, environment: environment)
        let status = process.wait()
        return (status, String(decoding: process.standardOutput, as: UTF8.self), process.standardError)
    }
}
