/// Header text in which encoded words represent characters beyond ASCII.
///
///     Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?= an alle
///
/// - SeeAlso: RFC 2047.
package struct EncodedWords {
    private let sets: CharacterSets

    /// - Parameter sets: what knows character sets.
    package init(_ sets: CharacterSets) { self.sets = sets }

    /// Decodes the unfolded bytes of a header field. Anything that is no encoded word is kept.
    package func decode(_ octets: [UInt8]) -> String {
        guard Self.mayHoldWord(octets) else { return sets.text(octets, in: nil) }
        var text = ""
        var plain = octets.startIndex
        // Bytes of neighbours in one character set, which some writers cut within a character.
        var pending: (set: String, octets: [UInt8])?
        var index = octets.startIndex
        var scanner = Scanner(octets)
        while index + 1 < octets.endIndex {
            guard octets[index] == UInt8(ascii: "="), octets[index + 1] == UInt8(ascii: "?"),
                let word = scanner.word(at: index)
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

    /// Finds words at positions that only grow.
    private struct Scanner {
        private let octets: [UInt8]
        /// The offset of the `?=` that was found last; where it was looked for and is none, the end.
        private var end = -1

        init(_ octets: [UInt8]) { self.octets = octets }

        /// RFC 2047, section 2: `=?charset?encoding?text?=`. The text may be longer than the grammar allows, and may
        /// hold blanks and question marks, as many senders write it.
        mutating func word(at start: Int) -> Word? {
            guard let set = token(from: start + 2), let encoding = token(from: set.upperBound + 1),
                encoding.count == 1, !set.isEmpty, let text = text(from: encoding.upperBound + 1)
            else { return nil }
            // RFC 2231, section 5: a language after an asterisk.
            let name = octets[set].prefix { $0 != UInt8(ascii: "*") }
            let decoded: [UInt8]
            switch octets[encoding.lowerBound] | 0x20 {
            case UInt8(ascii: "b"): decoded = TransferEncoding.base64.decode(octets[text])
            case UInt8(ascii: "q"): decoded = EncodedWords.decodeQ(octets[text])
            case _: return nil
            }
            return Word(
                set: String(decoding: name, as: UTF8.self).lowercased(), octets: decoded, end: text.upperBound + 2)
        }

        /// The bytes before the next question mark, without blanks.
        private func token(from start: Int) -> Range<Int>? {
            var end = start
            while end < octets.endIndex, octets[end] != UInt8(ascii: "?") {
                guard octets[end] > ASCII.space else { return nil }
                end += 1
            }
            return end < octets.endIndex ? start..<end : nil
        }

        /// The bytes before the next `?=`, among which no other word begins.
        private mutating func text(from start: Int) -> Range<Int>? {
            if end < start {
                end = start
                while end < octets.endIndex, !isPair(UInt8(ascii: "?"), UInt8(ascii: "="), at: end) { end += 1 }
            }
            guard start <= end, end < octets.endIndex else { return nil }
            let holdsStart = (start..<end).contains {
                $0 + 1 < end && isPair(UInt8(ascii: "="), UInt8(ascii: "?"), at: $0)
            }
            return holdsStart ? nil : start..<end
        }

        private func isPair(_ first: UInt8, _ second: UInt8, at index: Int) -> Bool {
            index + 1 < octets.endIndex && octets[index] == first && octets[index + 1] == second
        }
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
