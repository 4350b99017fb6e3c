import SMTPCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// How the program ends, and what that means to a script.
enum ExitStatus: Equatable {
    /// 0: every input was found, or every claim of `--is` holds.
    case success
    /// 1: a code that is not registered, a search without a hit, or a claim that does not hold.
    case notFound
    /// 2: an input that is no code, unreadable input, or a wrong command line.
    case unusable
    /// The value of `--sysexit`.
    case sysexit(Sysexit)

    var number: Int32 {
        switch self {
        case .success: 0
        case .notFound: 1
        case .unusable: 2
        case .sysexit(let value): Int32(value.rawValue)
        }
    }

    /// The more serious of two: what is unusable outweighs what is not found.
    func worse(_ other: ExitStatus) -> ExitStatus { number >= other.number ? self : other }

    /// Ends the program at once, without a look at anything that is left to clean up.
    func end() -> Never { _exit(number) }
}
