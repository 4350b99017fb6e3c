import Glibc

/// The terminal between two lines: what is typed while something is waited for is kept for the next line, unseen and
/// key by key.
///
/// In the terminal's usual mode Ctrl-D would end the input and Ctrl-U forget what was typed, before the line editor saw
/// any of it. Ctrl-C and Ctrl-Z still are signals.
final class KeyboardHold {
    private var usual = termios()
    private let guarded: TerminalGuard

    /// - Returns: `nil` when standard input is no terminal.
    init?() {
        guard tcgetattr(0, &usual) == 0 else { return nil }
        guarded = TerminalGuard(usual)
    }

    /// Takes the terminal.
    func begin() {
        var held = usual
        held.c_lflag &= ~tcflag_t(ICANON | ECHO)
        withUnsafeMutableBytes(of: &held.c_cc) { keys in
            keys[Int(VMIN)] = 1
            keys[Int(VTIME)] = 0
        }
        tcsetattr(0, TCSADRAIN, &held)
    }

    /// Gives it back as it was.
    func end() { tcsetattr(0, TCSADRAIN, &usual) }
}
