/// Sizes on the command line: `1000`, `512K`, `10M`, `10MB`, `10MiB`, `2G`.
package enum ByteCount {
    private static let allowed = ValueError(
        "a size is a whole number of bytes, or one with K, M or G after it, for example 1000, 512K, 10M, 10MB or 10MiB; "
            + "0 is for no limit")

    /// The number of bytes. K, M and G are powers of 1,024 in every spelling.
    ///
    /// - Throws: ``ValueError`` for anything else, and for more than 2^62 bytes.
    package static func parse(_ text: String) throws -> Int {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let shift: Int
        switch text.dropFirst(digits.count).lowercased() {
        case "", "b": shift = 0
        case "k", "kb", "kib": shift = 10
        case "m", "mb", "mib": shift = 20
        case "g", "gb", "gib": shift = 30
        case _: throw allowed
        }
        guard let number = WholeNumber.parse(digits), number <= (1 << 62) >> shift else { throw allowed }
        return number << shift
    }
}
