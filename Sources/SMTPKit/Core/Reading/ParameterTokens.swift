/// Takes the value of a structured field apart: a word, then `;name=value` for each parameter.
///
/// Comments (RFC 2045, section 5.1) are skipped around words, names and values. A parenthesis within an unquoted value
/// belongs to it, for senders write `filename=report (1).pdf`.
struct ParameterTokens {
    /// The longest comment that is recognised, so that many without an end cost little.
    private static let longestComment = 512

    private let octets: [UInt8]
    private var index = 0

    init(_ octets: [UInt8]) { self.octets = octets }

    /// The word at the start. Whatever follows it before the first semicolon is skipped.
    mutating func word() -> [UInt8] {
        var word: [UInt8] = []
        skipBlanksAndComments()
        while let octet = peek, octet != UInt8(ascii: ";"), !HeaderEnd.isBlank(octet) {
            if octet == UInt8(ascii: "("), skipComment() { break }
            word.append(octet)
            index += 1
        }
        skipToSemicolon()
        return word
    }

    /// The next parameter, or `nil` after the last. Something without `=` is skipped.
    mutating func parameter() -> (name: [UInt8], value: [UInt8])? {
        while peek == UInt8(ascii: ";") {
            index += 1
            var name: [UInt8] = []
            while let octet = peek, octet != UInt8(ascii: ";"), octet != UInt8(ascii: "=") {
                if octet == UInt8(ascii: "("), skipComment() { continue }
                if !HeaderEnd.isBlank(octet) { name.append(octet) }
                index += 1
            }
            guard peek == UInt8(ascii: "=") else { continue }
            index += 1
            return (name, value())
        }
        return nil
    }

    /// A value, with the index at the semicolon after it or at the end.
    private mutating func value() -> [UInt8] {
        skipBlanksAndComments()
        guard peek == UInt8(ascii: "\"") else { return unquoted() }
        index += 1
        var value: [UInt8] = []
        while let octet = peek, octet != UInt8(ascii: "\"") {
            if octet == UInt8(ascii: "\\"), index + 1 < octets.count { index += 1 }
            value.append(octets[index])
            index += 1
        }
        skipToSemicolon()
        return value
    }

    private mutating func unquoted() -> [UInt8] {
        var value: [UInt8] = []
        while let octet = peek, octet != UInt8(ascii: ";") {
            if HeaderEnd.isBlank(octet) {
                let start = index
                skipBlanksAndComments()
                if peek == nil || peek == UInt8(ascii: ";") { break }
                // Something follows, so that was part of the value, as far as there was no semicolon in it.
                if octets[start..<index].contains(UInt8(ascii: ";")) { break }
                value += octets[start..<index]
            } else {
                value.append(octet)
                index += 1
            }
        }
        return value
    }

    private mutating func skipToSemicolon() {
        while let octet = peek, octet != UInt8(ascii: ";") {
            if octet != UInt8(ascii: "(") || !skipComment() { index += 1 }
        }
    }

    private mutating func skipBlanksAndComments() {
        while let octet = peek {
            if HeaderEnd.isBlank(octet) {
                index += 1
            } else if octet != UInt8(ascii: "(") || !skipComment() {
                return
            }
        }
    }

    /// Skips a comment, which may hold others.
    ///
    /// - Returns: `false`, and nothing is skipped, when it has no end nearby.
    private mutating func skipComment() -> Bool {
        var depth = 0
        var position = index
        let limit = min(octets.count, index + Self.longestComment)
        while position < limit {
            switch octets[position] {
            case UInt8(ascii: "\\"): position += 1
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"):
                depth -= 1
                if depth == 0 {
                    index = position + 1
                    return true
                }
            case _: break
            }
            position += 1
        }
        return false
    }

    private var peek: UInt8? { index < octets.count ? octets[index] : nil }
}
