/// The multi-pattern automaton over all phrases, tags and provider marks of the registry.
///
/// The pieces of the patterns form one trie, generated in breadth-first order. A piece begins at the start of a
/// word or at a punctuation mark, so one pass over a line enters the trie at these places only, and the time for a
/// line does not depend on the number of patterns.
enum PhraseAutomaton {
    /// The kind of a pattern, and thereby the meaning of its target.
    enum Kind: Int {
        /// Words that tell a reason; the target is a row of ``phrases``.
        case reason
        /// A provider's tag; the target is a row of the providers' meanings.
        case tag
        /// A provider's phrase; the target is a row of the providers' meanings.
        case phrase
        /// A host name's end; the target is twice the provider, plus 1 for a strong mark.
        case host
        /// Words that name a provider; the target is as for ``host``.
        case text
        /// A tag that names a provider; the target is as for ``host``.
        case markTag
    }

    /// One pattern of the table.
    struct Pattern {
        let kind: Kind
        let target: Int
        private let flags: Int

        init(_ number: Int) {
            kind = Kind(rawValue: PhraseAutomaton.patterns[number * 3]) ?? .reason
            target = PhraseAutomaton.patterns[number * 3 + 1]
            flags = PhraseAutomaton.patterns[number * 3 + 2]
        }

        /// Whether the pattern ends at the end of a word.
        var endsWord: Bool { flags & 2 != 0 }
        /// Whether further letters and digits of the same word follow, as in `TSS*`.
        var isFamily: Bool { flags & 4 != 0 }
        /// Whether the text has no lower-case letter.
        var isUpperCase: Bool { flags & 8 != 0 }
        /// Whether the pattern is a provider's own tag.
        var isTag: Bool { kind == .tag || kind == .markTag }
    }

    /// The widest gap that a `*` in a phrase matches, in bytes.
    static let widestGap = 80
    /// The class of the blank in the folded alphabet; letters and digits come before it.
    static let blank: UInt8 = 37

    @inline(__always)
    static func isWord(_ class: UInt8) -> Bool { `class` &- 1 < 36 }
}

/// One phrase of the reason table.
struct ReasonPhrase {
    /// The index of the reason.
    let reason: Int
    /// The strength of the evidence, 0 to 99.
    let priority: Int
    /// The length of the phrase; of two phrases with one priority, the longer is better evidence.
    let length: Int

    init(_ row: Int) {
        reason = PhraseAutomaton.phrases[row * 3]
        priority = PhraseAutomaton.phrases[row * 3 + 1]
        length = PhraseAutomaton.phrases[row * 3 + 2]
    }
}
