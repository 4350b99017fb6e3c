import SMTPCore

/// Text in header fields that is more than ASCII.
///
///     Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= from here
///
/// - SeeAlso: RFC 2047.
enum EncodedWords {
    /// How long an encoded word may be, in bytes (RFC 2047, section 2).
    private static let maximumLength = 75
    /// `=?utf-8?Q?` and `?=`.
    private static let frame = 12
    /// A longer word could not be folded to the 998 octets of a line.
    private static let longestWord = 900

    /// Whether a text needs no encoding.
    static func isPlain(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { $0 < 0x80 }
            && text.split(separator: " ").allSatisfy { word in
                word.contains("=?") ? isEncoded(word) : word.utf8.count <= longestWord
            }
    }

    /// Whether a word is encoded already: `=?charset?Q?text?=`, perhaps in parentheses.
    private static func isEncoded(_ word: some StringProtocol) -> Bool {
        let bare = word.drop { $0 == "(" }.prefix { $0 != ")" }
        let parts = bare.split(separator: "?", omittingEmptySubsequences: false)
        return bare.utf8.count <= maximumLength && parts.count == 5 && parts[0] == "=" && parts[4] == "="
            && !parts[1].isEmpty && ["Q", "q", "B", "b"].contains(parts[2])
    }

    /// Writes unstructured text: what is plain as it is, from the first word that is not to the last encoded.
    static func append(_ text: String, to field: inout FoldedField) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard let first = words.firstIndex(where: { !isPlain($0) }),
            let last = words.lastIndex(where: { !isPlain($0) })
        else {
            for word in words { field.append(word) }
            return
        }
        for word in words[..<first] { field.append(word) }
        appendEncoded(words[first...last].joined(separator: " "), to: &field)
        for word in words[(last + 1)...] { field.append(word) }
    }

    /// Writes text as encoded words, each of whole characters: blanks between them are no part of the text.
    static func appendEncoded(_ text: String, to field: inout FoldedField) {
        for word in words(text, column: field.column) { field.append(word) }
    }

    /// The encoded words for a text.
    ///
    /// - Parameter column: how much of the line is taken before the first.
    static func words(_ text: String, column: Int) -> [String] {
        var words: [String] = []
        let isQuoted = prefersQuoting(text)
        // The first goes beside the field's name, if some of it fits there.
        let beside = maximumLength - column
        var limit = beside >= 30 ? beside : maximumLength
        var piece = ""
        var length = 0
        for scalar in text.unicodeScalars {
            let octets = UTF8.width(scalar)
            let addition = isQuoted ? quotedLength(scalar) : octets
            let total = isQuoted ? length + addition : (length + addition + 2) / 3 * 4
            if !piece.isEmpty, frame + total > limit {
                words.append(word(piece, isQuoted))
                (piece, length, limit) = ("", 0, maximumLength)
            }
            piece.unicodeScalars.append(scalar)
            length += addition
        }
        if !piece.isEmpty { words.append(word(piece, isQuoted)) }
        return words
    }

    /// Whether Q is shorter than B.
    private static func prefersQuoting(_ text: String) -> Bool {
        let quoted = text.unicodeScalars.reduce(0) { $0 + quotedLength($1) }
        return quoted <= (text.utf8.count + 2) / 3 * 4
    }

    private static func quotedLength(_ scalar: Unicode.Scalar) -> Int {
        scalar == " " || isSafe(scalar) ? 1 : 3 * UTF8.width(scalar)
    }

    /// Whether a character needs no encoding in any place that encoded words can have (RFC 2047, section 5, rule 3).
    private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.isASCII else { return false }
        return scalar.properties.isAlphabetic || "0"..."9" ~= scalar || "!*+-/".unicodeScalars.contains(scalar)
    }

    private static func word(_ text: String, _ isQuoted: Bool) -> String {
        guard isQuoted else {
            return "=?utf-8?B?\(String(decoding: Base64.encode(text.utf8), as: UTF8.self))?="
        }
        var result = "=?utf-8?Q?"
        for scalar in text.unicodeScalars {
            if scalar == " " {
                result += "_"
            } else if isSafe(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                for octet in UTF8.encode(scalar) ?? UTF8.EncodedScalar() { result += "=" + HexDigits.pair(octet) }
            }
        }
        return result + "?="
    }
}

/// A byte as two hexadecimal digits, upper case.
enum HexDigits {
    static func pair(_ octet: UInt8) -> String {
        (octet < 16 ? "0" : "") + String(octet, radix: 16, uppercase: true)
    }
}
