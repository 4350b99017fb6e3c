extension StatusRegistry {
    /// Something that a word search found.
    public enum Hit: Hashable, Sendable {
        /// An enhanced code.
        case condition(RegisteredCondition)
        /// A basic code.
        case replyCode(RegisteredReplyCode)
        /// The meaning that a provider gives to a code, a tag or a phrase.
        case provider(ProviderMeaning)
    }

    /// Finds what all the words occur in: codes, names, meanings, notes, advice and references.
    ///
    /// Letter case does not matter; a word may be part of a longer one, and `RFC 7505` may be given as `7505`.
    ///
    /// - Parameters:
    ///   - words: blanks inside an element separate words too. No words find nothing.
    ///   - providers: the providers whose meanings are searched as well; `nil` for all.
    public static func search(_ words: [String], from providers: [Provider]? = nil) -> [Hit] {
        let wanted = words.flatMap { $0.split(whereSeparator: \.isWhitespace) }.map(String.init)
        guard !wanted.isEmpty else { return [] }
        func holdAll(_ texts: String...) -> Bool {
            wanted.allSatisfy { word in texts.contains { FoldedText.find(word, in: $0) } }
        }
        let found = conditions.filter {
            holdAll($0.condition.description, $0.title, $0.meaning, $0.notes, $0.advice, $0.reference)
        }
        let basic = replyCodes.filter {
            holdAll($0.number.description, $0.name, $0.meaning, $0.typicalCause, $0.notes, $0.advice, $0.reference)
        }
        let vendor = providerMeanings.filter { row in
            (providers?.contains(row.provider) ?? true)
                && holdAll(
                    row.provider.name,
                    row.first?.description ?? "",
                    row.tag,
                    row.phrase,
                    row.meaning,
                    row.advice
                )
        }
        return found.map(Hit.condition) + basic.map(Hit.replyCode) + vendor.map(Hit.provider)
    }
}
