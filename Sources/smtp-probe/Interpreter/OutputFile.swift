import CommandLineSupport
import Glibc

/// A file that lines are appended to; others may not read it.
final class OutputFile {
    private let descriptor: Int32

    /// - Throws: ``SystemError`` when it cannot be opened.
    init(_ path: String) throws {
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemError("open \(path)", errno) }
    }

    deinit { close(descriptor) }

    /// Appends a line. A full disk is no reason to end a dialogue.
    func write(_ line: String) { try? Descriptor.write("\(line)\n", to: descriptor) }
}
