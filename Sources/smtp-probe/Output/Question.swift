import CommandLineSupport
import Glibc

/// A line that is asked for on the terminal, by commands that have no shell.
enum Question {
    /// Reads one line.
    ///
    /// However the question ends, the terminal is as it was before.
    ///
    /// - Parameter isHidden: whether the terminal does not show what is typed.
    /// - Throws: ``ExitStatus`` when a signal ends the process, ``ValueError`` for an empty line or the end of input.
    static func ask(_ prompt: String, isHidden: Bool) throws -> [UInt8] {
        var usual = termios()
        guard tcgetattr(0, &usual) == 0 else { throw ValueError("standard input is no terminal to ask on") }
        let signals = try SignalPipe.open([SIGINT, SIGTERM, SIGHUP, SIGTSTP])
        defer {
            close(signals)
            for number in [SIGINT, SIGTERM, SIGHUP, SIGTSTP] { Glibc.signal(number, SIG_DFL) }
        }
        let guarded = TerminalGuard(usual)
        defer { guarded.end() }
        var hidden = usual
        if isHidden { hidden.c_lflag &= ~tcflag_t(ECHO) }
        // What was typed before the question is no answer to it.
        tcsetattr(0, TCSAFLUSH, &hidden)
        defer { tcsetattr(0, TCSADRAIN, &usual) }
        try Descriptor.write(prompt, to: 2)
        let line = try read(signals)
        if isHidden { try? Descriptor.write("\n", to: 2) }
        guard !line.isEmpty else { throw ValueError("nothing was answered") }
        return line
    }

    private static func read(_ signals: Int32) throws -> [UInt8] {
        var line: [UInt8] = []
        while true {
            var polled = [
                pollfd(fd: 0, events: Int16(POLLIN), revents: 0),
                pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&polled, 2, -1) >= 0 || errno == EINTR else { throw SystemError("poll", errno) }
            if polled[1].revents != 0 {
                for number in SignalPipe.read(signals) where number != SIGTSTP {
                    try? Descriptor.write("\n", to: 2)
                    throw ExitStatus(signal: number)
                }
            }
            guard polled[0].revents != 0 else { continue }
            var octet: UInt8 = 0
            let count = Glibc.read(0, &octet, 1)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count == 1, octet != 10 else { return line }
            line.append(octet)
        }
    }
}
