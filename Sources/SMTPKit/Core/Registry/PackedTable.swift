/// A table of numbers stored as text in the executable, six bits per character.
///
/// The compiler places the text in the read-only data, so a table costs nothing until an element is read.
struct PackedTable: Sendable {
    /// The number of characters per element.
    let digits: Int
    /// The number of elements.
    let count: Int
    /// The elements; the most significant digit comes first.
    let text: StaticString

    @inline(__always)
    subscript(index: Int) -> Int {
        precondition(index >= 0 && index < count)
        let start = text.utf8Start + index * digits
        var value = 0
        for digit in 0..<digits { value = value << 6 | Int(start[digit] &- 48) }
        return value
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

    /// The last byte of a text; `nil` if the text is empty.
    func lastByte(_ index: Int) -> UInt8? {
        length(index) == 0 ? nil : (text.utf8Start + starts[index + 1] - 1).pointee
    }
}
