import SMTPCore

/// `--list`: the rows of the registry, filtered by class and subject.
struct Listing {
    /// Only codes of this class.
    let `class`: ReplyCode.Severity?
    /// Only codes of this subject.
    let subject: UInt16?

    /// The enhanced codes, with their class where one was asked for and as `X.7.1` otherwise.
    var enhanced: [CodeExplanation] {
        StatusRegistry.conditions.compactMap { row in
            guard subject.map({ $0 == row.condition.subject }) ?? true else { return nil }
            guard let `class` else { return StatusRegistry.explain(.condition(row.condition)) }
            guard let kind = EnhancedStatus.Class(rawValue: `class`.rawValue), row.classes.contains(kind) else {
                return nil
            }
            return StatusRegistry.explain(EnhancedStatus(kind, row.condition))
        }
    }

    /// The basic codes.
    var basic: [CodeExplanation] {
        StatusRegistry.replyCodes.filter { row in `class`.map { row.code?.severity == $0 } ?? true }
            .sorted { $0.number < $1.number }.map { StatusRegistry.explain(.reply($0.number)) }
    }

    var enhancedLines: [String] { enhanced.map(\.summary) }
    var basicLines: [String] { basic.map(\.summary) }
}
