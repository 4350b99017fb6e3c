import SMTPCore

/// Picks the code of each line of a log and decides on its reason, with memory that is kept for the next line.
struct LineJudge: ~Copyable {
    /// The decision on one line; equal decisions are explained in the same words.
    struct Decision: Hashable {
        let pick: CodePicker.Pick
        let judgement: Judgement

        var severity: ReplyCode.Severity? { pick.reply?.severity ?? pick.status?.class.severity }
        var action: SenderAction { judgement.action(pick.reply, pick.status) }
        var explanation: CodeExplanation? { pick.query.map { StatusRegistry.explain($0, judgement) } }
    }

    private let filter: LineFilter
    private let providers: [Provider]?
    /// Whether the provider counts even for a success, which has no reason to look for.
    private let wantsProviders: Bool
    private var judge = ReplyJudge()

    init(_ filter: LineFilter, _ providers: [Provider]?, wantsProviders: Bool = false) {
        self.filter = filter
        self.providers = providers
        self.wantsProviders = wantsProviders
    }

    /// The decision on a line; `nil` when it has no code, or when the filter drops it.
    mutating func decide(_ text: UnsafeRawBufferPointer) -> Decision? {
        guard let pick = CodePicker.pick(inBytes: text) else { return nil }
        let severity = pick.reply?.severity ?? pick.status?.class.severity
        guard filter.admits(severity) else { return nil }
        let isFailure = severity == .transient || severity == .permanent
        let judgement =
            isFailure || wantsProviders
            ? judge.judge(pick.reply, pick.status, in: text, from: providers)
            : ReplyJudge.judge(pick.reply, pick.status)
        let decision = Decision(pick: pick, judgement: judgement)
        if filter.needsReason, !filter.admits(decision.action, judgement.reason) { return nil }
        return decision
    }
}

extension LineSource.Piece {
    /// The text in which a code is looked for, without its line end; `nil` for what follows the head of a long line.
    var text: UnsafeRawBufferPointer? {
        switch self {
        case .line(let bytes): UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - bytes.lineEndLength)])
        case .head(let bytes): UnsafeRawBufferPointer(rebasing: bytes.prefix(LineSource.headLimit))
        case .rest, .tail: nil
        }
    }
}
