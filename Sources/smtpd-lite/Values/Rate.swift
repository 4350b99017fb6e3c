import CommandLineSupport

/// So many in a time, on the command line: `10/s`, `100/m`, `5/30s`.
struct Rate: Hashable, Sendable {
    /// How many.
    let count: Int
    /// In what time.
    let time: Duration

    /// The most that can be asked for.
    private static let most = 100_000

    /// Parses a rate.
    static func parse(_ text: some StringProtocol) throws -> Rate {
        let allowed = ValueError(
            "a rate is a whole number from 1 to \(most), a slash and a time, such as 10/s, 100/m or 5/30s")
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = WholeNumber.parse(parts[0]), 1...most ~= count,
            let unit = parts[1].first, let time = try? TimeSpan.parse(unit.isNumber ? String(parts[1]) : "1\(parts[1])")
        else { throw allowed }
        return Rate(count: count, time: time)
    }
}
