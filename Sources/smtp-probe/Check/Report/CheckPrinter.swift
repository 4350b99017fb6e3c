import CommandLineSupport
import Glibc

/// Shows results as text: a heading for each server or domain, and a line for each result, grouped.
final class CheckPrinter: CheckReporting {
    private let usesColor: Bool
    private let isVerbose: Bool
    /// Whether only failures are shown.
    private let isQuiet: Bool
    /// Whether nothing is shown, for a document goes to standard output.
    private let isSilent: Bool
    /// Whether the check under way is named on standard error.
    private let showsProgress: Bool
    private let width: Int
    private var isDrawn = false
    /// Whether a line could not be written. No further line is tried then.
    private(set) var hasLostOutput = false

    init(_ options: OutputOptions) {
        usesColor = options.usesColor(on: 1)
        isVerbose = options.verbose
        isQuiet = options.quiet
        isSilent = options.json
        showsProgress = !options.quiet && isatty(2) == 1
        width = max(Screen.columns ?? 100, 20)
    }

    func began(_ check: Check, _ server: String?) {
        guard showsProgress else { return }
        let text = SafeText.cut(
            SafeText.visible("checking \(server.map { "\($0) " } ?? "")\(check.id)..."), to: width - 1)
        try? Descriptor.write("\r\(text)\u{1B}[K", to: 2)
        isDrawn = true
    }

    func finished(_ subject: String, _ address: String?, _ results: [CheckResult]) {
        clear()
        let shown = isQuiet ? results.filter { $0.finding.verdict == .fail } : results
        guard !isSilent, !isQuiet || !shown.isEmpty else { return }
        let place = address.map { $0 == subject ? "" : " (\($0))" } ?? ""
        write(SafeText.visible("\(subject)\(place)"), .heading)
        for group in Check.Group.allCases {
            for result in shown where result.check.group == group {
                let isBrief = result.finding.verdict == .pass && !isVerbose
                let detail = isBrief ? "" : ": \(result.finding.detail)"
                show(result.finding.verdict, "\(result.check.id)\(detail)", result.finding.fix)
            }
        }
    }

    /// The last line: `34 passed, 2 warnings, 1 failed, 3 inconclusive, 9 skipped in 4.1 s`.
    func end(_ results: [CheckResult], _ elapsed: Duration) {
        clear()
        guard !isQuiet, !isSilent else { return }
        write(Self.summary(results, elapsed), .heading)
    }

    static func summary(_ results: [CheckResult], _ elapsed: Duration) -> String {
        func count(_ verdict: Verdict) -> Int { results.count { $0.finding.verdict == verdict } }
        let warnings = count(.warn)
        let parts = [
            "\(count(.pass)) passed", "\(warnings) warning\(warnings == 1 ? "" : "s")", "\(count(.fail)) failed",
            "\(count(.inconclusive)) inconclusive", "\(count(.skipped)) skipped",
        ]
        let tenths = (elapsed.milliseconds + 50) / 100
        return "\(parts.joined(separator: ", ")) in \(tenths / 10).\(tenths % 10) s"
    }

    // MARK: Lines

    private enum Style {
        case heading
        case verdict(Verdict)
    }

    private func show(_ verdict: Verdict, _ text: String, _ fix: String?) {
        let mark =
            switch verdict {
            case .pass: "pass"
            case .fail: "FAIL"
            case .warn: "warn"
            case .info: "info"
            case .inconclusive: "?   "
            case .skipped: "skip"
            }
        for (index, line) in Self.wrap(SafeText.visible(text), width - 7).enumerated() {
            write("\(index == 0 ? "  \(mark) " : "       ")\(line)", .verdict(verdict))
        }
        guard let fix else { return }
        for (index, line) in Self.wrap(SafeText.visible(fix), width - 10).enumerated() {
            write("       \(index == 0 ? "-> " : "   ")\(line)", .verdict(.pass))
        }
    }

    /// The text in lines of so many columns, broken at blanks where there are some.
    static func wrap(_ text: String, _ columns: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, SafeText.width(line) + 1 + SafeText.width(String(word)) > columns {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        return lines + [line]
    }

    private func write(_ text: String, _ style: Style) {
        var text = text
        if usesColor {
            let code =
                switch style {
                case .heading: "1"
                case .verdict(.fail): "31"
                case .verdict(.warn): "33"
                case .verdict(.pass): "32"
                case .verdict: "2"
                }
            text = "\u{1B}[\(code)m\(text)\u{1B}[0m"
        }
        guard !hasLostOutput else { return }
        hasLostOutput = !StandardOutput.write(text)
    }

    private func clear() {
        if isDrawn { try? Descriptor.write("\r\u{1B}[K", to: 2) }
        isDrawn = false
    }
}
