#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The terminal that a standard descriptor refers to.
package enum Screen {
    /// The number of columns of standard output; `nil` when it is no terminal, or does not say.
    package static var columns: Int? { columns(of: 1) }

    /// The number of columns of a descriptor.
    package static func columns(of descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Whether colour is wanted: on a terminal that has colours, unless `NO_COLOR` is set.
    package static func wantsColor(on descriptor: Int32 = 1) -> Bool {
        guard isatty(descriptor) == 1 else { return false }
        if let wish = getenv("NO_COLOR"), wish.pointee != 0 { return false }
        return getenv("TERM").map { strcmp($0, "dumb") != 0 } ?? true
    }
}
