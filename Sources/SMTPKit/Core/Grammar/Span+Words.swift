/// Looking at bytes eight at a time.
extension Span<UInt8> {
    /// The index of the first byte of a value in a range, or `nil`.
    func firstIndex(of octet: UInt8, in range: Range<Int>) -> Int? {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return withUnsafeBytes { octets in
            let pattern = UInt64(octet) &* EightOctets.ones
            var index = range.lowerBound
            while index &+ 8 <= range.upperBound {
                let word = UInt64(littleEndian: octets.loadUnaligned(fromByteOffset: index, as: UInt64.self)) ^ pattern
                let zeros = EightOctets.zeros(in: word)
                if zeros != 0 { return index &+ zeros.trailingZeroBitCount / 8 }
                index &+= 8
            }
            while index < range.upperBound {
                if octets[index] == octet { return index }
                index &+= 1
            }
            return nil
        }
    }

    /// The index of the first byte up to CR (0 to 13) in a range, or `nil`: CR, LF, or another control character.
    @inline(__always)
    func firstControl(in range: Range<Int>) -> Int? {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return withUnsafeBytes { octets in
            var index = range.lowerBound
            while index &+ 8 <= range.upperBound {
                let word = UInt64(littleEndian: octets.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                let controls = EightOctets.belowShiftOut(word)
                if controls != 0 { return index &+ controls.trailingZeroBitCount / 8 }
                index &+= 8
            }
            while index < range.upperBound {
                if octets[index] <= ASCII.carriageReturn { return index }
                index &+= 1
            }
            return nil
        }
    }

    /// Whether all bytes are printable ASCII, 32 to 126.
    var isPrintableASCII: Bool {
        withUnsafeBytes { octets in
            var index = 0
            var odd: UInt64 = 0
            while index &+ 8 <= octets.count {
                let word = octets.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                odd |= word | EightOctets.below32(word) | EightOctets.zeros(in: word ^ (0x7F &* EightOctets.ones))
                index &+= 8
            }
            guard odd & EightOctets.highBits == 0 else { return false }
            while index < octets.count {
                guard 32...126 ~= octets[index] else { return false }
                index &+= 1
            }
            return true
        }
    }
}

/// Arithmetic on eight bytes in one word.
private enum EightOctets {
    static let ones: UInt64 = 0x0101_0101_0101_0101
    static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Bit 7 of each byte that is zero; bytes above the first zero may be marked as well.
    @inline(__always)
    static func zeros(in word: UInt64) -> UInt64 { (word &- ones) & ~word & highBits }

    /// Bit 7 of each byte that is below 14; as exact as ``zeros(in:)``.
    @inline(__always)
    static func belowShiftOut(_ word: UInt64) -> UInt64 { (word &- 0x0E &* ones) & ~word & highBits }

    /// Bit 7 of each byte that is below 32, among bytes below 128; as exact as ``zeros(in:)``.
    @inline(__always)
    static func below32(_ word: UInt64) -> UInt64 { (word &- 0x20 &* ones) & ~word & highBits }
}
