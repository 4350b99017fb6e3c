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
        /// Whether the pattern is a hint: words that were learnt from all phrases.
        var isHint: Bool { flags & 16 != 0 }
        /// Whether the pattern is a provider's own tag.
        var isTag: Bool { kind == .tag || kind == .markTag }
    }

    /// One node of the trie, read from the table as one word.
    ///
    /// The table has eight numbers of six bits per node, a byte each: the class that leads to it, a length, a place in
    /// three parts, the piece that ends here, counted from 1, in two parts, and whether the node is a tail. The low
    /// parts come first. The length and the place are those of the children, which are neighbours and ordered by class.
    /// In a tail they are those of the text in ``tails`` that leads to the piece.
    struct Node {
        private let word: UInt64

        @inline(__always)
        init(_ number: Int) {
            let text = UnsafeRawPointer(PhraseAutomaton.nodes.text.utf8Start)
            let bytes = text.loadUnaligned(fromByteOffset: number << 3, as: UInt64.self)
            word = UInt64(littleEndian: bytes) &- 0x3030_3030_3030_3030
        }

        /// The piece that ends here, or at the end of the tail, counted from 1; 0 if none does.
        var piece: Int { part(5) | part(6) << 6 }
        /// Whether one text alone follows.
        var isTail: Bool { word >> 56 != 0 }

        private var length: Int { part(1) }
        private var place: Int { part(2) | part(3) << 6 | part(4) << 12 }

        @inline(__always)
        private func part(_ place: UInt64) -> Int { Int(truncatingIfNeeded: (word >> (place << 3)) & 0x3F) }

        /// The child that a class leads to; 0 if there is none.
        @inline(__always)
        func child(_ wanted: UInt8) -> Int {
            var left = length
            guard left > 0 else { return 0 }
            var child = place
            var label = PhraseAutomaton.nodes.text.utf8Start + child << 3
            let sought = wanted &+ 48
            while label.pointee < sought {
                left &-= 1
                guard left > 0 else { return 0 }
                child &+= 1
                label += 8
            }
            return label.pointee == sought ? child : 0
        }

        /// Where the text of a tail ends in a line; `nil` if the line goes on otherwise.
        @inline(__always)
        func endOfTail(in line: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
            let length = length
            guard length <= line.count &- start else { return nil }
            let text = PhraseAutomaton.tails.text.utf8Start + place
            for index in 0..<length where text[index] != line[start &+ index] &+ 48 { return nil }
            return start &+ length
        }
    }

    /// The node after two classes; 0 if no piece begins with them.
    @inline(__always)
    static func node(_ first: UInt8, _ second: UInt8) -> Int {
        let text = pairs.text.utf8Start + (Int(first) << 6 | Int(second)) << 1
        return Int(text[0] &- 48) << 6 | Int(text[1] &- 48)
    }

    /// One use of a piece in a pattern.
    struct Use {
        let pattern: Int
        let slot: Int
        let isFirst: Bool
        let isLast: Bool

        @inline(__always)
        init(_ number: Int) {
            let text = PhraseAutomaton.uses.text.utf8Start + number &* 6
            func value(_ place: Int) -> Int { Int(text[place] &- 48) << 6 | Int(text[place + 1] &- 48) }
            pattern = value(0)
            slot = value(2)
            isFirst = text[5] & 1 != 0
            isLast = text[5] & 2 != 0
        }
    }

    /// Whether a piece may begin with three classes. Most words of a line fail here, after one look at the table.
    @inline(__always)
    static func begins(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
        let bits = triples.text.utf8Start[(Int(first) << 6 | Int(second)) << 4 | Int(third >> 2)]
        return (bits &- 48) >> (third & 3) & 1 != 0
    }

    /// The widest gap that a `*` in a phrase matches, in bytes.
    static let widestGap = 80
    /// The class of the blank in the folded alphabet; letters and digits come before it.
    static let blank: UInt8 = 37

    /// The class of the digit 0.
    static let firstDigit: UInt8 = 27
    /// The marks of a blank when a line is folded.
    static let blankMark: UInt8 = 64
    /// The mark of a digit that can begin a reply code.
    static let digitMark: UInt8 = 65

    /// The class of a byte of ASCII, or a mark above the classes; see ``folds``.
    @inline(__always)
    static func fold(_ byte: UInt8) -> UInt8 { folds.utf8Start[Int(byte)] &- 48 }

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
    /// Whether the phrase tells why a reply refuses, not only how, and that plainly.
    let isCause: Bool

    init(reason: Int, priority: Int, length: Int) {
        self.reason = reason
        self.priority = priority
        self.length = length
        isCause = priority >= Self.plain && !StatusRegistry.isGeneral(reason)
    }

    init(_ row: Int) {
        self.init(
            reason: PhraseAutomaton.phrases[row * 3],
            priority: PhraseAutomaton.phrases[row * 3 + 1],
            length: PhraseAutomaton.phrases[row * 3 + 2]
        )
    }

    /// Whether the words are only a hint, which counts when neither the code nor a phrase tells the reason.
    var isHint: Bool { priority < Self.sure }

    /// The least priority of a phrase that counts beside a vague code.
    static let sure = 25

    /// The least priority of a phrase that says its reason plainly.
    private static let plain = 45

    /// Whether another phrase is better evidence: a cause before a general reason, then the priority, then the length.
    func isLess(than other: ReasonPhrase) -> Bool {
        if isCause != other.isCause { return other.isCause }
        return (priority, length) < (other.priority, other.length)
    }
}
