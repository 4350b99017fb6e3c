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

    /// What the shell has split is one reply again: `550 5.7.1`, given without quotes.
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
    /// A message that names the offending value and says what to write instead.
    func message(for text: String) -> String {
        let shown = Self.printable(text)
        return switch self {
        case .empty: "the input is empty; give a code such as 5.7.1 or 550"
        case .leadingZero: "\(shown): a number in a code has no leading zero; write 5.1.1, not 5.01.1"
        case .unknownClass: "\(shown): the first digit is not 2, 4 or 5 (or 3, in a reply code)"
        case .numberTooBig: "\(shown): a number in a code has at most three digits"
        case .malformed: "\(shown): not a code; write three digits (550) or three numbers with dots (5.7.1)"
        case .noCode: "\(shown): no status code found in it; give a code such as 5.7.1 or 550, or a line that has one"
        }
    }

    /// A value fit for a message: one line, no control characters, not longer than it helps.
    static func printable(_ text: String) -> String {
        let limit = 60
        var shown = ""
        for scalar in text.unicodeScalars.prefix(limit) {
            if scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) {
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return "'\(shown)\(text.unicodeScalars.count > limit ? "…" : "")'"
    }
}
