#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Reads standard input line by line in constant memory.
///
/// A line longer than ``headLimit`` arrives in pieces: its head, in which a code is looked for, and its rest.
struct LineSource: ~Copyable {
    /// The most bytes of one line in which a code is looked for, 64 KiB.
    static let headLimit = 1 << 16
    private static let capacity = 1 << 18

    /// A piece of the input. Bytes are valid during the call only; a line end belongs to the piece.
    enum Piece {
        /// A whole line.
        case line(UnsafeRawBufferPointer)
        /// The beginning of a long line.
        case head(UnsafeRawBufferPointer)
        /// More of a long line.
        case rest(UnsafeRawBufferPointer)
        /// The last of a long line, with its line end if it has one.
        case tail(UnsafeRawBufferPointer)
    }

    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 64)
    private var start = 0
    private var end = 0
    private var isInsideLongLine = false

    deinit { memory.deallocate() }

    /// Reads what has arrived, waiting only if nothing has, and hands over every line that is complete.
    ///
    /// - Returns: false at the end of the input, after its last piece.
    mutating func readAvailable(_ body: (Piece) -> Void) -> Bool {
        if start > 0 {
            memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[start..<end]))
            end -= start
            start = 0
        }
        let count = Self.readBytes(UnsafeMutableRawBufferPointer(rebasing: memory[end...]))
        guard count > 0 else {
            let last = bytes(start, end)
            if isInsideLongLine { body(.tail(last)) } else if !last.isEmpty { body(.line(last)) }
            start = end
            return false
        }
        var from = end
        end += count
        while let lineEnd = positionOfLineFeed(from) {
            let piece = bytes(start, lineEnd + 1)
            body(isInsideLongLine ? .tail(piece) : .line(piece))
            isInsideLongLine = false
            start = lineEnd + 1
            from = start
        }
        if isInsideLongLine {
            if end > start { body(.rest(bytes(start, end))) }
            start = end
        } else if end - start >= Self.headLimit {
            body(.head(bytes(start, end)))
            isInsideLongLine = true
            start = end
        }
        return true
    }

    private func bytes(_ start: Int, _ end: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: memory[start..<end])
    }

    private func positionOfLineFeed(_ from: Int) -> Int? {
        guard from < end, let base = memory.baseAddress, let found = memchr(base + from, 0x0A, end - from) else {
            return nil
        }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    private static func readBytes(_ space: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            let count = read(STDIN_FILENO, space.baseAddress, space.count)
            if count >= 0 { return count }
            if errno == EAGAIN {
                var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
                poll(&waiting, 1, -1)
            } else if errno != EINTR {
                // A directory (EISDIR) or a closed descriptor (EBADF): say so and stop.
                let advice = errno == EISDIR ? "; give it a file or a pipe" : ""
                Output.complain("cannot read standard input: \(String(cString: strerror(errno)))\(advice)")
                ExitStatus.unusable.end()
            }
        }
    }
}

extension UnsafeRawBufferPointer {
    /// How many bytes of the line are its line end: 2 for CRLF, 1 for LF, 0 for none.
    var lineEndLength: Int {
        guard last == 0x0A else { return 0 }
        return count > 1 && self[count - 2] == 0x0D ? 2 : 1
    }
}
