/// Text of others, made fit for a terminal.
///
/// Nothing that is shown makes a terminal do anything but show: no escape sequence, no change of the writing
/// direction, no invisible character. What was sent can still be told from what is shown. The zero-width joiner and
/// non-joiner stay, for emoji and the scripts of Iran and India are not readable without them.
package enum SafeText {
    /// The text with every control and format character written as `\u{…}`.
    package static func visible(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        return text.unicodeScalars.reduce(into: "") { $0 += visible($1) }
    }

    /// The bytes as text, with control and format characters as `\u{…}`, and what is not UTF-8 as `\xNN`.
    package static func visible(octets: some Sequence<UInt8>) -> String {
        var result = ""
        var decoder = Unicode.UTF8.ForwardParser()
        var octets = octets.makeIterator()
        var rest: [UInt8] = []
        // The parser skips what it cannot read, so its input is noted to be able to show it.
        var source = AnyIterator<UInt8> {
            guard let octet = octets.next() else { return nil }
            rest.append(octet)
            return octet
        }
        while true {
            switch decoder.parseScalar(from: &source) {
            case .valid(let encoded):
                result += visible(Unicode.UTF8.decode(encoded))
                rest.removeFirst(encoded.count)
            case .error(let length):
                for octet in rest.prefix(length) { result += "\\x\(hexadecimal(octet))" }
                rest.removeFirst(min(length, rest.count))
            case .emptyInput: return result
            }
        }
    }

    /// How many columns a text takes that ``visible(_:)`` made.
    package static func width(_ text: String) -> Int { text.reduce(0) { $0 + width($1) } }

    /// The text cut to so many columns, with `…` in the last where something is missing.
    package static func cut(_ text: String, to columns: Int) -> String {
        guard width(text) > columns else { return text }
        guard columns > 0 else { return "" }
        var left = columns - 1
        let kept = text.prefix { character in
            left -= width(character)
            return left >= 0
        }
        return "\(kept)…"
    }

    private static func visible(_ scalar: Unicode.Scalar) -> String {
        isUnsafe(scalar) ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.isASCII else { return scalar.value < 0x20 || scalar.value == 0x7F }
        // The zero-width non-joiner and joiner.
        if 0x200C...0x200D ~= scalar.value { return false }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        case _: false
        }
    }

    private static func hexadecimal(_ octet: UInt8) -> String {
        let digits = String(octet, radix: 16, uppercase: true)
        return digits.count == 1 ? "0\(digits)" : digits
    }

    private static func width(_ character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first, !scalar.isASCII else { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        case _: return isWide(scalar) ? 2 : 1
        }
    }

    /// Whether terminals give it two columns: the wide and full-width characters of Unicode's annex 11.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
            true
        case _: scalar.properties.isEmojiPresentation
        }
    }
}
