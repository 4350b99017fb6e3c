/// The comparison of texts whatever their letter case.
enum FoldedText {
    /// Whether a text contains a word or a phrase.
    static func find(_ phrase: String, in text: String) -> Bool {
        var text = text
        var phrase = phrase
        return text.withUTF8 { text in phrase.withUTF8 { wanted in contains(wanted, text) } }
    }

    /// Whether a text begins with a word or a phrase.
    static func starts(_ text: String, with phrase: String) -> Bool {
        text.utf8.count >= phrase.utf8.count
            && zip(text.utf8, phrase.utf8).allSatisfy { lowercased($0) == lowercased($1) }
    }

    private static func contains(_ wanted: UnsafeBufferPointer<UInt8>, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard wanted.count <= text.count else { return false }
        guard let first = wanted.first.map(lowercased) else { return true }
        // Few positions have the first byte, and the rest is compared at those alone.
        for start in 0...text.count - wanted.count where lowercased(text[start]) == first {
            var length = 1
            while length < wanted.count, lowercased(text[start + length]) == lowercased(wanted[length]) { length += 1 }
            if length == wanted.count { return true }
        }
        return false
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 { byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte }
}
