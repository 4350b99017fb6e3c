/// The encoding of an input, told by its first bytes, and the conversion to UTF-8.
struct InputEncoding {
    private enum Kind { case bytes, littleEndian, bigEndian }

    private let kind: Kind
    /// The number of bytes of the byte order mark.
    private var mark: Int
    /// The first byte of a unit that was cut.
    private var half: UInt8?
    /// The first unit of a surrogate pair.
    private var high: UInt16?

    /// Looks for a byte order mark; without one, for the zero bytes of ASCII text in UTF-16.
    init(start: UnsafeRawBufferPointer) {
        func byte(_ index: Int) -> UInt8? { index < start.count ? start[index] : nil }
        if byte(0) == 0xFF, byte(1) == 0xFE {
            (kind, mark) = (.littleEndian, 2)
        } else if byte(0) == 0xFE, byte(1) == 0xFF {
            (kind, mark) = (.bigEndian, 2)
        } else if byte(0) == 0xEF, byte(1) == 0xBB, byte(2) == 0xBF {
            (kind, mark) = (.bytes, 3)
        } else if start.count >= 4, start[0] != 0, start[1] == 0, start[2] != 0, start[3] == 0 {
            (kind, mark) = (.littleEndian, 0)
        } else if start.count >= 4, start[0] == 0, start[1] != 0, start[2] == 0, start[3] != 0 {
            (kind, mark) = (.bigEndian, 0)
        } else {
            (kind, mark) = (.bytes, 0)
        }
    }

    /// Whether the input is UTF-16.
    var isWide: Bool { kind != .bytes }

    /// Converts a piece of the input; an empty piece is the end. UTF-8 takes at most twice the space of UTF-16.
    ///
    /// - Returns: the number of bytes written.
    mutating func convert(_ piece: [UInt8], into space: UnsafeMutableRawBufferPointer) -> Int {
        var count = 0
        func put(_ scalar: Unicode.Scalar) {
            for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                space[count] = byte
                count += 1
            }
        }
        let start = min(mark, piece.count)
        mark = 0
        guard kind != .bytes else {
            for byte in piece[start...] {
                space[count] = byte
                count += 1
            }
            return count
        }
        if piece.isEmpty, half != nil || high != nil {
            // The input ends inside a unit or a pair.
            half = nil
            high = nil
            put("\u{FFFD}")
            return count
        }
        for byte in piece[start...] {
            guard let first = half else {
                half = byte
                continue
            }
            half = nil
            let unit = kind == .littleEndian ? UInt16(byte) << 8 | UInt16(first) : UInt16(first) << 8 | UInt16(byte)
            if let pending = high {
                high = nil
                if UTF16.isTrailSurrogate(unit) {
                    let value = 0x10000 + (UInt32(pending - 0xD800) << 10 | UInt32(unit - 0xDC00))
                    put(Unicode.Scalar(value) ?? "\u{FFFD}")
                    continue
                }
                put("\u{FFFD}")
            }
            if UTF16.isLeadSurrogate(unit) {
                high = unit
            } else {
                put(Unicode.Scalar(UInt32(unit)) ?? "\u{FFFD}")
            }
        }
        return count
    }
}
