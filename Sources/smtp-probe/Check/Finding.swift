/// The verdict on a rule.
enum Verdict: String, CaseIterable, Sendable {
    /// The rule is kept, and the check saw it.
    case pass
    /// A MUST is broken, or an attack works.
    case fail
    /// A SHOULD is not kept, or something will break soon.
    case warn
    /// A fact without judgement.
    case info
    /// The rule could not be looked at.
    case inconclusive
    /// The rule does not apply.
    case skipped
}

/// The outcome of one check, with its evidence.
struct Finding: Hashable, Sendable {
    var verdict: Verdict
    /// The observation, in one sentence or a few.
    var detail: String
    /// The remedy; for `fail` and `warn` only.
    var fix: String?
    /// The numbers of the transcript's entries that show it.
    var evidence: [Int] = []

    static func pass(_ detail: String, _ evidence: [Exchange?] = []) -> Finding {
        Finding(.pass, detail, nil, evidence)
    }

    static func info(_ detail: String, _ evidence: [Exchange?] = []) -> Finding {
        Finding(.info, detail, nil, evidence)
    }

    static func warn(_ detail: String, fix: String, _ evidence: [Exchange?] = []) -> Finding {
        Finding(.warn, detail, fix, evidence)
    }

    static func fail(_ detail: String, fix: String, _ evidence: [Exchange?] = []) -> Finding {
        Finding(.fail, detail, fix, evidence)
    }

    static func inconclusive(_ reason: String, _ evidence: [Exchange?] = []) -> Finding {
        Finding(.inconclusive, reason, nil, evidence)
    }

    static func skipped(_ reason: String) -> Finding { Finding(.skipped, reason, nil, []) }

    init(_ verdict: Verdict, _ detail: String, _ fix: String?, _ evidence: [Exchange?]) {
        (self.verdict, self.detail, self.fix) = (verdict, detail, fix)
        self.evidence = evidence.compactMap { $0?.number }
    }

    /// A `fail` or `warn`, by whether a MUST is broken.
    static func fault(
        _ isFailure: Bool, _ detail: String, fix: String, _ evidence: [Exchange?] = []
    ) -> Finding {
        Finding(isFailure ? .fail : .warn, detail, fix, evidence)
    }
}

/// The result of one check for one server or domain.
struct CheckResult: Sendable {
    let check: Check
    /// `host:port`; `nil` for a check of a domain.
    let server: String?
    let finding: Finding
    let time: Duration
}
