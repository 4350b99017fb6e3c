import CommandLineSupport
import Glibc
import SMTPKit

/// The one connection of `--inetd`: standard input and output, a socket or two pipes.
enum StandardConnection {
    /// Takes both for a session. Nothing else is to be read from them or written to them, so the null device is in
    /// their place, and in that of standard error where it is the client, too.
    ///
    /// - Throws: ``SystemError``.
    static func take() throws -> EstablishedConnection {
        let input = fcntl(0, F_DUPFD_CLOEXEC, 3)
        guard input >= 0 else { throw SystemError("take standard input", errno) }
        let isOne = isSame(0, 1)
        let output = isOne ? input : fcntl(1, F_DUPFD_CLOEXEC, 3)
        guard output >= 0 else { throw SystemError("take standard output", errno) }
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        guard null >= 0 else { throw SystemError("open", path: "/dev/null", errno) }
        defer { close(null) }
        if isSame(0, 2) || isSame(1, 2), isSocket(2) { dup2(null, 2) }
        dup2(null, 0)
        dup2(null, 1)
        return EstablishedConnection(input: input, output: output)
    }

    private static func isSame(_ a: Int32, _ b: Int32) -> Bool {
        var (first, second) = (stat(), stat())
        guard fstat(a, &first) == 0, fstat(b, &second) == 0 else { return false }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }

    private static func isSocket(_ descriptor: Int32) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }
}
