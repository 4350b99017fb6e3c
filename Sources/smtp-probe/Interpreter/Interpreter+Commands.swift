import CommandLineSupport
import SMTPKit

/// Settings and judgement.
extension Interpreter {
    func outputFile(_ rest: String) throws -> AppendedFile? {
        rest == "off" ? nil : try AppendedFile(FileName.parse(rest))
    }

    /// Splits at blanks.
    func words(_ rest: String) -> [String] { rest.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init) }

    // MARK: Settings

    func set(_ rest: String) throws {
        let words = words(rest)
        guard let name = words.first else {
            let timeout = dialogue.timeouts.command
            let values = [
                ("timeout", timeout.short), ("explain", settings.explain ? "on" : "off"),
                ("timing", settings.timing ? "on" : "off"), ("trace", settings.trace ? "on" : "off"),
                ("split", settings.split.map { "\($0)" } ?? "off"),
            ]
            for (name, value) in values { console.show("\(name) \(value)") }
            return
        }
        try set(name, words.count > 1 ? words[1] : "")
    }

    func set(_ name: String, _ value: String) throws {
        switch name {
        case "timeout":
            let connect = dialogue.timeouts.connect
            dialogue.timeouts = ClientTimeouts(all: try TimeSpan.parse(value))
            dialogue.timeouts.connect = connect
        case "explain": try Settings.toggle(&settings.explain, value)
        case "timing": try Settings.toggle(&settings.timing, value)
        case "trace": try Settings.toggle(&settings.trace, value)
        case "split": try setSplit(value)
        case _: throw ValueError("the settings are \(Settings.names.joined(separator: ", "))")
        }
    }

    func setSplit(_ rest: String) throws {
        settings.split = rest == "off" ? nil : try WholeNumber.parsePositive(rest)
    }

    // MARK: Judgement

    func judge(_ expectation: Expectation) throws {
        // An unanswered line may be followed by a close that has not been noticed yet.
        if expectation.subject == .close, dialogue.isOpen { try dialogue.wait { !self.dialogue.isOpen } }
        let pending = pending
        self.pending = nil
        guard let answer = lastAnswer, expectation.isMet(by: answer.outcome) else {
            let came = lastAnswer.map { "\($0.outcome)" } ?? "nothing was sent yet"
            let status = pending.flatMap { $0.status == .protocolViolation ? $0.status : nil } ?? .expectation
            return try fail(
                Failure(status: status, text: "expected \(SafeText.visible(expectation.text)), but: \(came)"))
        }
    }

    func judge(within rest: String) throws {
        let digits = rest.hasSuffix("ms") ? String(rest.dropLast(2)).trimmingBlanks : rest
        let limit = try WholeNumber.parsePositive(digits)
        guard let latency = lastAnswer?.latency else { throw ValueError("nothing was answered yet") }
        guard latency <= .milliseconds(limit) else {
            return try fail(
                Failure(
                    status: .expectation, text: "expected an answer within \(limit) ms, but it took \(latency.short)"))
        }
    }
}
