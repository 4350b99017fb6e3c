import SMTPCore
import ToolSupport

/// The request of a command line, however it was read.
struct Request {
    /// The action.
    enum Mode: Equatable {
        case lookUp
        case claim(StatusRegistry.Claim)
        case search(String)
        case list
        case annotate
        case count
        case manual
        case help
        case helpAll
    }

    var mode = Mode.lookUp
    var inputs: [String] = []
    var format = LookUp.Format.full
    var providers: [Provider]?
    var wantsSysexit = false
    var `class`: ReplyCode.Severity?
    var subject: UInt16?
    var basic = false
    var filter = LineFilter.all
    var keys: [Counter.Key] = []
    var all = false
    var thresholds: Thresholds?
    var color = Coloring.auto
    var warnings = LookUp.Warnings.single

    /// Whether standard output gets colours.
    private var isColored: Bool { color.isWanted(on: 1) }

    /// Does what the command line asks for.
    func answer() -> ExitStatus {
        var output = Output()
        switch mode {
        case .manual:
            output.write(ManualPage.text)
        case .help:
            output.write(HelpText.overview)
        case .helpAll:
            output.write(HelpText.text)
        case .claim(let claim):
            return LookUp.holds(claim, for: inputs, providers)
        case .search(let words):
            return answerSearch([words] + inputs, &output)
        case .list:
            answerList(&output)
        case .annotate:
            var annotator = Annotator(filter, providers, colour: isColored)
            for input in files { annotator.run(input, &output) }
        case .count:
            return answerCount(&output)
        case .lookUp:
            if isWords { return answerWords(&output) }
            var lookUp = lookUp
            return lookUp.run(Inquiry.joiningReplies(inputs), &output)
        }
        output.flush()
        return .success
    }

    /// A look-up as the options ask for it.
    private var lookUp: LookUp {
        LookUp(
            format, providers, wantsSysexit: wantsSysexit, wantsAll: all, warnings: warnings,
            colour: (format == .full || format == .brief) && isColored)
    }

    /// The inputs of `--annotate` and `--count`: files, or standard input. A file that cannot be opened ends the
    /// program.
    private var files: [InputFile] {
        if inputs.isEmpty { return [.standardInput] }
        return inputs.map { name in
            if name == "-" { return .standardInput }
            guard let file = InputFile(path: name) else {
                Output.complain("\(CodeText.shown(name)): cannot open: \(Output.systemError)")
                ExitStatus.unusable.end()
            }
            return file
        }
    }

    /// Whether no input is a code, a line with one, or a file, so that they may be words to search for.
    private var isWords: Bool {
        // A longer text is a line, not words to search for.
        guard inputs.count <= 16, inputs.allSatisfy({ $0.utf8.count <= 64 }) else { return false }
        return inputs.allSatisfy { input in
            guard input != "-", !InputFile.isFile(input), CodePicker.pick(in: input) == nil,
                SimilarCodes.find(input).isEmpty
            else { return false }
            do throws(CodeQuery.Problem) {
                _ = try CodeQuery(exactly: input)
                return false
            } catch { return error == .noCode }
        }
    }

    /// `smtp-codes mailbox full`: the search, or the complaint about the inputs when it finds nothing.
    private func answerWords(_ output: inout Output) -> ExitStatus {
        let hits = StatusRegistry.search(inputs, from: providers)
        guard !hits.isEmpty else {
            var lookUp = lookUp
            return lookUp.run(inputs, &output)
        }
        print(hits, &output)
        return .success
    }

    private func answerSearch(_ words: [String], _ output: inout Output) -> ExitStatus {
        let hits = StatusRegistry.search(words, from: providers)
            .filter { providers == nil || $0.isProvider }
        print(hits, &output)
        return hits.isEmpty ? .notFound : .success
    }

    private func answerList(_ output: inout Output) {
        if let wanted = providers {
            let rows = StatusRegistry.providerMeanings.filter { row in
                wanted.contains(row.provider) && matches(row)
            }
            print(rows.map(StatusRegistry.Hit.provider), &output)
            return
        }
        let listing = Listing(class: `class`, subject: subject)
        print(basic ? listing.basic : listing.enhanced, &output)
        output.flush()
    }

