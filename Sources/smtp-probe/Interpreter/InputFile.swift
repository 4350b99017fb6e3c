import CommandLineSupport
import Glibc

/// A file that is read piece by piece.
final class InputFile {
    private let path: String
    private let descriptor: Int32

    /// - Throws: ``SystemError`` when it cannot be opened.
    init(_ path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("open \(path)", errno) }
    }

    deinit { close(descriptor) }

    /// So many octets, fewer only at the end of the file, and none behind it.
    func read(_ count: Int) throws -> [UInt8] {
        var octets: [UInt8] = []
        while octets.count < count {
            var piece = [UInt8](repeating: 0, count: min(count - octets.count, 1 << 20))
            let length = Glibc.read(descriptor, &piece, piece.count)
            if length < 0, errno == EINTR { continue }
            guard length >= 0 else { throw SystemError("read \(path)", errno) }
            guard length > 0 else { break }
            octets += piece.prefix(length)
        }
        return octets
    }
}
