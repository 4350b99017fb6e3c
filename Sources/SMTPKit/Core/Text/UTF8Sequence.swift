/// The bytes of one character in UTF-8.
///
/// - SeeAlso: RFC 3629, section 4.
enum UTF8Sequence {
    /// How many bytes the character at an index takes, or 0 when there is none that is well formed.
    package static func length(in text: UnsafeRawBufferPointer, at index: Int) -> Int {
        guard index < text.count else { return 0 }
        let (length, second) = expectation(text[index])
        guard length > 1, index + length <= text.count else { return length == 1 ? 1 : 0 }
        guard second.contains(text[index + 1]) else { return 0 }
        for offset in 2..<max(length, 2) where text[index + offset] & 0xC0 != 0x80 { return 0 }
        return length
    }

    /// Returns the number of bytes that one U+FFFD replaces: as much of a character as there is, at least one byte.
    static func invalidLength(in text: UnsafeRawBufferPointer, at index: Int) -> Int {
        let (length, second) = expectation(text[index])
        guard length > 1, index + 1 < text.count, second.contains(text[index + 1]) else { return 1 }
        var count = 2
        while count < length, index + count < text.count, text[index + count] & 0xC0 == 0x80 { count += 1 }
        return count
    }

    /// The number of the well-formed character at an index.
    static func scalar(in text: UnsafeRawBufferPointer, at index: Int, length: Int) -> UInt32 {
        guard length > 1 else { return UInt32(text[index]) }
        var scalar = UInt32(text[index]) & (0x7F >> UInt32(length))
        for offset in 1..<length { scalar = scalar << 6 | UInt32(text[index + offset] & 0x3F) }
        return scalar
    }

    /// Returns the length of the sequence that a first byte announces, 0 for none, and the range of the second byte.
    private static func expectation(_ first: UInt8) -> (length: Int, second: ClosedRange<UInt8>) {
        switch first {
        case 0x00...0x7F: (1, 0x80...0xBF)
        case 0xC2...0xDF: (2, 0x80...0xBF)
        case 0xE0: (3, 0xA0...0xBF)
        case 0xED: (3, 0x80...0x9F)
        case 0xE1...0xEF: (3, 0x80...0xBF)
        case 0xF0: (4, 0x90...0xBF)
        case 0xF1...0xF3: (4, 0x80...0xBF)
        case 0xF4: (4, 0x80...0x8F)
        case _: (0, 0x80...0xBF)
        }
    }
}
