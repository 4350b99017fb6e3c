extension StatusRegistry {
    /// Returns the providers that a word names: by their id, their name or an alias, such as `gmail` or `microsoft`.
    ///
    /// One word can name several, as `microsoft` does. Letter case does not matter.
    public static func providers(named word: some StringProtocol) -> [Provider] {
        let wanted = word.lowercased()
        return providers.filter { $0.id == wanted || $0.name.lowercased() == wanted || $0.aliases.contains(wanted) }
    }

    /// The meanings that providers give a code.
    ///
    /// The best row is the one whose tag is in the text, then the one with the longest phrase, then the one with the
    /// code, where a range counts as every code within it. A row with a tag or a phrase does not match without it.
    /// Without `asked`, the provider is recognised by the hosts, words and tags in the text.
    ///
    /// - Parameters:
    ///   - reply: the three digits, if they are known.
    ///   - status: the enhanced status, if it is known.
    ///   - text: the whole reply or log line; empty when only a code is known.
    ///   - asked: the providers that were asked for; `nil` to recognise them.
    /// - Returns: the row that decides; for a code without a text, all rows with it of the providers asked for.
    public static func providerMeanings(
        _ reply: ReplyCode?,
        _ status: EnhancedStatus?,
        in text: String,
        from asked: [Provider]? = nil
    ) -> [ProviderMeaning] {
        providerMeanings(judge(reply, status, in: text, from: asked), reply, status, in: text, from: asked)
    }

    static func providerMeanings(
        _ judgement: Judgement,
        _ reply: ReplyCode?,
        _ status: EnhancedStatus?,
        in text: String,
        from asked: [Provider]?
    ) -> [ProviderMeaning] {
        guard text.isEmpty, let asked else { return judgement.meaning.map { [$0] } ?? [] }
        let rows = asked.flatMap { $0.rows.map { providerMeanings[$0] } }
        guard let status else { return rows.filter { $0.first == nil && $0.reply != nil && $0.reply == reply } }
        var byCode = rows.filter { $0.covers(status) }
        let exact = byCode.filter { $0.last == nil }
        if !exact.isEmpty { byCode = exact }
        let sameReply = byCode.filter { $0.reply == reply }
        return reply != nil && !sameReply.isEmpty ? sameReply : byCode
    }

    /// The decision on a reply, with its text if that is known.
    static func judge(
        _ reply: ReplyCode?,
        _ status: EnhancedStatus?,
        in text: String,
        from asked: [Provider]? = nil
    ) -> Judgement {
        guard !text.isEmpty else { return ReplyJudge.judge(reply, status, from: asked) }
        var judge = ReplyJudge()
        var text = text
        return text.withUTF8 { judge.judge(reply, status, in: UnsafeRawBufferPointer($0), from: asked) }
    }

    /// The providers that use a code which the registry does not have, in the order of the table.
    static func users(of status: EnhancedStatus) -> [ProviderMeaning] {
        providerMeanings.filter { $0.agreement == .unregistered && $0.covers(status) }
    }
}
