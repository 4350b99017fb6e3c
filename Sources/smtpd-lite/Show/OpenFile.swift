import CommandLineSupport
import Glibc

/// A file that is read from its start on.
final class OpenFile {
    /// How much is read at a time.
    private static let pieceSize = 64 << 10

    private let descriptor: Int32
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceSize, alignment: 16)
    /// How many bytes were read.
    private(set) var position: UInt64 = 0
    /// The state of the file when it was opened.
    let status: stat

    /// Opens a file; `-` is standard input.
    ///
    /// - Throws: ``SystemError``.
    init(_ path: String) throws {
        descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("open", path: path, errno) }
        var status = stat()
        fstat(descriptor, &status)
        self.status = status
    }

    deinit {
        close(descriptor)
        buffer.deallocate()
    }

    /// Whether it can be looked at in places.
    var isRegular: Bool { status.st_mode & S_IFMT == S_IFREG }

    /// Reads the next piece.
    ///
    /// - Returns: `false` at the end, for now.
    /// - Throws: ``SystemError``, and what `body` throws.
    func read(_ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Bool {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count > 0 {
                position += UInt64(count)
                try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                return true
            }
            if count == 0 { return false }
            if errno != EINTR { throw SystemError("read", errno) }
        }
    }

    /// Whether a message of an mbox starts at an offset, perhaps after an empty line, or the file ends there.
    func isBoundary(at offset: UInt64) -> Bool {
        var octets = [UInt8](repeating: 0, count: 7)
        let count = pread(descriptor, &octets, octets.count, off_t(offset))
        var status = stat()
        guard count >= 0, fstat(descriptor, &status) == 0, off_t(offset) <= status.st_size else { return false }
        let next = octets.prefix(count).drop { $0 == 10 || $0 == 13 }
        return next.isEmpty ? count < octets.count : next.starts(with: "From".utf8)
    }

    /// Whether a path names this file still, and the file was not made shorter.
    func isCurrent(at path: String) -> Currency {
        var status = stat()
        guard stat(path, &status) == 0 else { return .missing }
        guard status.st_ino == self.status.st_ino, status.st_dev == self.status.st_dev else { return .replaced }
        return status.st_size < off_t(position) ? .truncated : .same
    }

    /// The state of a file that is followed.
    enum Currency { case same, missing, replaced, truncated }
}
