/// Runs over message content in blocks, past everything that needs no attention.
///
/// A block needs none when each CR in it is followed by LF, each LF preceded by CR, and no line in it
/// begins with a dot. Three overlapping loads answer that for a whole block at once, so no line of
/// ordinary text is ever looked at by itself.
enum ContentScanner {
    private typealias Block = SIMD32<UInt8>

    /// How many octets from `start` on need no attention.
    ///
    /// The octet at `start` must not be an LF. The octet behind the returned run may be anything.
    ///
    /// - Parameter inHeader: also stop at lines that are empty or begin with `R`.
    @inline(never)
    static func quietLength(in octets: UnsafeBufferPointer<UInt8>, from start: Int, inHeader: Bool) -> Int {
        guard let base = octets.baseAddress else { return 0 }
        let pointer = UnsafeRawPointer(base)
        var position = start
        let last = octets.count - Block.scalarCount - 2
        while position <= last {
            let here = pointer.loadUnaligned(fromByteOffset: position, as: Block.self)
            let next = pointer.loadUnaligned(fromByteOffset: position + 1, as: Block.self)
            let afterNext = pointer.loadUnaligned(fromByteOffset: position + 2, as: Block.self)
            let isLineFeed = next .== ASCII.lineFeed
            var needsAttention = (here .== ASCII.carriageReturn) .^ isLineFeed
            needsAttention .|= isLineFeed .& (afterNext .== ASCII.dot)
            if inHeader {
                let beginsWithR = (afterNext | Block(repeating: 0x20)) .== UInt8(ascii: "r")
                needsAttention .|= isLineFeed .& (beginsWithR .| (afterNext .== ASCII.carriageReturn))
            }
            if isAnySet(needsAttention) { break }
            position += Block.scalarCount
        }
        return position - start
    }

    @inline(__always)
    private static func isAnySet(_ mask: SIMDMask<SIMD32<Int8>>) -> Bool {
        let words = unsafeBitCast(mask, to: SIMD4<UInt64>.self)
        return (words[0] | words[1]) | (words[2] | words[3]) != 0
    }
}
