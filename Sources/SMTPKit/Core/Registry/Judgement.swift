/// The registry's decision on one reply: its reason, the evidence for it, and the provider.
///
/// Every view of the registry (text, annotation, claims, exit status, counts, JSON) takes its action from here.
package struct Judgement: Hashable, Sendable {
    /// The evidence for the reason, the best first.
    package enum Evidence: UInt8, Hashable, Sendable {
        /// A row of the provider's own meanings.
        case provider
        /// A definite enhanced code.
        case code
        /// Words of the reply.
        case phrase
        /// A vague or basic code, or nothing at all.
        case fallback
    }

    let reasonIndex: UInt8
    let evidence: Evidence
    /// The row that decides, as an index into the providers' meanings.
    let rowIndex: UInt16?
    /// The provider that the line names, even when none of its rows fits.
    let providerIndex: UInt8?

    init(_ reason: Int, _ evidence: Evidence, row: Int? = nil, provider: Int? = nil) {
        reasonIndex = UInt8(truncatingIfNeeded: reason)
        self.evidence = evidence
        rowIndex = row.map { UInt16(truncatingIfNeeded: $0) }
        providerIndex = provider.map { UInt8(truncatingIfNeeded: $0) }
    }

    /// The reason.
    package var reason: Reason { StatusRegistry.reasons[Int(reasonIndex)] }

    /// The provider's meaning that decides.
    package var meaning: ProviderMeaning? { rowIndex.map { StatusRegistry.providerMeanings[Int($0)] } }

    /// The provider that was recognised or asked for.
    package var provider: Provider? { providerIndex.map { StatusRegistry.providers[Int($0)] } }

    /// The action of the sender.
    package func action(_ reply: ReplyCode?, _ status: EnhancedStatus?) -> SenderAction {
        let severity = reply?.severity ?? status?.class.severity ?? .permanent
        if severity == .success || severity == .intermediate { return .proceed }
        if let meaning { return meaning.action }
        guard Int(reasonIndex) == StatusRegistry.undetermined else { return reason.action(in: severity) }
        // Nothing is known but the code: what its own row says is better than nothing.
        if let status, let kind = EnhancedStatus.Class(rawValue: severity.rawValue),
            let row = StatusRegistry.condition(status.condition)
        {
            return row.action(in: kind)
        }
        if status == nil, let reply, let row = StatusRegistry.replyCode(reply.rawValue) { return row.action }
        return reason.action(in: severity)
    }

    /// The exit status of a delivery program.
    package func sysexit(_ reply: ReplyCode?, _ status: EnhancedStatus?) -> Sysexit {
        switch reply?.severity ?? status?.class.severity ?? .permanent {
        case .success, .intermediate: return .ok
        case .transient: return .temporaryFailure
        case .permanent:
            guard Int(reasonIndex) == StatusRegistry.undetermined, let status,
                let row = StatusRegistry.condition(status.condition)
            else { return reason.sysexit }
            return row.sysexit(in: .permanent)
        }
    }
}
