/// Something odd about a code or a pair of codes; never a reason to refuse it.
public enum CodeWarning: Hashable, Sendable {
    /// The reply code says one thing and the enhanced code another: `550 4.1.1`.
    case contradiction(ReplyCode, EnhancedStatus)
    /// The registry gives other basic codes for the condition.
    case unlistedReply(ReplyCode, EnhancedStatus)
    /// Replies with this code carry no enhanced code: those of 3yz.
    case statusNotAllowed(ReplyCode)
    /// The condition is deprecated.
    case deprecated(EnhancedStatus.Condition)
    /// The condition has no meaning in this class, by its specification or in practice.
    case unusualClass(EnhancedStatus)

    /// A word for scripts.
    public var keyword: String {
        switch self {
        case .contradiction: "contradiction"
        case .unlistedReply: "unlisted-basic-code"
        case .statusNotAllowed: "enhanced-code-not-allowed"
        case .deprecated: "deprecated"
        case .unusualClass: "unusual-class"
        }
    }
}

extension CodeWarning: CustomStringConvertible {
    public var description: String {
        switch self {
        case .contradiction(let reply, let status):
            "\(reply) \(status) contradicts itself: \(reply) is \(reply.severity.keyword), "
                + "\(status) is \(status.class.severity.keyword); the basic code decides (RFC 2034 s4)"
        case .unlistedReply(let reply, let status):
            "\(reply) is not among the basic codes that the registry gives for \(status.condition): "
                + (StatusRegistry.condition(status.condition)?.basicCodeList.split(separator: ",")
                    .joined(separator: ", ") ?? "none")
        case .statusNotAllowed(let reply):
            "a \(reply) reply carries no enhanced code (RFC 2034 s4)"
        case .deprecated(let condition):
            "\(condition) is deprecated"
        case .unusualClass(let status):
            "\(status.condition) is not meant for class \(status.class.rawValue)"
        }
    }
}

extension StatusRegistry {
    /// Returns the oddities of a reply code with its enhanced code, or of an enhanced code alone.
    ///
    ///     550 4.1.1    contradicts itself
    ///     354 2.0.0    carries an enhanced code where none may stand
    ///
    /// - SeeAlso: RFC 2034, section 4.
    public static func check(_ reply: ReplyCode?, _ status: EnhancedStatus) -> [CodeWarning] {
        var warnings: [CodeWarning] = []
        let row = condition(status.condition)
        if let reply {
            if reply.severity == .intermediate {
                warnings.append(.statusNotAllowed(reply))
            } else if reply.severity != status.class.severity {
                warnings.append(.contradiction(reply, status))
            } else if let row, !row.admits(reply) {
                warnings.append(.unlistedReply(reply, status))
            }
        }
        guard let row else { return warnings }
        if row.isDeprecated {
            warnings.append(.deprecated(status.condition))
        } else if !row.isMeaningful(in: status.class), !row.isAlsoSeen(in: status.class) {
            warnings.append(.unusualClass(status))
        }
        return warnings
    }
}
