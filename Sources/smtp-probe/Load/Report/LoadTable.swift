import CommandLineSupport
import NIOCore
import SMTPKit

/// The table at the end of a load run.
///
///     200 messages accepted, 0 refused, 0 failed, of 200 planned
///     0.041 s, 4878.0 messages/s, 9.5 MiB/s, 20 sessions
///
///     ms               p50        p90        p99      p99.9        max      count
///     connect        0.412      0.655      0.701      0.701      0.701         20
///     transaction    0.903      1.512      2.020      2.101      2.101        200
///
///     replies
///         200  250  Requested mail action okay, completed
enum LoadTable {
    /// Returns the lines of the table.
    static func lines(_ report: LoadReport) -> [String] {
        let tally = report.tally
        let planned = report.plan.messages.map { ", of \($0) planned" } ?? ""
        var lines = [
            "\(tally.accepted) messages accepted, \(tally.refused) refused, \(tally.failed) failed\(planned)"
        ]
        if tally.partial > 0 {
            lines.append("\(tally.partial) of the accepted messages were refused for some recipients")
        }
        let seconds = fixed(Double(report.time.nanoseconds) / 1_000_000_000, 3)
        lines.append(
            "\(seconds) s, \(fixed(report.rate, 1)) messages/s, \(fixed(report.bytesPerSecond / 1_048_576, 1)) MiB/s, "
                + "\(tally.sessions) sessions")
        lines += latencies(report)
        if !tally.codes.isEmpty {
            lines += ["", "replies"]
            for (code, entry) in tally.codes.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                let text = SafeText.visible(entry.example.lines.first ?? "")
                let meaning = ReplyMeaning.text(entry.example)
                lines.append("\(padded("\(entry.count)", 11))  \(code.rawValue)  \(meaning) (first: \(text))")
            }
        }
        if !tally.failures.isEmpty {
            lines += ["", "failures"]
            for (kind, failure) in tally.failures.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                let text = SafeText.visible(failure.example)
                lines.append("\(padded("\(failure.count)", 11))  \(kind.rawValue)  (first: \(text))")
            }
        }
        return lines
    }

    private static func latencies(_ report: LoadReport) -> [String] {
        let rows = report.latencies.compactMap { name, summary in summary.map { (name, $0) } }
        guard !rows.isEmpty else { return [] }
        let columns = ["p50", "p90", "p99", "p99.9", "max", "count"]
        var lines = ["", "ms         " + columns.map { padded($0, 11) }.joined()]
        for (name, summary) in rows {
            let values = [summary.p50, summary.p90, summary.p99, summary.p999, summary.maximum].map(milliseconds)
            let cells = (values + ["\(summary.count)"]).map { padded($0, 11) }.joined()
            lines.append(name + String(repeating: " ", count: 11 - name.count) + cells)
        }
        return lines
    }

    /// Returns microseconds as milliseconds with three decimals.
    static func milliseconds(_ microseconds: UInt64) -> String {
        "\(microseconds / 1_000)." + String(1_000 + microseconds % 1_000).dropFirst()
    }

    /// Returns a number with so many decimals.
    static func fixed(_ number: Double, _ decimals: Int) -> String {
        let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = (number * scale).rounded()
        guard scaled.isFinite, scaled < 1e18 else { return "-" }
        let (whole, rest) = Int(scaled).quotientAndRemainder(dividingBy: Int(scale))
        return decimals == 0 ? "\(whole)" : "\(whole)." + String(Int(scale) + rest).dropFirst()
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
