/// Counts off the octets of a `BDAT` chunk, which have no line structure.
///
/// - SeeAlso: RFC 3030, section 2.
struct ChunkDecoder {
    /// How many octets of the chunk are still to come.
    private(set) var remaining: Int

    /// - Parameter size: the size that `BDAT` announced; not negative.
    init(size: Int) { remaining = size }

    /// Takes what belongs to the chunk.
    ///
    /// - Returns: how many of the octets from `start` on belong to it.
    mutating func take(from octets: Span<UInt8>, at start: Int) -> Int {
        let count = min(remaining, octets.count - start)
        remaining -= count
        return count
    }
}
