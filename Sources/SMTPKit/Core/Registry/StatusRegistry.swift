/// The registry of SMTP status codes: what every code means and what to do about it.
///
/// The tables are constant data generated from `Data/*.tsv`; nothing is read, built or sorted when a program
/// starts. Look a code up with ``condition(_:)`` and ``replyCode(_:)``, or have everything that is known about
/// what a user typed with ``explain(_:in:from:)``.
public enum StatusRegistry {
    /// The row of a condition, or `nil` when it is not registered.
    public static func condition(_ condition: EnhancedStatus.Condition) -> RegisteredCondition? {
        // Details are numbered without gaps from 0, so a row is `detail` rows below its subject's first.
        let starts: [UInt8] = [0, 1, 12, 17, 24, 32, 39, 50, 81]
        guard condition.subject < 8 else { return nil }
        let subject = Int(condition.subject)
        let row = Int(starts[subject]) + Int(condition.detail)
        return row < Int(starts[subject + 1]) ? conditions[row] : nil
    }

    /// The row of a basic code by its number, or `nil` when it is not known.
    public static func replyCode(_ number: UInt16) -> RegisteredReplyCode? {
        guard number < replyRows.count, case let row = replyRows[Int(number)], row > 0 else { return nil }
        return replyCodes[row - 1]
    }

    /// Whether a basic code is known.
    static func isKnown(_ reply: ReplyCode) -> Bool {
        reply.rawValue < replyRows.count && replyRows[Int(reply.rawValue)] > 0
    }

    /// The row of a class.
    public static func `class`(_ class: EnhancedStatus.Class) -> RegisteredClass {
        switch `class` {
        case .success: classes[0]
        case .transient: classes[1]
        case .permanent: classes[2]
        }
    }

    /// The row of a subject, or `nil` for a number above 7.
    public static func subject(_ number: UInt16) -> RegisteredSubject? {
        Int(number) < subjects.count ? subjects[Int(number)] : nil
    }

    /// The basic code that usually goes with a status, always of its class.
    ///
    ///     5.1.1 → 550      4.2.2 → 452      2.7.0 → 235
    ///
    /// - Returns: for a status that is not registered: 250, 451 or 550.
    public static func usualReply(for status: EnhancedStatus) -> ReplyCode {
        if let row = condition(status.condition) { return row.usualReply(in: status.class) }
        return switch status.class {
        case .success: 250
        case .transient: 451
        case .permanent: 550
        }
    }

    /// Returns the exit status by which a delivery program reports a status.
    ///
    ///     5.1.1 → EX_NOUSER      4.2.2 → EX_TEMPFAIL      2.0.0 → EX_OK
    public static func sysexit(for status: EnhancedStatus) -> Sysexit {
        ReplyJudge.judge(nil, status).sysexit(nil, status)
    }

    /// Returns the exit status by which a delivery program reports a basic code without a status.
    public static func sysexit(for reply: ReplyCode) -> Sysexit {
        ReplyJudge.judge(reply, nil).sysexit(reply, nil)
    }
}

extension ReplyCode.Severity {
    /// One word for what the first digit promises: `success`, `intermediate`, `transient` or `permanent`.
    public var keyword: String {
        switch self {
        case .success: "success"
        case .intermediate: "intermediate"
        case .transient: "transient"
        case .permanent: "permanent"
        }
    }

    /// The sender's action for a code of which only the first digit is known.
    ///
    /// - SeeAlso: RFC 5321, section 4.2.1.
    public var usualAction: SenderAction {
        switch self {
        case .success, .intermediate: .proceed
        case .transient: .retry
        case .permanent: .giveUp
        }
    }
}

extension EnhancedStatus.Class {
    /// The first digit of the reply codes that go with the class.
    public var severity: ReplyCode.Severity {
        switch self {
        case .success: .success
        case .transient: .transient
        case .permanent: .permanent
        }
    }
}