    private func matches(_ row: ProviderMeaning) -> Bool {
        let severity = row.first?.class.severity ?? row.reply?.severity
        if let wanted = `class`, severity != wanted { return false }
        if let subject, row.first?.subject != subject { return false }
        return true
    }

    private func print(_ explanations: [CodeExplanation], _ output: inout Output) {
        let text = TextAnswer(colour: (format == .full || format == .brief) && isColored)
        switch format {
        case .full, .brief: for row in explanations { output.write(text.brief(row)) }
        case .json: output.write(Self.array(explanations.map { JSONAnswer.object($0, input: nil) }))
        case .jsonl: for row in explanations { output.write(JSONAnswer.object(row, input: nil) + "\n") }
        case .tsv:
            output.write(TSVAnswer.header)
            for row in explanations { output.write(TSVAnswer.row(row, input: nil)) }
        }
    }

    /// Prints codes and providers' meanings; in TSV, whose columns differ, the codes first.
    private func print(_ hits: [StatusRegistry.Hit], _ output: inout Output) {
        let codes = hits.compactMap(\.explanation)
        let rows = hits.compactMap(\.providerMeaning)
        switch format {
        case .full, .brief:
            print(codes, &output)
            for row in rows { output.write(TextAnswer.line(for: row)) }
        case .json:
            output.write(
                Self.array(codes.map { JSONAnswer.object($0, input: nil) } + rows.map { JSONAnswer.object($0) })
            )
        case .jsonl:
            print(codes, &output)
            for row in rows { output.write(JSONAnswer.object(row) + "\n") }
        case .tsv:
            if providers == nil {
                print(codes, &output)
            } else {
                output.write(TSVAnswer.providerHeader)
                for row in rows { output.write(TSVAnswer.row(row)) }
            }
        }
        output.flush()
    }

    private func answerCount(_ output: inout Output) -> ExitStatus {
        let keys = self.keys.isEmpty ? [Counter.Key.code] : self.keys
        var counter = Counter(keys, filter, providers)
        for input in files { counter.count(input) }
        if let thresholds {
            output.write(thresholds.line(for: counter.total))
            output.flush()
            return thresholds.status(of: counter.total)
        }
        let rows = counter.rows()
        switch format {
        case .full, .brief:
            let width = rows.map { String($0.count).count }.max() ?? 1
            for row in rows {
                let count = String(row.count)
                output.write(String(repeating: " ", count: max(0, width + 2 - count.count)) + count)
                output.write("  \(row.explanation?.summary ?? row.values.joined(separator: "  "))\n")
            }
            if counter.others > 0 { output.write("  \(counter.others)  lines in further rows, left out\n") }
        case .json, .jsonl:
            var objects = rows.map { JSONAnswer.object($0, keys) }
            if counter.others > 0 { objects.append(JSONAnswer.others(counter.others)) }
            output.write(format == .json ? Self.array(objects) : objects.map { $0 + "\n" }.joined())
        case .tsv:
            output.write(TSVAnswer.countHeader(keys))
            for row in rows { output.write(TSVAnswer.row(row)) }
        }
        if counter.others > 0 {
            output.flush()
            Output.complain("\(counter.others) lines fell into more rows than can be counted and are left out")
        }
        output.flush()
        return rows.isEmpty ? .notFound : .success
    }

    private static func array(_ objects: [String]) -> String {
        objects.isEmpty ? "[]\n" : "[\n " + objects.joined(separator: ",\n ") + "\n]\n"
    }
}

extension StatusRegistry.Hit {
    fileprivate var isProvider: Bool { providerMeaning != nil }

    fileprivate var explanation: CodeExplanation? {
        switch self {
        case .condition(let row): StatusRegistry.explain(.condition(row.condition))
        case .replyCode(let row): StatusRegistry.explain(.reply(row.number))
        case .provider: nil
        }
    }

    fileprivate var providerMeaning: ProviderMeaning? {
        switch self {
        case .provider(let row): row
        case .condition, .replyCode: nil
        }
    }
}
