import SMTPKit

/// The reply to a command, and its meaning for a script.
struct Answered {
    let outcome: Outcome
    /// The command as people may see it; empty for the greeting.
    let line: String
    let latency: Duration
    /// The stage that the command belongs to; `nil` for a reply that answers no command.
    let stage: ClientStage?
    /// The status with which a script ends unless the answer was expected; `nil` for a good one.
    let status: ExitStatus?
}

extension Answered {
    /// Whether a later attempt may succeed after a refusal; `nil` when that is not known.
    var isTemporary: Bool? {
        switch outcome {
        case .reply(let reply): reply.code.rawValue >= 400 ? reply.code.severity == .transient : nil
        case .timeout, .closed: true
        case .malformed: nil
        }
    }
}

/// Why a script ends.
struct Failure: Error {
    let status: ExitStatus
    var text: String
    /// Where in the dialogue it happened; `nil` between two steps.
    var stage: ClientStage?
    /// The place of the line in its script, such as `file, line 3: `; `nil` before that is noted.
    var place: String?
    /// Whether a later attempt may succeed; `nil` when that is not known.
    var isTemporary: Bool?
    /// Whether a name was not found, which is a stage of its own in the document.
    var isLookup = false

    /// The stage by its name.
    var stageName: StageName? {
        isLookup ? .resolve : stage.map { StageName($0, isSecured: status == .helloAfterTLS) }
    }

    /// The place and the text.
    var message: String { (place ?? "") + text }
}

extension Duration {
    /// `30 s`, `5 min`.
    var inWords: String {
        let seconds = components.seconds
        return seconds >= 60 && seconds % 60 == 0 ? "\(seconds / 60) min" : seconds > 0 ? "\(seconds) s" : short
    }

    /// `12.3 ms`, `4.20 s`.
    var short: String {
        let value = Double(microseconds) / 1000
        func fixed(_ number: Double, _ digits: Int) -> String {
            let scale = digits == 1 ? 10.0 : 100.0
            let whole = Int((number * scale).rounded())
            let rest = String(whole % Int(scale))
            return "\(whole / Int(scale)).\(String(repeating: "0", count: digits - rest.count))\(rest)"
        }
        return value < 1000 ? "\(fixed(value, 1)) ms" : "\(fixed(value / 1000, 2)) s"
    }
}
