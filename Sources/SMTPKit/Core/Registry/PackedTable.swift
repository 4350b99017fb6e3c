/// A table of numbers stored as text in the executable, six bits per character.
///
/// The compiler places the text in the read-only data, so a table costs nothing until an element is read.
struct PackedTable: Sendable {
    /// The number of characters per element, 1 to 4.
    let digits: Int
    /// The number of elements.
    let count: Int
    /// The elements; the most significant digit comes first.
    let text: StaticString

    @inline(__always)
    subscript(index: Int) -> Int {
        precondition(index >= 0 && index < count)
        let start = text.utf8Start + index * digits
        // Without a loop for the widths in use, so that reading costs a few instructions.
        func digit(_ place: Int) -> Int { Int(start[place] &- 48) }
        switch digits {
        case 1: return digit(0)
        case 2: return digit(0) << 6 | digit(1)
        case 3: return digit(0) << 12 | digit(1) << 6 | digit(2)
        case _: return digit(0) << 18 | digit(1) << 12 | digit(2) << 6 | digit(3)
        }
    }
}

/// Texts kept in one literal of the executable.
struct TextTable: Sendable {
    /// The start of each text, and the end of the last.
    let starts: PackedTable
    let text: StaticString

    subscript(index: Int) -> String {
        let start = starts[index]
        let bytes = UnsafeBufferPointer(start: text.utf8Start + start, count: starts[index + 1] - start)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The length of a text in bytes.
    func length(_ index: Int) -> Int { starts[index + 1] - starts[index] }

    /// The number of times that a byte occurs in a text.
    func count(of byte: UInt8, in index: Int) -> Int {
        let start = starts[index]
        return UnsafeBufferPointer(start: text.utf8Start + start, count: starts[index + 1] - start).count { $0 == byte }
    }

    /// The last byte of a text; `nil` if the text is empty.
    func lastByte(_ index: Int) -> UInt8? {
        length(index) == 0 ? nil : (text.utf8Start + starts[index + 1] - 1).pointee
    }
}
