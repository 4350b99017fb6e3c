import SMTPCore

/// Values of structured fields, in which only some places may hold encoded words.
///
///     Reply-To: Team: =?utf-8?Q?J=C3=B6rg?= <joerg@example.org>, ann@example.org (=?utf-8?Q?B=C3=BCro?=);
///
/// - SeeAlso: RFC 2047, section 5.
enum StructuredText {
    /// Writes addresses with comments and groups: phrases and comments are encoded where they have to be.
    static func appendAddresses(_ text: String, to field: inout FoldedField) {
        var words: [String] = []
        var phrase: [String] = []
        func flush() {
            guard let first = phrase.firstIndex(where: isEncodable), let last = phrase.lastIndex(where: isEncodable)
            else { return words += takePhrase() }
            let encoded = EncodedWords.words(phrase[first...last].joined(separator: " "), column: 0)
            phrase.replaceSubrange(first...last, with: encoded)
            words += takePhrase()
        }
        func takePhrase() -> [String] {
            defer { phrase = [] }
            return phrase
        }
        for token in tokens(text) {
            switch token {
            case .word(let word): phrase.append(asciiDomain(word))
            case .quoted(let inner):
                phrase.append(EncodedWords.isPlain(inner) ? quoted(inner) : inner)
            case .comment(let inner):
                flush()
                guard !EncodedWords.isPlain(inner) else {
                    words.append("(\(inner))")
                    continue
                }
                var encoded = EncodedWords.words(inner, column: 0)
                encoded[0] = "(" + encoded[0]
                encoded[encoded.count - 1] += ")"
                words += encoded
            case .angle(let inner):
                flush()
                words.append("<\(asciiDomain(inner))>")
            case .separator(let mark):
                flush()
                if words.isEmpty { words.append(mark) } else { words[words.count - 1] += mark }
            }
        }
        flush()
        for word in words { field.append(word) }
    }

    /// Writes a value with parameters, such as that of `Content-Type`: what is not ASCII goes into RFC 2231's form.
    static func appendParameters(_ text: String, to field: inout FoldedField) {
        let parts = split(text)
        for (index, part) in parts.enumerated() {
            let end = index < parts.count - 1 ? ";" : ""
            guard index > 0, !part.utf8.allSatisfy({ $0 < 0x80 }), let equals = part.firstIndex(of: "=") else {
                field.append(part.trimmingBlanks + end)
                continue
            }
            let value = part[part.index(after: equals)...].trimmingBlanks
            MIMEParameter.append(part[..<equals].trimmingBlanks, unquoted(value), to: &field)
            if !end.isEmpty { field.appendMark(end) }
        }
    }

    // MARK: Tokens

    private enum Token {
        case word(String)
        case quoted(String)
        case comment(String)
        case angle(String)
        /// A comma, a colon or a semicolon.
        case separator(String)
    }

    /// Returns an address with its domain in ASCII; any other text as it is.
    private static func asciiDomain(_ text: String) -> String {
        guard text.contains("@"), let address = try? HeaderAddress.parse(text).asciiDomain() else { return text }
        return address.address
    }

    /// Words with an at sign are addresses, in which encoded words mean nothing.
    private static func isEncodable(_ word: String) -> Bool { !EncodedWords.isPlain(word) && !word.contains("@") }

    private static func tokens(_ text: String) -> [Token] {
        var tokens: [Token] = []
        var word = ""
        var rest = text.unicodeScalars[...]
        func endWord() {
            if !word.isEmpty { tokens.append(.word(word)) }
            word = ""
        }
        while let scalar = rest.popFirst() {
            switch scalar {
            case " ", "\t": endWord()
            case ",", ":", ";":
                endWord()
                tokens.append(.separator(String(scalar)))
            case "\"" where word.isEmpty: tokens.append(.quoted(enclosed(&rest, by: "\"")))
            case "(":
                endWord()
                tokens.append(.comment(enclosed(&rest, by: ")")))
            case "<":
                endWord()
                tokens.append(.angle(enclosed(&rest, by: ">")))
            case _: word.unicodeScalars.append(scalar)
            }
        }
        endWord()
        return tokens
    }

    /// The text up to a mark; comments may be nested, a backslash quotes what follows.
    private static func enclosed(_ rest: inout Substring.UnicodeScalarView, by end: Unicode.Scalar) -> String {
        var text = String.UnicodeScalarView()
        var depth = 0
        while let scalar = rest.popFirst() {
            if scalar == "\\", end != ">", let next = rest.popFirst() {
                if end == ")" { text.append(scalar) }
                text.append(next)
                continue
            }
            if scalar == end, depth == 0 { break }
            if end == ")", scalar == "(" { depth += 1 }
            if end == ")", scalar == ")" { depth -= 1 }
            text.append(scalar)
        }
        return String(text)
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for character in text {
            if character == "\"" || character == "\\" { result.append("\\") }
            result.append(character)
        }
        return result + "\""
    }

    private static func unquoted(_ text: String) -> String {
        guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
        var rest = text.unicodeScalars.dropFirst()
        return enclosed(&rest, by: "\"")
    }

    /// The parts between semicolons that are in no quoted string.
    private static func split(_ text: String) -> [String] {
        var parts = [""]
        var isQuoted = false
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if scalar == ";", !isQuoted {
                parts.append("")
                continue
            }
            if scalar == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = scalar == "\\" && !isEscaped
            parts[parts.count - 1].unicodeScalars.append(scalar)
        }
        return parts
    }
}
