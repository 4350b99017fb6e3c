import Glibc

/// What is known of the terminal that standard output is, if it is one.
enum Terminal {
    /// How many columns there are; 80 where nobody knows.
    static var columns: Int {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Whether colour is wanted: on a terminal that knows some, by somebody who has not set `NO_COLOR`.
    static var wantsColor: Bool {
        guard isatty(1) == 1 else { return false }
        if let wish = getenv("NO_COLOR"), wish.pointee != 0 { return false }
        return getenv("TERM").map { strcmp($0, "dumb") != 0 } ?? true
    }
}
