import CommandLineSupport
import Glibc

/// The lines of a file or a pipe, which end with LF or CRLF.
final class LineReader {
    /// The longest line, in bytes.
    private static let longestLine = 1 << 20

    /// The number of the line that was read last, from 1 on.
    private(set) var number = 0
    private let descriptor: Int32
    private let closes: Bool
    /// The name of the input in messages.
    let name: String
    private lazy var isRegular = Self.isRegular(descriptor)
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    /// Reads from a descriptor that is open.
    init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
        closes = false
    }

    /// - Throws: ``SystemError`` when the file cannot be opened.
    init(path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw SystemError("open", path: path, errno) }
        name = path
        closes = true
    }

    deinit { if closes { close(descriptor) } }

    /// Returns the next line without its end; `nil` at the end of the input.
    ///
    /// A pipe is waited for with ``FileReader/wait``.
    func next() throws -> [UInt8]? {
        while true {
            if let end = buffer[start...].firstIndex(of: 10) {
                let line = Array(buffer[start..<end])
                start = end + 1
                return take(line)
            }
            guard !isAtEnd else {
                defer { start = buffer.count }
                return start < buffer.count ? take(Array(buffer[start...])) : nil
            }
            guard buffer.count - start <= Self.longestLine else {
                throw ValueError("\(name): a line is longer than \(Self.longestLine) octets")
            }
            try fill()
        }
    }

    private static func isRegular(_ descriptor: Int32) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    private func take(_ line: [UInt8]) -> [UInt8] {
        number += 1
        // A byte order mark is no part of the first line.
        let line = number == 1 && line.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(line.dropFirst(3)) : line
        return line.last == 13 ? Array(line.dropLast()) : line
    }

    private func fill() throws {
        buffer.removeFirst(start)
        start = 0
        if !isRegular { try FileReader.wait(descriptor) }
        var piece = [UInt8](repeating: 0, count: 16 << 10)
        let count = read(descriptor, &piece, piece.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return }
        guard count >= 0 else { throw SystemError("read", path: name, errno) }
        if count == 0 { isAtEnd = true }
        buffer += piece.prefix(count)
    }
}
