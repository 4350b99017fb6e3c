#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Reads standard input or a file line by line in constant memory.
///
/// A UTF-8 byte order mark is passed over, and UTF-16 is read as UTF-8.
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

    private let input: InputFile
    private var encoding: InputEncoding?
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 64)
    private var start = 0
    private var end = 0
    private var isInsideLongLine = false

    init(_ input: InputFile = .standardInput) { self.input = input }

    deinit {
        memory.deallocate()
        input.close()
    }

    /// Reads what has arrived, waiting only if nothing has, and hands over every line that is complete.
    ///
    /// - Returns: false at the end of the input, after its last piece.
    mutating func readAvailable(_ body: (Piece) -> Void) -> Bool {
        if start > 0 {
            memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[start..<end]))
            end -= start
            start = 0
        }
        let count = fill(UnsafeMutableRawBufferPointer(rebasing: memory[end...]))
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

    /// Reads at least one byte of text, as UTF-8, unless the input is at its end.
    private mutating func fill(_ space: UnsafeMutableRawBufferPointer) -> Int {
        if encoding == nil {
            // Two bytes tell the encoding; a slow writer may send them one by one.
            var count = input.read(UnsafeMutableRawBufferPointer(rebasing: space[..<min(4096, space.count / 4)]))
            if count == 1, space[0] >= 0xEF {
                count += input.read(UnsafeMutableRawBufferPointer(rebasing: space[1..<2]))
            }
            let first = InputEncoding(start: UnsafeRawBufferPointer(rebasing: space[..<count]))
            encoding = first
            guard count > 0 else { return 0 }
            let length = encoding?.convert(Array(space[..<count]), into: space) ?? count
            return length > 0 ? length : fill(space)
        }
        guard encoding?.isWide == true else { return input.read(space) }
        while true {
            var raw = [UInt8](repeating: 0, count: max(2, space.count / 4))
            let count = raw.withUnsafeMutableBytes { input.read($0) }
            raw.removeLast(raw.count - count)
            let length = encoding?.convert(raw, into: space) ?? 0
            if length > 0 || count == 0 { return length }
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
