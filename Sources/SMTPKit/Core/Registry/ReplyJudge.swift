/// Decides on replies and log lines, one after the other, with memory that is kept for the next.
///
/// The evidence in its order: a row of the provider's own meanings, a definite enhanced code, words of the reply, the
/// bare code. Where the code says only that the server refuses, single words of the reply count that most replies with
/// them have for one reason.
package struct ReplyJudge: ~Copyable {
    private var scanner = PhraseScanner()

    package init() {}

    /// Decides on a line and the codes that were picked from it.
    ///
    /// - Parameters:
    ///   - reply: the three digits, if there are any.
    ///   - status: the enhanced code, if there is one.
    ///   - line: the reply or the log line; need not be valid UTF-8.
    ///   - asked: the providers to believe in; `nil` to recognise them.
    package mutating func judge(
        _ reply: ReplyCode?,
        _ status: EnhancedStatus?,
        in line: UnsafeRawBufferPointer,
        from asked: [Provider]? = nil
    ) -> Judgement {
        scanner.scan(line, reply)
        let evidence = TextEvidence(scanner.found, reply, status, asked)
        return Self.decide(reply, status, evidence, asked)
    }

    /// Decides on codes without a text.
    package static func judge(
        _ reply: ReplyCode?,
        _ status: EnhancedStatus?,
        from asked: [Provider]? = nil
    ) -> Judgement {
        decide(reply, status, TextEvidence(nil, reply, status, asked), asked)
    }

    private static func decide(
        _ reply: ReplyCode?,
        _ status: EnhancedStatus?,
        _ evidence: TextEvidence,
        _ asked: [Provider]?
    ) -> Judgement {
        let provider = evidence.provider
        let severity = reply?.severity ?? status?.class.severity
        let isFailure = severity != .success && severity != .intermediate
        // A row without a reason of its own leaves it to the text: that of a gateway which quotes another server, say.
        if isFailure, let row = evidence.row,
            case let meaning = StatusRegistry.providerMeanings[row],
            meaning.reasonIndex != StatusRegistry.undetermined || evidence.phrase?.isHint ?? true
        {
            return Judgement(meaning.reasonIndex, .provider, row: row, provider: meaning.providerIndex)
        }
        // The basic code decides about the class; RFC 2034, section 4, wants both to agree.
        let effective = status.map { status in
            severity.flatMap { EnhancedStatus.Class(rawValue: $0.rawValue) }
                .map { EnhancedStatus($0, status.condition) } ?? status
        }
        let own =
            effective.flatMap(StatusRegistry.reason(of:))
            ?? (status == nil ? reply.flatMap(StatusRegistry.reason(of:)) : nil)
        if isFailure, let phrase = evidence.phrase {
            let isDefinite = own != nil && (effective.map(isDefinite) ?? false)
            if phrase.priority >= (isDefinite ? definitePriority : ReasonPhrase.sure) {
                return Judgement(phrase.reason, .phrase, provider: provider)
            }
            if isDefinite, let own { return Judgement(own, .code, provider: provider) }
        }
        let isCode = own != nil && (effective.map(isDefinite) ?? false)
        // A status without a reason of its own still has the basic code beside it.
        let reason = own ?? reply.flatMap(StatusRegistry.reason(of:)) ?? StatusRegistry.undetermined
        if isFailure, !isCode, StatusRegistry.isSilent(reason), let phrase = evidence.phrase, phrase.isHint {
            return Judgement(phrase.reason, .phrase, provider: provider)
        }
        return Judgement(reason, isCode ? .code : .fallback, provider: provider)
    }

    /// The least priority of a phrase that outweighs a definite enhanced code.
    private static let definitePriority = 50

    /// Whether a code is used for one thing only. A detail of 0 says nothing; servers send 5.7.1 for every policy and
    /// 5.2.1 for every trouble of a mailbox.
    private static func isDefinite(_ status: EnhancedStatus) -> Bool {
        status.detail != 0 && status.condition != .init(7, 1) && status.condition != .init(2, 1)
    }
}
