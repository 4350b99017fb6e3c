import CommandLineSupport
import SMTPKit

extension FaultRule {
    /// The form of a rule, for messages.
    static let form = "STAGE[~REGEX][#SELECTOR]=ACTION[,ACTION…]"

    /// Parses a rule.
    ///
    /// - Throws: ``ValueError`` that says which part is wrong, and what is allowed there.
    static func parse(_ text: String) throws -> FaultRule {
        let name = text.prefix { $0.isASCII && $0.isLetter }
        guard let stage = DialogueStage(rawValue: name.lowercased()) else {
            let stages = DialogueStage.allCases.map(\.rawValue).joined(separator: " ")
            throw ValueError("a rule is \(form), and begins with one of \(stages)")
        }
        let rest = text.dropFirst(name.count)
        guard let sign = try actionSign(in: rest) else {
            throw ValueError("an action is missing behind '\(text)': a rule is \(form)")
        }
        let (pattern, selector) = try condition(rest[..<sign], stage)
        let parts = split(rest[rest.index(after: sign)...])
        return FaultRule(
            stage: stage, pattern: pattern, selector: selector,
            interception: try FaultActions.parse(parts, at: stage))
    }

    /// Returns where the actions begin: the first `=` that is followed by what looks like an action, as a regular
    /// expression may contain others.
    private static func actionSign(in text: Substring) throws -> Substring.Index? {
        guard text.first == "~" else {
            // Without a regular expression it is the first of all.
            return text.firstIndex(of: "=")
        }
        let signs = text.indices.filter { text[$0] == "=" }
        return signs.first { FaultActions.isAction(text[text.index(after: $0)...]) } ?? signs.last
    }

    /// Parses the text between the stage and the actions.
    private static func condition(_ text: Substring, _ stage: DialogueStage) throws -> (Pattern?, FaultSelector) {
        let sign = text.indices.last { index in
            guard text[index] == "#" else { return false }
            guard index > text.startIndex else { return true }
            let before = text[text.index(before: index)]
            return before != "[" && before != "\\"
        }
        let selector = try sign.map { try FaultSelector.parse(text[text.index(after: $0)...]) } ?? .always
        let condition = text[..<(sign ?? text.endIndex)]
        guard !condition.isEmpty else { return (nil, selector) }
        guard condition.first == "~" else {
            throw ValueError("'\(condition)' cannot stand behind \(stage.rawValue): a rule is \(form)")
        }
        guard stage.hasArgument else {
            throw ValueError("\(stage.rawValue) has no argument that '\(condition)' could match")
        }
        return (try Pattern(String(condition.dropFirst())), selector)
    }

    /// The actions, which commas separate; `\,` is a comma in the text of a reply.
    private static func split(_ text: Substring) -> [String] {
        var parts = [""]
        var isEscaped = false
        for character in text {
            switch character {
            case "\\" where !isEscaped:
                isEscaped = true
                continue
            case "," where !isEscaped: parts.append("")
            case ",", "\\": parts[parts.count - 1].append(character)
            case _: parts[parts.count - 1] += isEscaped ? "\\\(character)" : String(character)
            }
            isEscaped = false
        }
        if isEscaped { parts[parts.count - 1].append("\\") }
        return parts
    }
}

extension DialogueStage {
    /// Whether there is something that a regular expression can be matched against.
    var hasArgument: Bool {
        switch self {
        case .starttls, .rset, .quit: false
        case .connect, .helo, .auth, .mail, .rcpt, .data, .body, .dot, .bdat, .noop, .vrfy: true
        }
    }
}
