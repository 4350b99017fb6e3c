import SMTPCore

/// The lines that `--only` keeps: of some classes, with some actions and some reasons.
///
///     --only permanent,transient        --only fix        --only permanent,unknown-user,blocked-ip
///
/// Words of one kind are alternatives; words of different kinds must all hold.
struct LineFilter: Equatable {
    /// Whether lines without a code are dropped.
    private(set) var needsCode = false
    private var severities: Set<ReplyCode.Severity> = []
    private var actions: Set<SenderAction> = []
    private var reasons: Set<String> = []

    /// All lines.
    static let all = LineFilter()
    /// All lines with a code.
    static let withCode = LineFilter(needsCode: true)

    private init(needsCode: Bool = false) { self.needsCode = needsCode }

    /// Reads a list of words; `nil` if one is not known.
    init?(_ list: String) {
        needsCode = true
        for word in list.lowercased().split(separator: ",", omittingEmptySubsequences: false) {
            if word == "any" { continue }
            if let severity = CodeClass(argument: String(word))?.severity {
                severities.insert(severity)
            } else if let action = SenderAction(rawValue: String(word)) {
                actions.insert(action)
            } else if let reason = StatusRegistry.reason(named: word) {
                reasons.insert(reason.id)
            } else {
                return nil
            }
        }
    }

    /// Whether the decision needs more than the code's class.
    var needsReason: Bool { !actions.isEmpty || !reasons.isEmpty }

    /// Whether a code of this class may be kept.
    func admits(_ severity: ReplyCode.Severity?) -> Bool {
        severities.isEmpty || severity.map(severities.contains) ?? false
    }

    func admits(_ action: SenderAction, _ reason: Reason) -> Bool {
        (actions.isEmpty || actions.contains(action)) && (reasons.isEmpty || reasons.contains(reason.id))
    }
}
