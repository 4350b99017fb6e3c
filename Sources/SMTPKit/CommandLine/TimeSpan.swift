/// Durations on the command line: `500ms`, `30s`, `5m`, `1h`.
package enum TimeSpan {
    private static let allowed = ValueError(
        "a duration is a whole number above 0 with ms, s, m or h behind it, such as 500ms, 30s, 5m or 1h")
    /// A year, in milliseconds; longer ones are mistakes.
    private static let longest = 366 * 24 * 3_600_000

    /// The duration that a text stands for.
    ///
    /// - Throws: ``ValueError`` for anything else, for zero and for more than a year.
    package static func parse(_ text: String) throws -> Duration {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let scale: Int
        switch text.dropFirst(digits.count) {
        case "ms": scale = 1
        case "s": scale = 1_000
        case "m": scale = 60_000
        case "h": scale = 3_600_000
        case _: throw allowed
        }
        guard let number = WholeNumber.parse(digits), 1...(longest / scale) ~= number else { throw allowed }
        return .milliseconds(number * scale)
    }
}
