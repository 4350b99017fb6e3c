import CommandLineSupport
import SMTPKit

/// A line that `:pipeline` collected, and how its reply is judged.
struct CollectedLine {
    let octets: [UInt8]
    var expectation: Expectation?
}

/// Octets as they are, and many lines at once.
extension Interpreter {
    func sendRaw(_ rest: String) throws {
        let octets = try QuotedOctets.parse(rest)
        try send(pieces: octets, of: settings.split ?? max(octets.count, 1))
        try awaitReplies()
    }

    // MARK: Pipelining

    /// Takes a command while lines are collected.
    ///
    /// - Returns: whether it was taken.
    func collect(_ command: MetaCommand, _ rest: String) throws -> Bool {
        switch command {
        case .pipeline:
            try flushCollected()
            return true
        case .expect:
            guard let count = collected?.count, count > 0 else {
                throw ValueError(":expect stands behind the line whose reply it judges")
            }
            collected?[count - 1].expectation = try Expectation(rest)
            return true
        case .open, .close, .drop, .reconnect, .ehlo, .starttls, .tls, .cert, .auth, .mail, .rcpt, .send, .from, .to,
            .header, .body, .attach, .bdat, .raw, .split, .within, .timing, .trace, .set, .caps, .status, .explain,
            .repeat, .source, .log, .record, .history, .xclient, .proxy, .sleep, .help, .quit:
            throw ValueError("lines are being collected; :pipeline sends them, and :\(command) has to wait for that")
        }
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
