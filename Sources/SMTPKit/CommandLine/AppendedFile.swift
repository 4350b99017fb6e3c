import Glibc

/// A file that lines are appended to; others may not read it.
///
/// It never blocks for long: a FIFO has to have a reader when it is opened, and a line that a FIFO has no room for
/// within a tenth of a second is left out.
package final class AppendedFile: Sendable {
    /// How long a line may wait, in milliseconds.
    private static let patience: Int32 = 100

    /// The descriptor that lines are written to.
    package let descriptor: Int32

    /// Opens the file, or makes it.
    ///
    /// - Parameter onlyRegular: whether to refuse links, devices and everything else that is no regular file.
    /// - Throws: ``SystemError`` when it cannot be opened, ``ValueError`` when it is refused, or is a FIFO that no
    ///   program reads.
    package init(_ path: String, onlyRegular: Bool = false) throws {
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | (onlyRegular ? O_NOFOLLOW : 0)
        descriptor = open(path, flags, 0o600)
        guard descriptor >= 0 else {
            if errno == ENXIO { throw ValueError("\(path): cannot open: no program reads this FIFO; start one first") }
            throw SystemError("open", path: path, errno)
        }
        var status = stat()
        guard !onlyRegular || fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw ValueError("\(path) is no regular file")
        }
    }

    deinit { close(descriptor) }

    /// Appends a line, for which it adds the line end. A full disk is no reason to end a dialogue.
    @Sendable package func add(_ line: String) {
        var text = "\(line)\n"
        text.withUTF8 { octets in
            var rest = UnsafeRawBufferPointer(octets)
            while !rest.isEmpty {
                let count = write(descriptor, rest.baseAddress, rest.count)
                if count >= 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                } else if errno == EAGAIN {
                    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    guard poll(&entry, 1, Self.patience) > 0 else { return }
                } else if errno != EINTR {
                    return
                }
            }
        }
    }
}
