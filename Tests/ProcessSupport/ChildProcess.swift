package import Foundation
import Synchronization
import Testing

/// A program that runs beside the test, with its output in files.
///
/// It leads a process group of its own, and the whole group is gone when ``wait(atMost:whenLate:)`` returns or when
/// nothing refers to this any more: no program outlives its test. Foundation's `Process` would not do, for it takes
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
    ///   - words: the program, which has to be declared in `Scripts/setup`, and its arguments.
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
        let start = try ProgramStart(words, environment: environment, descriptors: descriptors) { actions in
            posix_spawn_file_actions_addopen(&actions, 0, folder.file("stdin"), O_RDONLY, 0)
            for (number, name) in [(Int32(1), "stdout"), (2, "stderr")] {
                let flags = O_WRONLY | O_CREAT | O_APPEND
                posix_spawn_file_actions_addopen(&actions, number, folder.file(name), flags, 0o600)
            }
        }
        processID = start.processID
    }

    deinit {
        if exitStatus.withLock({ $0 }) == nil { _ = endGroup() }
    }

    /// Waits for the end, and ends what the program has left in its group.
    ///
    /// It blocks for as long as the program runs, so call it inside ``onThread(_:)``.
    ///
    /// - Parameters:
    ///   - patience: seconds after which the program is killed.
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

    /// The bytes that it has written to standard output.
    package var standardOutput: [UInt8] { folder.read("stdout") }

    /// The text that it has written to standard error.
    package var standardError: String { String(decoding: folder.read("stderr"), as: UTF8.self) }

    /// Where a program is.
    package static func path(of program: String) throws -> String { try DeclaredPrograms.location(of: program) }

    /// The `PATH` that it has when nothing else is said.
    package static var searchPath: String { get throws { try DeclaredPrograms.path } }

    /// Runs a program to its end.
    package static func run(
        _ words: [String], input: [UInt8] = [], environment: [String: String] = [:]
    ) throws -> (status: Int32, output: String, errors: String) {
        let process = try ChildProcess(words, input: input, environment: environment)
        let status = process.wait()
        return (status, String(decoding: process.standardOutput, as: UTF8.self), process.standardError)
    }
}
