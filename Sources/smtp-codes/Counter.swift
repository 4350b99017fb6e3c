import SMTPCore

/// `--count`: the number of lines with each code, reason, provider and so on.
struct Counter: ~Copyable {
    /// A property by which lines are counted.
    enum Key: String, CaseIterable {
        case code, reason, action, `class`, provider, domain, host, hour
    }

    /// The most different rows counted. Lines that would need another are counted together.
    private static let limit = 1 << 16

    /// One row of the table.
    struct Row {
        let count: Int
        let values: [String]
        /// The explanation of the code, where lines are counted by code.
        let explanation: CodeExplanation?
    }

    private let keys: [Key]
    private var judge: LineJudge
    private var codes: [LineJudge.Decision: Int] = [:]
    private var counts: [[String]: Int] = [:]
    /// The number of lines that found no room in the table.
    private(set) var others = 0
    /// The number of lines counted.
    private(set) var total = 0

    init(_ keys: [Key], _ filter: LineFilter, _ providers: [Provider]?) {
        self.keys = keys
        judge = LineJudge(filter, providers, wantsProviders: keys.contains(.provider))
    }

    /// Whether lines are counted by their codes alone.
    private var isByCode: Bool { keys == [.code] }

    /// Counts the lines of one input.
    mutating func count(_ input: InputFile) {
        var source = LineSource(input)
        while source.readAvailable({ piece in if let text = piece.text { count(text) } }) {}
    }

    private mutating func count(_ text: UnsafeRawBufferPointer) {
        guard let decision = judge.decide(text) else { return }
        total += 1
        if isByCode {
            let key = LineJudge.Decision(pick: decision.pick, judgement: ReplyJudge.judge(nil, nil))
            if codes[key] == nil, codes.count >= Self.limit { others += 1 } else { codes[key, default: 0] += 1 }
        } else {
            let values = keys.map { value(of: $0, decision, text) }
            if counts[values] == nil, counts.count >= Self.limit {
                others += 1
            } else {
                counts[values, default: 0] += 1
            }
        }
    }

    private func value(of key: Key, _ decision: LineJudge.Decision, _ text: UnsafeRawBufferPointer) -> String {
        switch key {
        case .code: decision.pick.query?.description ?? "-"
        case .reason: decision.judgement.reason.id
        case .action: decision.action.rawValue
        case .class: decision.severity?.keyword ?? "-"
        case .provider: decision.judgement.provider?.id ?? "-"
        case .domain: LogLine(text).recipientDomain ?? "-"
        case .host: LogLine(text).remoteHost ?? "-"
        case .hour: LogLine(text).hour ?? "-"
        }
    }

    /// The rows, the greatest count first; hours in their order.
    func rows() -> [Row] {
        let found =
            isByCode
            ? codes.map { decision, count in
                Row(
                    count: count,
                    values: [decision.pick.query?.description ?? "-"],
                    explanation: decision.pick.query.map { StatusRegistry.explain($0) }
                )
            }
            : counts.map { values, count in Row(count: count, values: values, explanation: nil) }
        if keys == [.hour] { return found.sorted { $0.values.lexicographicallyPrecedes($1.values) } }
        return found.sorted { a, b in
            a.count != b.count ? a.count > b.count : a.values.lexicographicallyPrecedes(b.values)
        }
    }
}
