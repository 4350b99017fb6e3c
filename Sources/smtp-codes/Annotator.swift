import SMTPCore

/// `--annotate`: copies its input to standard output and appends an explanation to lines with a code.
///
///     … status=bounced (host said: 550 5.1.1 …)  [550 5.1.1 permanent, give-up: Bad destination mailbox address]
///
/// Every byte of the input is copied as it is; the explanation precedes the line end. What has been read
/// is written before the next read, so nothing waits for a buffer to fill.
struct Annotator: ~Copyable {
    /// The most explanations kept ready; far more than a log has, yet a bound.
    private static let cacheLimit = 4096

    private let filter: LineFilter
    private let colour: Bool
    private var judge: LineJudge
    private var ready: [LineJudge.Decision: [UInt8]] = [:]
    /// The explanation for the long line that is being copied, and whether the line is kept.
    private var pending: [UInt8] = []
    private var keepsLongLine = true

    init(_ filter: LineFilter, _ providers: [Provider]?, colour: Bool) {
        self.filter = filter
        self.colour = colour
        judge = LineJudge(filter, providers)
    }

    /// Copies one input.
    mutating func run(_ input: InputFile, _ output: inout Output) {
        var source = LineSource(input)
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
            } else if !filter.needsCode {
                output.write(bytes)
            }
        case .head(let bytes):
            let found = explanation(of: UnsafeRawBufferPointer(rebasing: bytes.prefix(LineSource.headLimit)))
            pending = found ?? []
            keepsLongLine = found != nil || !filter.needsCode
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

    /// The text for a line, or `nil` when it has no code or the filter drops it.
    private mutating func explanation(of line: UnsafeRawBufferPointer) -> [UInt8]? {
        let text = UnsafeRawBufferPointer(rebasing: line[..<(line.count - line.lineEndLength)])
        guard let decision = judge.decide(text) else { return nil }
        if let known = ready[decision] { return known }
        guard let explanation = decision.explanation else { return nil }
        let explained = Array(Self.text(for: explanation, colour: colour).utf8)
        if ready.count >= Self.cacheLimit { ready.removeAll(keepingCapacity: true) }
        ready[decision] = explained
        return explained
    }

    static func text(for explanation: CodeExplanation, colour: Bool) -> String {
        let action = explanation.action.map { ", \($0.rawValue)" } ?? ""
        let title = explanation.title
        let note = "[\(explanation.code) \(explanation.classKeyword)\(action): \(title)]"
        return colour ? "  \(TextAnswer.tint(explanation.severity))\(note)\u{1B}[0m" : "  \(note)"
    }
}
