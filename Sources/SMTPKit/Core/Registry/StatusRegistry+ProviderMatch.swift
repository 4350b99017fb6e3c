extension StatusRegistry {
    /// The providers that go by a word: their id, their name or an alias, such as `gmail` or `microsoft`.
    ///
    /// One word can stand for several, as `microsoft` does. Letter case does not matter.
    public static func providers(named word: some StringProtocol) -> [Provider] {
        let wanted = word.lowercased()
        return providers.filter { $0.id == wanted || $0.name.lowercased() == wanted || $0.aliases.contains(wanted) }
    }

    /// What providers mean by a code.
    ///
    /// The provider's tag is looked for first, then its phrase, then the code itself, where a range counts
    /// as every code within it. Without `asked`, the provider is recognised from the text, by the hosts it
    /// names or by the tag; then a phrase that the text does not hold counts against a row.
    ///
    /// - Parameters:
    ///   - reply: the three digits, if they are known.
    ///   - status: the enhanced status, if it is known.
    ///   - text: the whole reply or log line; empty when only a code is known.
    ///   - asked: the providers that were asked for; `nil` to recognise them.
    /// - Returns: the matching rows, the best first; several when the code alone cannot tell them apart.
    public static func providerMeanings(
        _ reply: ReplyCode?,
        _ status: EnhancedStatus?,
        in text: String,
        from asked: [Provider]? = nil
    ) -> [ProviderMeaning] {
        // A code alone recognises nobody.
        if asked == nil, text.isEmpty { return [] }
        let line = FoldedText(text)
        let tagged = providerMeanings.filter { row in
            !row.tag.isEmpty && line.holds(tag: row.tag) && !row.conflicts(with: status, reply)
                && (asked?.contains(row.provider) ?? true)
        }
        // A whole tag says more than its family, `TSS04` more than `TS*`.
        if let best = tagged.first(where: { !$0.tag.hasSuffix("*") }) ?? tagged.first { return [best] }

        let candidates = asked ?? recognised(in: line)
        guard !candidates.isEmpty else { return [] }
        let rows = providerMeanings.filter { candidates.contains($0.provider) && !$0.conflicts(with: status, reply) }

        let phrased = rows.filter { !$0.phrase.isEmpty && line.holds(phrase: $0.phrase) }
        if let best = phrased.max(by: { $0.phrase.utf8.count < $1.phrase.utf8.count }) { return [best] }

        guard let status else {
            guard let reply else { return [] }
            let byReply = rows.filter { $0.first == nil && $0.reply == reply }
            return asked == nil && byReply.count != 1 ? [] : byReply
        }
        var byCode = rows.filter { $0.covers(status) }
        let exact = byCode.filter { $0.last == nil }
        if !exact.isEmpty { byCode = exact }
        let sameReply = byCode.filter { $0.reply == reply }
        if reply != nil, !sameReply.isEmpty { byCode = sameReply }
        if asked != nil { return byCode }
        return byCode.count == 1 && byCode[0].provider.matchesByCode ? byCode : []
    }

    private static func recognised(in line: FoldedText) -> [Provider] {
        var found = providers.filter { provider in provider.marks.contains { line.holds(phrase: $0) } }
        // Every line of a Postfix log names Postfix; the host that it talked to says more.
        if found.count > 1 { found.removeAll { $0.id == "postfix" } }
        return found
    }
}

extension ProviderMeaning {
    /// Whether the row is about another code than the one at hand.
    fileprivate func conflicts(with status: EnhancedStatus?, _ reply: ReplyCode?) -> Bool {
        if let status, firstPacked != 0 { return !covers(status) }
        if let reply, let own = self.reply { return own.severity != reply.severity }
        return false
    }
}
