/// A text that is searched several times, whatever its letter case; cut at a length that no reply exceeds.
struct FoldedText {
    private static let limit = 8192
    private let folded: [UInt8]
    private let original: [UInt8]

    init(_ text: String) {
        original = Array(text.utf8.prefix(Self.limit))
        folded = original.map(Self.lowercased)
    }

    /// Whether the text holds the words of a phrase. qmail's `_` reads as a blank.
    func holds(phrase: String) -> Bool {
        folded.withUnsafeBufferPointer { Self.find(phrase, in: $0) }
    }

    /// Whether a text holds a word or a phrase, whatever its letter case.
    static func find(_ phrase: String, in text: String) -> Bool {
        var text = text
        return text.withUTF8 { find(phrase, in: $0) }
    }

    /// Whether the text holds a tag as a word of its own; `TS*` stands for every word that begins so.
    func holds(tag: String) -> Bool {
        let isFamily = tag.utf8.last == UInt8(ascii: "*")
        let wanted = Array(tag.utf8.dropLast(isFamily ? 1 : 0))
        return original.withUnsafeBufferPointer { text in
            var from = 0
            while let found = Self.position(of: wanted, in: text, from: from, folding: false) {
                let end = found + wanted.count
                let opens = found == 0 || !Self.isWordByte(text[found - 1])
                let next = end == text.count ? ASCII.space : text[end]
                if opens, isFamily ? Self.isWordByte(next) : !Self.isWordByte(next) { return true }
                from = found + 1
            }
            return false
        }
    }

    private static func find(_ phrase: String, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        var phrase = phrase
        return phrase.withUTF8 { wanted in
            position(of: wanted, in: text, from: 0, folding: true) != nil
        }
    }

    private static func position(
        of wanted: some RandomAccessCollection<UInt8>,
        in text: UnsafeBufferPointer<UInt8>,
        from: Int,
        folding: Bool
    ) -> Int? {
        guard let head = wanted.first, text.count >= wanted.count else { return nil }
        let first = folding ? lowercased(head) : head
        var start = from
        while start + wanted.count <= text.count {
            if (folding ? lowercased(text[start]) : text[start]) == first {
                var index = start
                let agrees = wanted.allSatisfy { byte in
                    defer { index += 1 }
                    return folding ? lowercased(text[index]) == lowercased(byte) : text[index] == byte
                }
                if agrees { return start }
            }
            start += 1
        }
        return nil
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "_")
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        if byte == UInt8(ascii: "_") { return ASCII.space }
        return byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }
}
