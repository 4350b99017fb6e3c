import Glibc

/// Restores the terminal when a signal ends the process that no loop gets to see: SIGQUIT, SIGABRT, and one that no
/// loop reads in time.
struct TerminalGuard {
    nonisolated(unsafe) private static var usual = termios()
    nonisolated(unsafe) private static var isActive = false
    private static let signals = [SIGQUIT, SIGABRT]

    /// - Parameter usual: the settings to restore.
    init(_ usual: termios) {
        Self.usual = usual
        Self.isActive = true
        var action = sigaction()
        // Everything here may be called from a handler (signal-safety(7)).
        action.__sigaction_handler.sa_handler = { number in
            TerminalGuard.restore()
            signal(number, SIG_DFL)
            raise(number)
        }
        action.sa_flags = Int32(bitPattern: UInt32(SA_NODEFER))
        for number in Self.signals { sigaction(number, &action, nil) }
    }

    /// Restores the terminal, if it is guarded. A handler may call it.
    static func restore() {
        guard isActive else { return }
        tcsetattr(0, TCSANOW, &usual)
        // Readline may have asked the terminal to mark what is pasted. The terminal may take nothing.
        var entry = pollfd(fd: 1, events: Int16(POLLOUT), revents: 0)
        if poll(&entry, 1, 0) > 0 { _ = write(1, "\u{1B}[?2004l\r\n", 10) }
    }

    /// Lets the signals end the process as usual.
    func end() {
        Self.isActive = false
        for number in Self.signals { signal(number, SIG_DFL) }
    }
}
