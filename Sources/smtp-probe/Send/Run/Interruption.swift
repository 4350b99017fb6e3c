import Glibc
import Synchronization

/// A handler of signals reaches nothing but what has no owner.
private let signalNumber = Atomic<Int32>(0)
private let writeEnd = Atomic<Int32>(-1)

/// SIGINT and SIGTERM as something that `poll` can wait for.
enum Interruption {
    /// The signal that came, or 0.
    static var number: Int32 { signalNumber.load(ordering: .acquiring) }

    /// Catches both signals from now on.
    ///
    /// - Returns: a descriptor that becomes readable when one comes; -1 when there is none left.
    static func watch() -> Int32 {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return -1 }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        writeEnd.store(ends[1], ordering: .releasing)
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                // Nothing else may be called in a handler than what is safe there (POSIX, signal-safety).
                signalNumber.store(number, ordering: .releasing)
                var octet: UInt8 = 0
                _ = write(writeEnd.load(ordering: .acquiring), &octet, 1)
            }
        }
        return ends[0]
    }
}
