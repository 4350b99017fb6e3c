import SMTPCore

/// `--annotate`: copies standard input to standard output and appends an explanation to lines with a code.
///
///     … status=bounced (host said: 550 5.1.1 …)  [550 5.1.1 permanent, give-up: Bad destination mailbox address]
///
/// Every byte of the input is copied as it is; the explanation stands before the line end. What has been read
/// is written before the next read, so nothing waits for a buffer to fill.
struct Annotator: ~Copyable {
    /// Which lines are kept.
    enum Filter: Equatable {
        case all
        case withCode
        case severity(ReplyCode.Severity)
    }

    /// The most explanations kept ready; far more than a log has, yet a bound.
    private static let cacheLimit = 4096

    private let filter: Filter
    private let providers: [Provider]?
    private var ready: [CodePicker.Pick: [UInt8]] = [:]
    /// The explanation for the long line that is being copied, and whether the line is kept.
    private var pending: [UInt8] = []
    private var keepsLongLine = true

    init(_ filter: Filter, _ providers: [Provider]?) {
        self.filter = filter
        self.providers = providers
    }

    /// Copies everything.
    mutating func run(_ output: inout Output) {
        var source = LineSource()
        var more = true
        while more {
            more = source.readAvailable { piece in annotate(piece, &output) }
            output.flush()
        }
    }

    private mutating func annotate(_ piece: LineSource.Piece, _ output: inout Output) {
        switch piece {
        case .line(let bytes):
            if let explanation = explanation(of: bytes) {
                append(explanation, to: bytes, &output)
            } else if filter == .all {
                output.write(bytes)
            }
        case .head(let bytes):
            let found = explanation(of: UnsafeRawBufferPointer(rebasing: bytes.prefix(LineSource.headLimit)))
            pending = found ?? []
            keepsLongLine = found != nil || filter == .all
            if keepsLongLine { output.write(bytes) }
        case .rest(let bytes):
            if keepsLongLine { output.write(bytes) }
        case .tail(let bytes):
            if keepsLongLine { append(pending, to: bytes, &output) }
        }
    }

    private func append(_ explanation: [UInt8], to line: UnsafeRawBufferPointer, _ output: inout Output) {
        let split = line.count - line.lineEndLength
        output.write(UnsafeRawBufferPointer(rebasing: line[..<split]))
        output.write(explanation)
        output.write(UnsafeRawBufferPointer(rebasing: line[split...]))
    }

    /// The text for a line, or `nil` when it has no code or its class is not asked for.
    private mutating func explanation(of line: UnsafeRawBufferPointer) -> [UInt8]? {
        let text = UnsafeRawBufferPointer(rebasing: line[..<(line.count - line.lineEndLength)])
        guard let pick = CodePicker.pick(inBytes: text) else { return nil }
        if case .severity(let wanted) = filter {
            guard pick.reply?.severity ?? pick.status?.class.severity == wanted else { return nil }
        }
        if providers == nil, let known = ready[pick] { return known }
        guard let query = pick.query else { return nil }
        let asked = providers == nil ? "" : String(decoding: text, as: UTF8.self)
        let explained = Array(Self.text(for: StatusRegistry.explain(query, in: asked, from: providers ?? [])).utf8)
        if providers == nil {
            if ready.count >= Self.cacheLimit { ready.removeAll(keepingCapacity: true) }
            ready[pick] = explained
        }
        return explained
    }

    static func text(for explanation: CodeExplanation) -> String {
        let action = explanation.action.map { ", \($0.rawValue)" } ?? ""
        let provider =
            explanation.providerMeanings.count == 1
            ? "; \(explanation.providerMeanings[0].provider.name): \(explanation.providerMeanings[0].meaning)" : ""
        return "  [\(explanation.code) \(explanation.classKeyword)\(action): \(explanation.title)\(provider)]"
    }
}
