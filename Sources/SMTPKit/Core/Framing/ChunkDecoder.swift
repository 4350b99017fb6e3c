/// Counts off the bytes of a `BDAT` chunk, which have no structure that the protocol knows.
///
/// - SeeAlso: RFC 3030, section 2.
struct ChunkDecoder {
    /// How many bytes the chunk has in all.
    let size: Int
    /// How many of them are still to come.
    private(set) var remaining: Int

    /// - Parameter size: the size that `BDAT` announced; not negative.
    init(size: Int) {
        self.size = size
        remaining = size
    }

    /// Takes what belongs to the chunk.
    ///
    /// - Returns: the bytes from `start` on that belong to it.
    mutating func take(from octets: Span<UInt8>, at start: Int) -> Range<Int> {
        let count = min(remaining, octets.count - start)
        remaining -= count
        return start..<start + count
    }
}
