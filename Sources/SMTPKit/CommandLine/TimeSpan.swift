/// Durations on the command line: `30`, `1.5s`, `500ms`, `5m`, `1h`, `1m30s`.
package enum TimeSpan {
    private static let allowed = ValueError(
        "a duration is a number of seconds, or numbers with h, m, s or ms after them, for example 30, 1.5s, 500ms, 5m, 1h "
            + "or 1m30s, and above 0")
    /// The units from the longest on, and their lengths in microseconds.
    private static let units: [(name: Substring, length: Int)] = [
        ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1_000),
    ]
    /// A year; longer durations are mistakes.
    private static let longest = 366 * 24 * 3_600_000_000

    /// Parses a duration.
    ///
    /// - Throws: ``ValueError`` for anything else, for zero and for more than a year.
    package static func parse(_ text: String) throws -> Duration {
        var rest = text[...]
        var left = units[...]
        var total = 0
        repeat {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(number.count)
            var name = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(name.count)
            // A number alone is in seconds.
            if name.isEmpty, number.count == text.count { name = "s" }
            guard let index = left.firstIndex(where: { $0.name == name }),
                let length = microseconds(number, unit: left[index].length), length <= longest - total
            else { throw allowed }
            total += length
            left = left[(index + 1)...]
        } while !rest.isEmpty
        guard total > 0 else { throw allowed }
        return .microseconds(total)
    }

    /// A number with up to six decimal places, in a unit of so many microseconds.
    private static func microseconds(_ text: Substring, unit: Int) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard 1...2 ~= parts.count, let whole = WholeNumber.parse(parts[0]), whole <= longest / unit else { return nil }
        guard parts.count == 2 else { return whole * unit }
        guard parts[1].count <= 6, var fraction = WholeNumber.parse(parts[1]) else { return nil }
        for _ in parts[1].count..<6 { fraction *= 10 }
        // Below a million times an hour: no overflow.
        return whole * unit + fraction * unit / 1_000_000
    }
}
