import SMTPCore

/// The look-up of inputs: from the command line, or one a line from standard input.
struct LookUp: ~Copyable {
    /// In which form answers are printed.
    enum Format { case full, brief, json, jsonl, tsv }

    private let format: Format
    private let providers: [Provider]?
    private let wantsSysexit: Bool
    private let text: TextAnswer
    private var answers = 0
    private var status = ExitStatus.success
    private var sysexit: Sysexit?

    init(_ format: Format, _ providers: [Provider]? = nil, wantsSysexit: Bool = false) {
        self.format = format
        self.providers = providers
        self.wantsSysexit = wantsSysexit
        text = TextAnswer(colour: (format == .full || format == .brief) && Output.wantsColour)
    }

    /// Answers every input.
    ///
    /// - Returns: the exit status, the most serious of all inputs; with `--sysexit` the value of the first
    ///   input that did not succeed.
    mutating func run(_ inputs: [String], _ output: inout Output) -> ExitStatus {
        if format == .json { output.write("[") }
        if format == .tsv { output.write(TSVAnswer.header) }
        for input in inputs {
            if input == "-" { answerStandardInput(&output) } else { answer(input, &output) }
        }
        if format == .json { output.write(answers > 0 ? "\n]\n" : "]\n") }
        output.flush()
        if wantsSysexit, status != .unusable { return .sysexit(sysexit ?? .ok) }
        return status
    }

    private mutating func answerStandardInput(_ output: inout Output) {
        var source = LineSource()
        var more = true
        while more {
            more = source.readAvailable { piece in
                switch piece {
                case .line(let bytes):
                    let text = bytes[..<(bytes.count - bytes.lineEndLength)]
                    if !text.isEmpty { answer(String(decoding: text, as: UTF8.self), &output) }
                case .head(let bytes):
                    answer(String(decoding: bytes.prefix(LineSource.headLimit), as: UTF8.self), &output)
                case .rest, .tail: break
                }
            }
            output.flush()
        }
    }

    private mutating func answer(_ input: String, _ output: inout Output) {
        let explanation: CodeExplanation
        do throws(CodeQuery.Problem) {
            explanation = try Inquiry(input).explain(providers)
        } catch {
            output.flush()
            Output.complain(error.message(for: input))
            status = status.worse(.unusable)
            return
        }
        if explanation.match != .registered { status = status.worse(.notFound) }
        if sysexit == nil || sysexit == .ok { sysexit = explanation.sysexit ?? .unavailable }
        switch format {
        case .full:
            if answers > 0 { output.write("\n") }
            output.write(text.full(explanation))
        case .brief:
            output.write(text.brief(explanation))
        case .json:
            output.write((answers > 0 ? ",\n " : "\n ") + JSONAnswer.object(explanation, input: input))
        case .jsonl:
            output.write(JSONAnswer.object(explanation, input: input) + "\n")
        case .tsv:
            output.write(TSVAnswer.row(explanation, input: input))
        }
        answers += 1
        for warning in explanation.warnings {
            output.flush()
            Output.complain("warning: \(warning)")
        }
    }

    /// `--is`: whether a claim holds for every input. Prints nothing unless an input is no code.
    static func holds(
        _ claim: StatusRegistry.Claim,
        for inputs: [String],
        _ providers: [Provider]?
    ) -> ExitStatus {
        var status = ExitStatus.success
        for input in Inquiry.joiningReplies(inputs) {
            guard let inquiry = try? Inquiry(input) else { return .unusable }
            if !inquiry.explain(providers).satisfies(claim) { status = .notFound }
        }
        return status
    }
}
