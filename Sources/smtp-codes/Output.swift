#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Standard output, gathered and written in large pieces.
///
/// A reader that has gone away ends the program quietly; any other failure ends it with a message.
struct Output: ~Copyable {
    private static let pieceSize = 1 << 16
    private var buffer: [UInt8] = []

    init() {
        // A closed pipe is reported by write(2), so that it can end the program without a noise.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Appends a text.
    mutating func write(_ text: String) {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= Self.pieceSize { flush() }
    }

    /// Appends bytes as they are.
    mutating func write(_ bytes: UnsafeRawBufferPointer) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.pieceSize { flush() }
    }

    /// Appends bytes as they are.
    mutating func write(_ bytes: [UInt8]) { buffer.append(contentsOf: bytes) }

    /// Hands everything gathered to the reader.
    mutating func flush() {
        guard !buffer.isEmpty else { return }
        buffer.withUnsafeBytes { Self.writeAll($0, to: STDOUT_FILENO) }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Writes a message to standard error, on a line of its own.
    static func complain(_ message: String) {
        let line = Array("smtp-codes: \(message)\n".utf8)
        line.withUnsafeBytes { writeAll($0, to: STDERR_FILENO) }
    }

    /// The words for the last error of a system call.
    static var systemError: String { String(cString: strerror(errno)) }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest)
            let count = systemWrite(descriptor, piece.baseAddress, piece.count)
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&waiting, 1, -1)
            } else if errno != EINTR {
                guard descriptor == STDOUT_FILENO, errno != EPIPE else { ExitStatus.success.end() }
                complain("standard output: cannot write: \(String(cString: strerror(errno)))")
                ExitStatus.unusable.end()
            }
        }
    }

    private static func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
        Glibc.write(descriptor, bytes, count)
        #else
        Musl.write(descriptor, bytes, count)
        #endif
    }
}
