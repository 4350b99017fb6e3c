import SMTPCore

/// The look-up of inputs: from the command line, or one a line from standard input.
struct LookUp: ~Copyable {
    /// In which form answers are printed.
    enum Format { case full, brief, json, jsonl, tsv }

    /// Of which answers warnings are printed.
    enum Warnings { case none, single, all }

    private let format: Format
    private let providers: [Provider]?
    private let wantsSysexit: Bool
    /// Whether lines without a code are answered, too, with null.
    private let wantsAll: Bool
    private let text: TextAnswer
    private var answers = 0
    private var status = ExitStatus.success
    private var sysexit: Sysexit?
    private var isAlone = false
    private let warnings: Warnings
    private var judge = ReplyJudge()

    init(
        _ format: Format, _ providers: [Provider]?, wantsSysexit: Bool, wantsAll: Bool, warnings: Warnings, colour: Bool
    ) {
        self.format = format
        self.providers = providers
        self.wantsSysexit = wantsSysexit
        self.wantsAll = wantsAll
        self.warnings = warnings
        text = TextAnswer(colour: colour)
    }

    /// Answers every input.
    ///
    /// - Returns: the exit status, the most serious of all inputs; with `--sysexit` the value of the first
    ///   input that did not succeed.
    mutating func run(_ inputs: [String], _ output: inout Output) -> ExitStatus {
        // The worst that a code may be is said once; a log would say it in every line.
        isAlone = inputs.count == 1
        if format == .json { output.write("[") }
        if format == .tsv { output.write(TSVAnswer.header) }
        for input in inputs {
            if let file = InputFile.named(input) { answer(file, &output) } else { answer(input, &output) }
        }
        if format == .json { output.write(answers > 0 ? "\n]\n" : "]\n") }
        output.flush()
        if wantsSysexit, status != .unusable { return .sysexit(sysexit ?? .ok) }
        return status
    }

    // MARK: Streams

    /// Answers every line with a code, or every recipient of a message.
    private mutating func answer(_ file: InputFile, _ output: inout Output) {
        var source = LineSource(file)
        var message: BounceReader?
        var isFirst = true
        let before = answers
        isAlone = false
        var more = true
        while more {
            more = source.readAvailable { piece in
                guard let line = piece.text else { return }
                if isFirst {
                    isFirst = false
                    if MessageStart.matches(line) { message = BounceReader() }
                }
                if message != nil {
                    message?.read(Array(line)[...])
                    for recipient in message?.take() ?? [] { answer(recipient, file, &output) }
                } else {
                    answer(line, &output)
                }
            }
            if !more {
                message?.finish()
                for recipient in message?.take() ?? [] { answer(recipient, file, &output) }
            }
            output.flush()
        }
        if answers == before {
            status = status.worse(.notFound)
            if message != nil, let name = file.name {
                Output.complain("\(CodeText.printable(name)): no delivery report found in this message")
            }
        }
    }

    /// Answers a line of a stream; one without a code is silent.
    private mutating func answer(_ line: UnsafeRawBufferPointer, _ output: inout Output) {
        if line.isEmpty {
            if wantsAll { printNothing(&output) }
            return
        }
        let input = String(decoding: line, as: UTF8.self)
        let query: CodeQuery?
        let judgement: Judgement
        if let exact = try? CodeQuery(exactly: input) {
            return print(StatusRegistry.explain(exact, from: providers), input: input, &output)
        } else if let pick = CodePicker.pick(inBytes: line) {
            query = pick.query
            judgement = judge.judge(pick.reply, pick.status, in: line, from: providers)
        } else {
            if wantsAll { printNothing(&output) }
            return
        }
        if let query { print(StatusRegistry.explain(query, judgement), input: input, &output) }
    }

    private mutating func answer(_ recipient: BounceRecipient, _ file: InputFile, _ output: inout Output) {
        let (reply, status) = recipient.codes
        var evidence = recipient.evidence
        let judgement = evidence.withUTF8 {
            judge.judge(reply, status, in: UnsafeRawBufferPointer($0), from: providers)
        }
        let explanation = StatusRegistry.explain(recipient.query, judgement)
        print(explanation, input: file.name ?? "-", of: recipient, &output)
    }

    // MARK: Single inputs

    private mutating func answer(_ input: String, _ output: inout Output) {
        do throws(CodeQuery.Problem) {
            let explanation = try Inquiry(input).explain(providers)
            print(explanation, input: input, &output)
        } catch {
            output.flush()
            Output.complain(error.message(for: input))
            status = status.worse(.unusable)
        }
    }

    // MARK: Output

    private mutating func print(
        _ explanation: CodeExplanation,
        input: String,
        of recipient: BounceRecipient? = nil,
        _ output: inout Output
    ) {
        if explanation.match != .registered, explanation.decidingMeaning == nil { status = status.worse(.notFound) }
        if sysexit == nil || sysexit == .ok { sysexit = explanation.sysexit ?? .unavailable }
        switch format {
        case .full:
            if answers > 0 { output.write("\n") }
            output.write(text.full(explanation, recipient))
        case .brief:
            output.write(text.brief(explanation, recipient))
        case .json:
            output.write((answers > 0 ? ",\n " : "\n ") + JSONAnswer.object(explanation, input: input, recipient))
        case .jsonl:
            output.write(JSONAnswer.object(explanation, input: input, recipient) + "\n")
        case .tsv:
            output.write(TSVAnswer.row(explanation, input: input, recipient))
        }
        answers += 1
        guard warnings == .all || warnings == .single && isAlone else { return }
        for warning in explanation.warnings {
            output.flush()
            Output.complain("warning: \(warning)")
        }
    }

    /// `--all`: the answer to a line without a code.
    private mutating func printNothing(_ output: inout Output) {
        switch format {
        case .full, .brief: output.write("-\n")
        case .json:
            output.write(answers > 0 ? ",\n null" : "\n null")
            answers += 1
        case .jsonl: output.write("null\n")
        case .tsv: output.write(TSVAnswer.emptyRow)
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
            if let file = InputFile.named(input) {
                var isAnswered = false
                var judge = LineJudge(.all, providers)
                var source = LineSource(file)
                while source.readAvailable({ piece in
                    guard let text = piece.text, let found = judge.decide(text)?.explanation else { return }
                    isAnswered = true
                    if !found.satisfies(claim) { status = .notFound }
                }) {}
                if !isAnswered { return .unusable }
            } else {
                guard let inquiry = try? Inquiry(input) else { return .unusable }
                if !inquiry.explain(providers).satisfies(claim) { status = .notFound }
            }
        }
        return status
    }
}
