/// The evidence in the words of one line: the provider, the row of its meanings that fits best, and the best phrase.
struct TextEvidence {
    /// The provider that the line names or that was asked for.
    private(set) var provider: Int?
    /// The row that fits best.
    private(set) var row: Int?
    /// The phrase with the highest priority.
    private(set) var phrase: ReasonPhrase?

    /// Weighs the patterns found in a line; `nil` where there is only a code.
    init(_ patterns: [PhraseScanner.Match]?, _ reply: ReplyCode?, _ status: EnhancedStatus?, _ asked: [Provider]?) {
        let found = patterns ?? []
        var marks = ProviderMarks()
        var tagged: [Int] = []
        var phrased: [Int] = []
        var isPhraseInReply = false
        for match in found {
            let pattern = PhraseAutomaton.Pattern(match.pattern)
            switch pattern.kind {
            case .reason:
                let next = ReasonPhrase(pattern.target)
                if next.isHint, !match.isInReply { continue }
                let isInReply = match.isInReply && !next.isHint
                if isInReply != isPhraseInReply, phrase != nil {
                    // The words of the reply come before those of the log about it.
                    guard isInReply else { continue }
                } else if let best = phrase, !best.isLess(than: next) {
                    continue
                }
                phrase = next
                isPhraseInReply = isInReply
            case .tag: if !tagged.contains(pattern.target) { tagged.append(pattern.target) }
            case .phrase: if !phrased.contains(pattern.target) { phrased.append(pattern.target) }
            case .host, .text, .markTag: marks.add(pattern)
            }
        }
        let candidates: [Int]
        if let asked {
            candidates = asked.compactMap { StatusRegistry.providers.firstIndex(of: $0) }
            provider = candidates.count == 1 ? candidates.first : marks.strong.first { candidates.contains($0) }
        } else {
            candidates = marks.strong.isEmpty ? marks.weak : marks.strong
            provider = candidates.first
        }
        let isSure = asked != nil || !marks.strong.isEmpty
        var best: (row: Int, rank: Rank)?
        var isTied = false
        func consider(_ index: Int, hasTag: Bool, hasPhrase: Bool) {
            let meaning = StatusRegistry.providerMeanings[index]
            guard let rank = Rank(meaning, reply, status, hasTag, hasPhrase, isBare: patterns == nil) else { return }
            guard let current = best, index != current.row else {
                if best == nil { best = (index, rank) }
                return
            }
            if current.rank < rank {
                best = (index, rank)
                isTied = false
            } else if current.rank == rank {
                let other = StatusRegistry.providerMeanings[current.row]
                let own = StatusRegistry.providerMeanings[index]
                isTied = isTied || other.reasonIndex != own.reasonIndex || other.action != own.action
            }
        }
        for index in tagged where candidates.contains(StatusRegistry.providerMeanings[index].providerIndex) {
            consider(index, hasTag: true, hasPhrase: phrased.contains(index))
        }
        if best == nil {
            for index in phrased {
                let row = StatusRegistry.providerMeanings[index]
                let isNamed = candidates.contains(row.providerIndex)
                // Without a mark, only a code of the provider's own together with its words tells who answered.
                let isUnmistakable =
                    candidates.isEmpty && row.agreement == .unregistered && status.map(row.covers) ?? false
                if isNamed || isUnmistakable { consider(index, hasTag: false, hasPhrase: true) }
            }
        }
        if best == nil, isSure {
            for candidate in candidates {
                for index in StatusRegistry.providers[candidate].rows {
                    consider(index, hasTag: false, hasPhrase: false)
                }
            }
        }
        if best == nil, asked == nil { borrow(phrased, status) }
        // Marks such as Postfix's tell the program that wrote the line: its general words give way to the cause.
        if let row = best?.row, !isSure, let phrase, phrase.isCause,
            StatusRegistry.isGeneral(StatusRegistry.providerMeanings[row].reasonIndex)
        {
            return
        }
        guard let best, !isTied else { return }
        row = best.row
        provider = StatusRegistry.providerMeanings[best.row].providerIndex
    }

    /// Takes the reason from the words and the enhanced code of a provider that the line does not name: other servers
    /// use both for the same thing. The provider's name, meaning and advice do not count.
    private mutating func borrow(_ rows: [Int], _ status: EnhancedStatus?) {
        guard let status else { return }
        for index in rows {
            let meaning = StatusRegistry.providerMeanings[index]
            guard meaning.phraseLength >= Self.leastLengthOfOthers, !meaning.hasTag, meaning.covers(status),
                meaning.wordCount >= 3
            else { continue }
            let own = ReasonPhrase(
                reason: meaning.reasonIndex, priority: Self.priorityOfOthers, length: meaning.phraseLength)
            if phrase?.isLess(than: own) ?? true { phrase = own }
        }
    }

    /// The least length of a phrase that counts without its provider, in bytes.
    private static let leastLengthOfOthers = 16
    /// The priority of such a phrase.
    private static let priorityOfOthers = 55

    /// The fit of a row; the greater is the better.
    private struct Rank: Comparable {
        /// 3 for a tag, 2 for a phrase, 1 for a code.
        private let kind: Int
        private let length: Int
        private let code: Int

        /// - Returns: `nil` when the row is about something else.
        init?(
            _ row: ProviderMeaning,
            _ reply: ReplyCode?,
            _ status: EnhancedStatus?,
            _ hasTag: Bool,
            _ hasPhrase: Bool,
            isBare: Bool
        ) {
            let digit = reply?.severity.rawValue ?? status?.class.rawValue
            if let digit, let own = row.classDigit, Int(digit) != own { return nil }
            guard let code = Self.code(row, reply, status) else { return nil }
            self.code = code
            if hasTag {
                kind = row.isFamily ? 3 : 4
                length = hasPhrase ? row.phraseLength : 0
            } else if hasPhrase {
                guard !row.hasTag, code > 0 || row.phraseLength >= 12 else { return nil }
                kind = 2
                length = row.phraseLength
            } else {
                // Of a code without a text, all rows are possible.
                guard isBare || !row.hasTag && (row.phraseLength == 0 || row.agreement == .unregistered), code >= 4
                else { return nil }
                kind = 1
                length = isBare || row.phraseLength > 0 ? 0 : 1
            }
        }

        /// 0 for another code of the class, then a row without a code, a range, the code, and both codes.
        private static func code(_ row: ProviderMeaning, _ reply: ReplyCode?, _ status: EnhancedStatus?) -> Int? {
            let sameReply = reply != nil && row.replyNumber == Int(reply?.rawValue ?? 0)
            guard row.hasStatus else { return sameReply ? (status == nil ? 4 : 3) : 1 }
            guard let status else { return sameReply ? 3 : 2 }
            guard row.covers(status) else { return 0 }
            return (row.isRange ? 4 : 6) + (sameReply ? 1 : 0)
        }

        static func < (left: Rank, right: Rank) -> Bool {
            (left.kind, left.length, left.code) < (right.kind, right.length, right.code)
        }
    }
}

/// The providers that a line names.
private struct ProviderMarks {
    /// Providers that one mark names beyond doubt, in the order of the line.
    private(set) var strong: [Int] = []
    /// Providers for which only a weak mark was found.
    private(set) var weak: [Int] = []

    mutating func add(_ pattern: PhraseAutomaton.Pattern) {
        let provider = pattern.target >> 1
        if pattern.target & 1 != 0 {
            if !strong.contains(provider) { strong.append(provider) }
        } else if !weak.contains(provider) {
            weak.append(provider)
        }
    }
}
