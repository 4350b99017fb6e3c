/// The comparison of texts whatever their letter case.
enum FoldedText {
    /// Whether a text contains a word or a phrase.
    static func find(_ phrase: String, in text: String) -> Bool {
        var text = text
        var phrase = phrase
        return text.withUTF8 { text in phrase.withUTF8 { wanted in contains(wanted, text) } }
    }

    private static func contains(_ wanted: UnsafeBufferPointer<UInt8>, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard wanted.count <= text.count else { return false }
        return (0...text.count - wanted.count).contains { start in
            wanted.indices.allSatisfy { lowercased(text[start + $0]) == lowercased(wanted[$0]) }
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 { byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte }
}
