import CommandLineSupport
import SMTPKit

/// One line for a monitoring system.
///
///     SMTP OK - queued as 4F3A1B2C | time=0.031s size=512B connect=0.000s
///
/// - SeeAlso: the plugin guidelines of Nagios, "Plugin Output" and "Performance data".
struct NagiosLine {
    /// The state of the service, by the plugins' exit status.
    enum State: Int32 {
        case ok = 0
        case warning = 1
        case critical = 2
        case unknown = 3

        var word: String {
            switch self {
            case .ok: "OK"
            case .warning: "WARNING"
            case .critical: "CRITICAL"
            case .unknown: "UNKNOWN"
            }
        }

        /// A temporary failure, or one of some recipients, is a warning.
        init(_ outcome: ProbeOutcome) {
            self =
                switch outcome.status {
                case .done: .ok
                case .usage, .interrupted, .terminated, .hungUp: .unknown
                // The message is through, whatever came of the goodbye.
                case _ where outcome.stage == .quit: .warning
                case .someRecipients: .warning
                case _:
                    outcome.isTemporary == true && outcome.status != .connect && outcome.status != .timeout
                        ? .warning : .critical
                }
        }
    }

    let text: String

    init(_ outcome: ProbeOutcome, queueID: String?, _ record: DialogueRecord, size: Int?, target: String) {
        let reason = outcome.reason ?? queueID.map { "queued as \($0)" } ?? "\(target) answers"
        var measures = ["time=\(Self.seconds(record.elapsed))"]
        if let size { measures.append("size=\(size)B") }
        measures += StageName.timed.compactMap { stage in
            record.times[stage].map { "\(stage.rawValue)=\(Self.seconds($0))" }
        }
        text = Self.line(State(outcome), reason) + " | " + measures.joined(separator: " ")
    }

    /// A line without measures. A bar would begin them, so the text has none.
    static func line(_ state: State, _ reason: String) -> String {
        "SMTP \(state.word) - \(SafeText.visible(reason).replacing("|", with: "/"))"
    }

    private static func seconds(_ time: Duration) -> String {
        let milliseconds = time.milliseconds
        let fraction = String(1_000 + milliseconds % 1_000).dropFirst()
        return "\(milliseconds / 1_000).\(fraction)s"
    }
}
