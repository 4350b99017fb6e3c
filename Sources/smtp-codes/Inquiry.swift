import SMTPCore

/// One input of the user's, read as a question to the registry.
struct Inquiry {
    let query: CodeQuery
    /// The reply or line that the code was found in, by which a provider may be recognised; empty for a code alone.
    private let line: String

    /// Reads a code, a pattern, a reply or a whole log line.
    init(_ text: String) throws(CodeQuery.Problem) {
        do {
            query = try CodeQuery(exactly: text)
            line = ""
        } catch {
            guard let query = CodePicker.pick(in: text)?.query else { throw error }
            self.query = query
            line = text
        }
    }

    func explain(_ providers: [Provider]?) -> CodeExplanation {
        StatusRegistry.explain(query, in: line, from: providers)
    }

    /// Joins the words of a reply that the shell has split: `550 5.7.1`, given without quotes.
    static func joiningReplies(_ inputs: [String]) -> [String] {
        var joined: [String] = []
        for input in inputs {
            if let last = joined.last, case .reply? = try? CodeQuery(exactly: last),
                case .status? = try? CodeQuery(exactly: input)
            {
                joined[joined.count - 1] = "\(last) \(input)"
            } else {
                joined.append(input)
            }
        }
        return joined
    }
}

extension CodeQuery.Problem {
    /// A message that names the offending value and the way out.
    func message(for text: String) -> String {
        let shown = CodeText.printable(text)
        let similar = SimilarCodes.find(text)
        if !similar.isEmpty { return "\(shown): not a code; did you mean \(similar.joined(separator: ", "))?" }
        return switch self {
        case .empty: "the input is empty; give a code such as 5.7.1 or 550"
        case .leadingZero: "\(shown): a number in a code has no leading zero; write 5.1.1, not 5.01.1"
        case .unknownClass: "\(shown): the first digit is not 2, 4 or 5 (or 3, in a reply code)"
        case .numberTooBig: "\(shown): a number in a code has at most three digits"
        case .malformed: "\(shown): not a code; write three digits (550) or three numbers with dots (5.7.1)"
        case .noCode:
            "\(shown): no status code found in it, and no file of this name; give a code such as 5.7.1 or 550, "
                + "a line that has one, or words that --search finds"
        }
    }
}

/// Registered codes that look like a misspelled one.
enum SimilarCodes {
    /// `551.1` → 5.5.1, 5.1.1, 551; `5,1,1` → 5.1.1. Only a text of digits and separators has any.
    static func find(_ text: String) -> [String] {
        let marks = text.utf8.map { ",-_/ :;".utf8.contains($0) ? UInt8(ascii: ".") : $0 }
        guard (3...12).contains(marks.count), marks.allSatisfy({ $0 == UInt8(ascii: ".") || 0x30...0x39 ~= $0 }) else {
            return []
        }
        var found: [String] = []
        func note(_ bytes: [UInt8]) {
            let code = String(decoding: bytes, as: UTF8.self)
            guard !found.contains(code), let query = try? CodeQuery(exactly: code),
                StatusRegistry.explain(query).match == .registered
            else { return }
            switch query {
            case .status, .reply: found.append(code)
            case _: break
            }
        }
        note(marks)
        // A dot after the class, and one digit too many.
        let dotted = marks.contains(UInt8(ascii: ".")) ? [marks[0], UInt8(ascii: ".")] + marks[1...] : marks
        note(dotted)
        if found.isEmpty {
            for index in dotted.indices.dropFirst(2).reversed() {
                note(Array(dotted[..<index] + dotted[(index + 1)...]))
            }
        }
        // What comes before a number too many.
        let parts = marks.split(separator: UInt8(ascii: "."))
        if parts.count > 3 { note(Array(parts.prefix(3).joined(separator: [UInt8(ascii: ".")]))) }
        if let head = parts.first, head.count == 3, parts.count < 3 { note(Array(head)) }
        return found
    }
}
