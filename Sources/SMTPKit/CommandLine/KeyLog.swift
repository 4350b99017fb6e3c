import Glibc

/// The file that the secrets of connections are added to, a line at a time.
package final class KeyLog: Sendable {
    private let descriptor: Int32

    /// - Throws: ``SystemError`` when the file cannot be opened.
    package init(path: String) throws {
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemError("open", path: path, errno) }
    }

    deinit { close(descriptor) }

    /// Adds a line. When the disk is full, mail is served all the same.
    @Sendable package func add(_ line: String) { try? Descriptor.write("\(line)\n", to: descriptor) }
}
