/// Runs over message content in blocks, past everything that needs no attention.
///
/// A block needs none when each CR in it is followed by LF, each LF preceded by CR, and no line in it
/// begins with a dot. Three overlapping loads answer that for a whole block at once, so no line of
/// ordinary text is ever looked at by itself.
enum ContentScanner {
    private typealias Block = SIMD32<UInt8>

    /// The number of bytes that a look at a block needs: one block, and two bytes after it.
    static let reach = 34

    /// Returns how many bytes from `start` on need no attention.
    ///
    /// The byte at `start` must not be an LF. The byte after the returned run may be anything.
    ///
    /// - Parameter inHeader: also stop at lines that are empty or begin with `R`.
    static func quietLength(in octets: UnsafeBufferPointer<UInt8>, from start: Int, inHeader: Bool) -> Int {
        guard let base = octets.baseAddress else { return 0 }
        let pointer = UnsafeRawPointer(base)
        let last = octets.count - reach
        let end = inHeader ? scanHeader(pointer, start, last) : scanText(pointer, start, last)
        guard end <= last else { return end - start }
        return end + quietOctets(pointer + end, inHeader) - start
    }

    // Two loops, because a branch within one makes the compiler take the vectors apart.

    /// Returns the position of the first block that needs attention, or one after `last`.
    private static func scanText(_ pointer: UnsafeRawPointer, _ start: Int, _ last: Int) -> Int {
        var position = start
        while position <= last {
            let isLineFeed = lanes(pointer, position &+ 1, ASCII.lineFeed)
            let isOdd = lanes(pointer, position, ASCII.carriageReturn) ^ isLineFeed
            let isDotted = isLineFeed & lanes(pointer, position &+ 2, ASCII.dot)
            if (isOdd | isDotted).isAnySet { return position }
            position &+= Block.scalarCount
        }
        return position
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

    /// How many bytes of a block come before the first that needs attention.
    private static func quietOctets(_ block: UnsafeRawPointer, _ inHeader: Bool) -> Int {
        for index in 0..<Block.scalarCount {
            let here = block.load(fromByteOffset: index, as: UInt8.self)
            let next = block.load(fromByteOffset: index + 1, as: UInt8.self)
            guard (here == ASCII.carriageReturn) == (next == ASCII.lineFeed) else { return index }
            guard next == ASCII.lineFeed else { continue }
            let afterNext = block.load(fromByteOffset: index + 2, as: UInt8.self)
            if afterNext == ASCII.dot { return index }
            if inHeader, afterNext == ASCII.carriageReturn || afterNext | 0x20 == UInt8(ascii: "r") { return index }
        }
        return Block.scalarCount
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
