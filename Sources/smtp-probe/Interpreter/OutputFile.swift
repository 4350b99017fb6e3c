import CommandLineSupport
import Glibc

/// A file that lines are appended to; others may not read it.
final class OutputFile {
    private let descriptor: Int32

    /// - Parameter onlyRegular: whether to refuse links, devices and everything else that is no regular file.
    /// - Throws: ``SystemError`` when it cannot be opened, ``ValueError`` when it is refused.
    init(_ path: String, onlyRegular: Bool = false) throws {
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | (onlyRegular ? O_NOFOLLOW | O_NONBLOCK : 0)
        descriptor = open(path, flags, 0o600)
        guard descriptor >= 0 else { throw SystemError("open", path: path, errno) }
        var status = stat()
        guard !onlyRegular || fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw ValueError("\(path) is no regular file")
        }
    }

    /// Takes all rights but the owner's away.
    ///
    /// - Returns: whether that is done.
    func makePrivate() -> Bool { fchmod(descriptor, 0o600) == 0 }

    deinit { close(descriptor) }

    /// Appends a line. A full disk is no reason to end a dialogue.
    func write(_ line: String) { try? Descriptor.write("\(line)\n", to: descriptor) }
}
