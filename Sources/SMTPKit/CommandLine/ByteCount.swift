/// Sizes on the command line: `1000`, `512K`, `10M`, `2G`.
package enum ByteCount {
    private static let allowed = ValueError(
        "a size is a whole number of octets, or one with K, M or G behind it, such as 10M; 0 is for no limit")

    /// The number of octets; K, M and G are powers of 1,024.
    ///
    /// - Throws: ``ValueError`` for anything else, and for more than 2^62 octets.
    package static func parse(_ text: String) throws -> Int {
        let shift: Int
        switch text.utf8.last {
        case UInt8(ascii: "K"), UInt8(ascii: "k"): shift = 10
        case UInt8(ascii: "M"), UInt8(ascii: "m"): shift = 20
        case UInt8(ascii: "G"), UInt8(ascii: "g"): shift = 30
        case _: shift = 0
        }
        let digits = shift == 0 ? text[...] : text.dropLast()
        guard let number = WholeNumber.parse(digits), number <= (1 << 62) >> shift else { throw allowed }
        return number << shift
    }
}
