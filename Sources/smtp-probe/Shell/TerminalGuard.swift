import Glibc

/// Restores the terminal when a signal ends the process that no loop gets to see: SIGQUIT and SIGABRT.
struct TerminalGuard {
    nonisolated(unsafe) private static var usual = termios()
    private static let signals = [SIGQUIT, SIGABRT]

    /// - Parameter usual: the settings to restore.
    init(_ usual: termios) {
        Self.usual = usual
        var action = sigaction()
        // Everything here may be called from a handler (signal-safety(7)).
        action.__sigaction_handler.sa_handler = { number in
            tcsetattr(0, TCSANOW, &TerminalGuard.usual)
            // Readline may have asked the terminal to mark what is pasted.
            _ = write(1, "\u{1B}[?2004l\r\n", 10)
            signal(number, SIG_DFL)
            raise(number)
        }
        action.sa_flags = Int32(bitPattern: UInt32(SA_NODEFER))
        for number in Self.signals { sigaction(number, &action, nil) }
    }

    /// Lets the signals end the process as usual.
    func end() {
        for number in Self.signals { signal(number, SIG_DFL) }
    }
}
