package import Foundation
import Synchronization

/// A program on a terminal of its own: what is typed goes in, what is shown comes out.
package final class Terminal: Sendable {
    package let processID: pid_t
    private let keyboard: Int32
    /// Kept open so that the terminal's settings outlive the program.
    private let line: Int32
    /// The settings that the terminal had before the program started, to be compared with ``settings``.
    package let initialSettings: [UInt8]
    private let shown = Mutex<(octets: [UInt8], position: Int)>(([], 0))
    private let exitStatus = Mutex<Int32?>(nil)

    /// Starts a program as the leader of the terminal's session.
    ///
    /// - Parameters:
    ///   - words: the program, which has to be declared in `Scripts/setup`, and its arguments.
    ///   - environment: variables to set beside those of the test; TERM is `xterm`.
    ///   - columns: the width of the terminal.
    package init(_ words: [String], environment: [String: String] = [:], columns: UInt16 = 200) throws {
        keyboard = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var lock: Int32 = 0
        var number: Int32 = -1
        // TIOCSPTLCK and TIOCGPTN: what unlockpt and ptsname do.
        guard keyboard >= 0, ioctl(keyboard, 0x4004_5431, &lock) == 0, ioctl(keyboard, 0x8004_5430, &number) == 0
        else { throw HarnessError("no terminal: \(String(cString: strerror(errno)))") }
        let name = "/dev/pts/\(number)"
        line = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
        var size = winsize(ws_row: 40, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(keyboard, UInt(TIOCSWINSZ), &size)
        initialSettings = Self.settings(of: line)
        let usual = ["TERM": "xterm", "INPUTRC": "/dev/null"]
        let start = try ProgramStart(words, environment: usual.merging(environment) { $1 }, leads: .session) {
            actions in
            posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
            posix_spawn_file_actions_adddup2(&actions, 0, 1)
            posix_spawn_file_actions_adddup2(&actions, 0, 2)
        }
        processID = start.processID
    }

    deinit {
        if exitStatus.withLock({ $0 }) == nil {
            kill(-processID, SIGKILL)
            var status: Int32 = 0
            while waitpid(processID, &status, 0) < 0, errno == EINTR {}
        }
        close(keyboard)
        close(line)
    }

    // MARK: In and out

    /// Types some keys.
    package func type(_ keys: String) {
        for octet in keys.utf8 {
            var octet = octet
            while write(keyboard, &octet, 1) < 0, errno == EINTR || errno == EAGAIN {}
        }
    }

    /// Everything that was shown so far.
    package var output: String { String(decoding: shown.withLock { $0.octets }, as: UTF8.self) }

    /// Waits until a text is shown, after the one that was waited for before.
    ///
    /// - Returns: what was shown up to its end.
    @discardableResult
    package func wait(for text: String) throws -> String {
        let wanted = Array(text.utf8)
        let deadline = ContinuousClock.now + .seconds(Patience.seconds)
        while true {
            let found = shown.withLock { shown -> String? in
                guard let range = shown.octets[shown.position...].firstRange(of: wanted) else { return nil }
                defer { shown.position = range.upperBound }
                return String(decoding: shown.octets[shown.position..<range.upperBound], as: UTF8.self)
            }
            if let found { return found }
            guard ContinuousClock.now < deadline, read(atMost: 1_000) || isRunning || read(atMost: 0) else {
                throw HarnessError("'\(text)' was not shown:\n\(output)")
            }
        }
    }

    /// - Returns: whether something was shown.
    private func read(atMost milliseconds: Int32) -> Bool {
        var question = pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0)
        guard poll(&question, 1, milliseconds) == 1 else { return false }
        var octets = [UInt8](repeating: 0, count: 4096)
        let count = Foundation.read(keyboard, &octets, octets.count)
        guard count > 0 else { return false }
        shown.withLock { $0.octets += octets.prefix(count) }
        return true
    }

    /// The terminal's settings, to be compared.
    package var settings: [UInt8] { Self.settings(of: line) }

    private static func settings(of descriptor: Int32) -> [UInt8] {
        var settings = termios()
        tcgetattr(descriptor, &settings)
        return withUnsafeBytes(of: &settings) { Array($0) }
    }

    /// Which of some local modes, such as `ICANON`, are set.
    package func hasModes(_ modes: [Int32]) -> [Bool] {
        var settings = termios()
        tcgetattr(line, &settings)
        return modes.map { settings.c_lflag & tcflag_t($0) != 0 }
    }

    /// Makes it as wide as so many columns, of which the program hears by SIGWINCH.
    package func resize(columns: UInt16) {
        var size = winsize(ws_row: 40, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(keyboard, UInt(TIOCSWINSZ), &size)
    }

    // MARK: Its end

    /// Sends a signal.
    package func signal(_ number: Int32) { kill(processID, number) }

    private var isRunning: Bool {
        var information = siginfo_t()
        return waitid(P_PID, id_t(processID), &information, WEXITED | WNOHANG | WNOWAIT) == 0
            && information.si_signo == 0
    }

    /// Waits for the end of the program.
    ///
    /// - Returns: its exit status, 128 + n when signal n ended it.
    package func finish() throws -> Int32 {
        let deadline = ContinuousClock.now + .seconds(Patience.seconds)
        while isRunning {
            guard ContinuousClock.now < deadline else { throw HarnessError("the program does not end:\n\(output)") }
            _ = read(atMost: 20)
        }
        while read(atMost: 0) {}
        var status: Int32 = 0
        while waitpid(processID, &status, 0) < 0, errno == EINTR {}
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        exitStatus.withLock { $0 = code }
        return code
    }
}
