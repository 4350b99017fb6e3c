import CommandLineSupport
import SMTPKit

/// A line that `:pipeline` collected, and how its reply is judged.
struct CollectedLine {
    let octets: [UInt8]
    var expectation: Expectation?
}

/// Bytes as they are, and many lines at once.
extension Interpreter {
    func sendRaw(_ rest: String) throws {
        let octets = try QuotedOctets.parse(rest)
        try send(pieces: octets, of: settings.split ?? max(octets.count, 1))
        try awaitReplies()
    }

    // MARK: Pipelining

    /// Runs a command while lines are collected.
    func collect(_ command: MetaCommand, _ rest: String) throws {
        guard let action = command.whileCollecting else {
            throw ValueError(
                "lines are being collected; :pipeline sends them, and :\(command.name) has to wait for that")
        }
        try action(self, rest)
    }

    /// Has `:expect` judge the line that was collected last.
    func expectCollected(_ rest: String) throws {
        guard let count = collected?.count, count > 0 else {
            throw ValueError(":expect has to follow the line whose reply it judges")
        }
        collected?[count - 1].expectation = try Expectation(rest)
    }

    /// Sends what was collected in one go, and gives each line its reply.
    func flushCollected() throws {
        let lines = collected ?? []
        collected = nil
        guard !lines.isEmpty else { return }
        let octets: [UInt8] = lines.flatMap { line in line.octets + [13, 10] }
        let before = answers.count
        try send(pieces: octets, of: settings.split ?? octets.count)
        try awaitReplies()
        let replies = answers[before...]
        var unexpected: Failure?
        for (index, line) in lines.enumerated() {
            let answer = index < replies.count ? replies[before + index] : nil
            if let expectation = line.expectation {
                guard let answer, expectation.isMet(by: answer.outcome) else {
                    let came = answer.map { "\($0.outcome)" } ?? "no reply"
                    let text = "expected \(SafeText.visible(expectation.text)), but: \(came)"
                    try fail(Failure(status: .expectation, text: text))
                    continue
                }
            } else if unexpected == nil {
                unexpected = answer?.failure
            }
        }
        // What was judged is settled.
        answers = []
        pending = unexpected ?? (dialogue.isOpen ? nil : pending)
    }
}
