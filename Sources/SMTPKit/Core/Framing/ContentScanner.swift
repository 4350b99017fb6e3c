/// Runs over message content in blocks, past everything that needs no attention.
///
/// A block needs none when each CR in it is followed by LF, each LF preceded by CR, and no line in it
/// begins with a dot. Three overlapping loads answer that for a whole block at once, so no line of
/// ordinary text is ever looked at by itself.
enum ContentScanner {
    private typealias Block = SIMD32<UInt8>

    /// The number of bytes that a look at a block needs: one block, and two bytes after it.
    static let reach = 34

    /// How many bytes from `start` on are in blocks of which none needs attention.
    ///
    /// The byte at `start` must not be an LF. The byte after the returned run may be anything.
    ///
    /// - Parameter inHeader: also stop at lines that are empty or begin with `R`.
    static func quietLength(in octets: UnsafeBufferPointer<UInt8>, from start: Int, inHeader: Bool) -> Int {
        guard let base = octets.baseAddress else { return 0 }
        let pointer = UnsafeRawPointer(base)
        let last = octets.count - reach
        return (inHeader ? scanHeader(pointer, start, last) : scanText(pointer, start, last)) - start
    }

    /// The index of the first CR or LF from `start` on, or that of another control character before it, or the end.
    @inline(__always)
    static func endOfText(in octets: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        octets.span.firstControl(in: start..<octets.count) ?? octets.count
    }

    /// How many bytes from `start` on have each CR followed by LF and each LF preceded by CR, in whole blocks.
    ///
    /// The byte at `start` must not be an LF. The byte after the returned run is an LF if the run ends with CR.
    ///
    /// - Parameter is7bit: also stop at bytes above 127.
    static func pairedLength(in octets: UnsafeBufferPointer<UInt8>, from start: Int, is7bit: Bool) -> Int {
        guard let base = octets.baseAddress else { return 0 }
        let pointer = UnsafeRawPointer(base)
        let last = octets.count - reach
        let high: UInt64 = is7bit ? 0x8080_8080_8080_8080 : 0
        var position = start
        while position <= last {
            let isOdd =
                lanes(pointer, position, ASCII.carriageReturn) ^ lanes(pointer, position &+ 1, ASCII.lineFeed)
            if (isOdd | Lanes(of: pointer, position, high)).isAnySet { break }
            position &+= Block.scalarCount
        }
        return position - start
    }

    // Two loops, because a branch within one makes the compiler take the vectors apart.

    /// Returns the position of the first block that needs attention, or one after `last`.
    private static func scanText(_ pointer: UnsafeRawPointer, _ start: Int, _ last: Int) -> Int {
        var position = start
        // Four blocks at a time, as long as all is quiet.
        while position &+ 3 &* Block.scalarCount <= last {
            let first = attention(pointer, position) | attention(pointer, position &+ Block.scalarCount)
            let second =
                attention(pointer, position &+ 2 &* Block.scalarCount)
                | attention(pointer, position &+ 3 &* Block.scalarCount)
            if (first | second).isAnySet { break }
            position &+= 4 &* Block.scalarCount
        }
        while position <= last {
            if attention(pointer, position).isAnySet { return position }
            position &+= Block.scalarCount
        }
        return position
    }

    /// The places in a block of text that need attention.
    @inline(__always)
    private static func attention(_ pointer: UnsafeRawPointer, _ position: Int) -> Lanes {
        let isLineFeed = lanes(pointer, position &+ 1, ASCII.lineFeed)
        let isOdd = lanes(pointer, position, ASCII.carriageReturn) ^ isLineFeed
        return isOdd | isLineFeed & lanes(pointer, position &+ 2, ASCII.dot)
    }

    /// The same, stopping at empty lines and at those that begin with `R` as well.
    private static func scanHeader(_ pointer: UnsafeRawPointer, _ start: Int, _ last: Int) -> Int {
        var position = start
        while position <= last {
            let isLineFeed = lanes(pointer, position &+ 1, ASCII.lineFeed)
            let isOdd = lanes(pointer, position, ASCII.carriageReturn) ^ isLineFeed
            let isDotted = lanes(pointer, position &+ 2, ASCII.dot)
            let isEmpty = lanes(pointer, position &+ 2, ASCII.carriageReturn)
            let isReceived =
                lanes(pointer, position &+ 2, UInt8(ascii: "R")) | lanes(pointer, position &+ 2, UInt8(ascii: "r"))
            if (isOdd | isLineFeed & (isDotted | isEmpty | isReceived)).isAnySet { return position }
            position &+= Block.scalarCount
        }
        return position
    }

    /// Returns the positions of a byte in a block.
    @inline(__always)
    private static func lanes(_ pointer: UnsafeRawPointer, _ position: Int, _ octet: UInt8) -> Lanes {
        let block = pointer.loadUnaligned(fromByteOffset: position, as: Block.self)
        return Lanes(block .== Block(repeating: octet))
    }

    /// The lanes of a comparison as four words.
    ///
    /// Comparing two vectors is one instruction, but the operators on masks are compiled lane by lane.
    private struct Lanes {
        private let words: (UInt64, UInt64, UInt64, UInt64)

        @inline(__always)
        init(_ mask: SIMDMask<SIMD32<Int8>>) {
            words = unsafeBitCast(mask, to: (UInt64, UInt64, UInt64, UInt64).self)
        }

        /// The bytes of a block, as far as each word of a mask has their bits.
        @inline(__always)
        init(of pointer: UnsafeRawPointer, _ position: Int, _ mask: UInt64) {
            let block = pointer.loadUnaligned(fromByteOffset: position, as: Block.self)
            let words = unsafeBitCast(block, to: (UInt64, UInt64, UInt64, UInt64).self)
            self.words = (words.0 & mask, words.1 & mask, words.2 & mask, words.3 & mask)
        }

        @inline(__always)
        private init(_ words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

        @inline(__always)
        var isAnySet: Bool { (words.0 | words.1) | (words.2 | words.3) != 0 }

        @inline(__always)
        static func & (a: Lanes, b: Lanes) -> Lanes {
            Lanes((a.words.0 & b.words.0, a.words.1 & b.words.1, a.words.2 & b.words.2, a.words.3 & b.words.3))
        }

        @inline(__always)
        static func | (a: Lanes, b: Lanes) -> Lanes {
            Lanes((a.words.0 | b.words.0, a.words.1 | b.words.1, a.words.2 | b.words.2, a.words.3 | b.words.3))
        }

        @inline(__always)
        static func ^ (a: Lanes, b: Lanes) -> Lanes {
            Lanes((a.words.0 ^ b.words.0, a.words.1 ^ b.words.1, a.words.2 ^ b.words.2, a.words.3 ^ b.words.3))
        }
    }
}
