import CommandLineSupport
import Glibc

/// Both ends of a pipe that no other program gets.
struct PipeEnds {
    let reading: Int32
    let writing: Int32

    /// Makes a pipe.
    ///
    /// - Throws: ``SystemError``.
    init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemError("pipe", errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reading, writing) = (ends[0], ends[1])
    }

    /// Has neither end block.
    func makeNonBlocking() {
        for end in [reading, writing] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    }
}
