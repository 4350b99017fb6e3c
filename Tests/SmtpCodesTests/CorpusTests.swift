import ProcessSupport
import Testing

/// How often the right code is picked, and the right advice given, over the labelled corpus.
@Suite("Corpus", .blocking)
struct CorpusTests {
    /// The lowest figure, in percent, that each score may have. Those of the half `heldout` count; the other has seen
    /// the rules.
    private static let floors: [(name: String, percent: Double)] = [
        ("heldout-pick", 99.3), ("heldout-action", 92), ("heldout-reason", 82), ("heldout-bounce-status", 98),
        ("rules-pick", 99.3), ("rules-action", 95), ("rules-reason", 95), ("rules-bounce-status", 98),
    ]

    @Test func `picks and advice are as good as they were, and other programs' logs have no codes`() throws {
        let script = "\(BuiltTool.project)/Tests/SmtpCodesTests/Corpus/score.py"
        let run = try ChildProcess.run(["python3", script, Tool.path])
        #expect(run.status == 0, "\(run.errors)")
        print(run.output)
        var figures: [String: Double] = [:]
        for line in run.output.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2 { figures[String(words[0])] = Double(words[1]) }
        }
        for floor in Self.floors {
            let figure = try #require(figures[floor.name], "\(floor.name)")
            #expect(figure >= floor.percent, "\(floor.name)")
        }
        // Per 10,000 lines.
        #expect(try #require(figures["false-alarms"]) <= 10)
    }
}
