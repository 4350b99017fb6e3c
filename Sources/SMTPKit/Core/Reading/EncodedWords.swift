/// Header text in which words may stand for characters beyond ASCII.
///
///     Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?= an alle
///
/// - SeeAlso: RFC 2047.
package struct EncodedWords {
    private let sets: CharacterSets

    /// - Parameter sets: what knows character sets.
    package init(_ sets: CharacterSets) { self.sets = sets }

    /// The text that unfolded octets of a header field stand for. What is no encoded word stays as it is.
    package func decode(_ octets: [UInt8]) -> String {
        guard Self.mayHoldWord(octets) else { return sets.text(octets, in: nil) }
        var text = ""
        var plain = octets.startIndex
        // Octets of neighbours in one character set, which some writers cut within a character.
        var pending: (set: String, octets: [UInt8])?
        var index = octets.startIndex
        while index + 1 < octets.endIndex {
            guard octets[index] == UInt8(ascii: "="), octets[index + 1] == UInt8(ascii: "?"),
                let word = Self.word(octets, at: index)
            else {
                index += 1
                continue
            }
            let between = octets[plain..<index]
            // RFC 2047, section 6.2: blanks between two encoded words are no part of the text.
            let isNeighbour = pending != nil && between.allSatisfy { $0 == ASCII.space || $0 == UInt8(ascii: "\t") }
            if !isNeighbour || pending?.set != word.set {
                flush(&pending, to: &text)
                if !isNeighbour { text += sets.text(Array(between), in: nil) }
                pending = (word.set, word.octets)
            } else {
                pending?.octets += word.octets
            }
            index = word.end
            plain = index
        }
        flush(&pending, to: &text)
        return text + sets.text(Array(octets[plain...]), in: nil)
    }

    private static func mayHoldWord(_ octets: [UInt8]) -> Bool {
        guard octets.count > 1 else { return false }
        return octets.indices.dropLast().contains {
            octets[$0] == UInt8(ascii: "=") && octets[$0 + 1] == UInt8(ascii: "?")
        }
    }

    private func flush(_ pending: inout (set: String, octets: [UInt8])?, to text: inout String) {
        if let pending { text += sets.text(pending.octets, in: pending.set) }
        pending = nil
    }

    private struct Word {
        var set: String
        var octets: [UInt8]
        var end: Int
    }

    /// RFC 2047, section 2: `=?charset?encoding?text?=`, of which the text may be longer than it should.
    private static func word(_ octets: [UInt8], at start: Int) -> Word? {
        guard let set = field(octets, from: start + 2), let encoding = field(octets, from: set.upperBound + 1),
            let text = field(octets, from: encoding.upperBound + 1), encoding.count == 1, !set.isEmpty,
            text.upperBound + 1 < octets.endIndex, octets[text.upperBound + 1] == UInt8(ascii: "=")
        else { return nil }
        // RFC 2231, section 5: a language behind an asterisk.
        let name = octets[set].prefix { $0 != UInt8(ascii: "*") }
        let decoded: [UInt8]
        switch octets[encoding.lowerBound] | 0x20 {
        case UInt8(ascii: "b"): decoded = TransferEncoding.base64.decode(octets[text])
        case UInt8(ascii: "q"): decoded = decodeQ(octets[text])
        case _: return nil
        }
        return Word(set: String(decoding: name, as: UTF8.self).lowercased(), octets: decoded, end: text.upperBound + 2)
    }

    /// What stands before the next question mark. No blanks, as in the grammar: what has some is no word.
    private static func field(_ octets: [UInt8], from start: Int) -> Range<Int>? {
        var end = start
        while end < octets.endIndex, octets[end] != UInt8(ascii: "?") {
            guard octets[end] > ASCII.space else { return nil }
            end += 1
        }
        return end < octets.endIndex ? start..<end : nil
    }

    /// RFC 2047, section 4.2.
    private static func decodeQ(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var octets: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            let octet = text[index]
            if octet == UInt8(ascii: "="), index + 2 < text.endIndex, let high = ASCII.hexValue(text[index + 1]),
                let low = ASCII.hexValue(text[index + 2])
            {
                octets.append(high << 4 | low)
                index += 3
            } else {
                octets.append(octet == UInt8(ascii: "_") ? ASCII.space : octet)
                index += 1
            }
        }
        return octets
    }
}
