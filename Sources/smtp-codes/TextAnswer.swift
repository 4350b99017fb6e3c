import SMTPCore
import ToolSupport

/// The answer for people: a first line that is complete in itself, then what else is known.
struct TextAnswer {
    let colour: Bool
    /// The width of the terminal in columns; `nil` if standard output is not a terminal. Long lines are folded to it.
    var columns = Screen.columns

    /// The first line: `5.7.1  permanent  Delivery not authorized, message refused`; of a bounce, after the recipient.
    func brief(_ explanation: CodeExplanation, _ recipient: BounceRecipient? = nil) -> String {
        let address = recipient.map { "\(SafeText.visible($0.address))  " } ?? ""
        guard colour else { return "\(address)\(explanation.summary)\n" }
        return "\(address)\u{1B}[1m\(explanation.code)\u{1B}[0m  \(Self.tint(explanation.severity))"
            + "\(explanation.classKeyword)\u{1B}[0m  \(explanation.title)\n"
    }

    func full(_ explanation: CodeExplanation, _ recipient: BounceRecipient? = nil) -> String {
        var text = brief(explanation, recipient)
        if let recipient {
            let host = recipient.remoteHost.map { " by \(SafeText.visible($0))" } ?? ""
            field("delivery", SafeText.visible(recipient.delivery) + host, &text)
            field("answer", SafeText.visible(recipient.diagnostic), &text)
        }
        let isDecided = explanation.decidingMeaning != nil || explanation.isReasonFromText
        if explanation.decidingMeaning == nil {
            field("meaning", isDecided ? explanation.reason?.meaning ?? "" : explanation.meaning, &text)
        }
        field("advice", explanation.action.map { "\($0.rawValue): \(explanation.advice)" } ?? explanation.advice, &text)
        if let reason = explanation.reason, explanation.severity == .transient || explanation.severity == .permanent {
            field("reason", "\(reason.id); address: \(reason.listHygiene)", &text)
        }
        // What the registry has beside a decision by other evidence.
        if isDecided { field("registry", "\(explanation.registeredTitle): \(explanation.meaning)", &text) }
        if explanation.status != nil || !explanation.basicCodes.isEmpty {
            let codes = explanation.basicCodes
            field(
                "usually",
                codes.isEmpty ? "" : codes == ["any"] ? "any basic code" : Self.list(codes),
                &text
            )
        }
        if explanation.status != nil, let reply = explanation.reply, let row = StatusRegistry.replyCode(reply.rawValue)
        {
            field("reply", "\(reply): \(row.meaning)", &text)
        }
        field("reference", explanation.reference, &text)
        field("note", explanation.notes, &text)
        for row in explanation.providerMeanings { text += provider(row) }
        for row in explanation.users.prefix(5) { field("used by", Self.shortLine(for: row), &text) }
        for (label, values) in members(of: explanation.query) where !values.isEmpty && recipient == nil {
            text += "  \(label)\n"
            for value in values { text += folded("    \(value)", hanging: 6) }
        }
        return text
    }

    /// `Microsoft 365: fix, the sending IP is banned.`
    private static func shortLine(for row: ProviderMeaning) -> String {
        "\(row.provider.name): \(row.action.rawValue), \(row.meaning)"
    }

    /// A provider's meaning, beside the registry's.
    func provider(_ row: ProviderMeaning) -> String {
        var text = "  \(colour ? "\u{1B}[1m" : "")\(Self.title(of: row))\(colour ? "\u{1B}[0m" : "")\n"
        field("meaning", row.meaning, &text)
        field("advice", "\(row.action.rawValue): \(row.advice)", &text)
        field("registry", row.agreement.words, &text)
        return text
    }

    /// A provider's meaning in one line.
    static func line(for row: ProviderMeaning) -> String {
        "\(title(of: row))  \(row.action.rawValue)  \(row.meaning)\n"
    }

    /// `Gmail 421 4.7.28 "unusual rate"`
    private static func title(of row: ProviderMeaning) -> String {
        var words = [row.provider.name]
        if let reply = row.reply { words.append(reply.description) }
        if let first = row.first { words.append(row.last.map { "\(first)-\($0)" } ?? first.description) }
        if !row.tag.isEmpty { words.append("[\(row.tag)]") }
        if !row.phrase.isEmpty { words.append("\"\(row.phrase)\"") }
        return words.joined(separator: " ")
    }

    /// The elements with commas between. (The generic `joined` costs a scan of all conformances at first use.)
    private static func list(_ elements: [String]) -> String {
        var text = ""
        for element in elements { text += text.isEmpty ? element : ", \(element)" }
        return text
    }

    private func field(_ label: String, _ value: String, _ text: inout String) {
        guard !value.isEmpty else { return }
        let line = "  \(label)\(String(repeating: " ", count: 11 - label.count))\(value)"
        text += folded(line, hanging: 13)
    }

    /// A line and its end; on a terminal cut at words into lines that fit, all but the first indented.
    private func folded(_ line: String, hanging: Int) -> String {
        guard let columns else { return line + "\n" }
        var text = ""
        for part in FoldedLines.fold(line, columns: columns, hanging: hanging) { text += part + "\n" }
        return text
    }

    static func tint(_ severity: ReplyCode.Severity?) -> String {
        switch severity {
        case .success?: "\u{1B}[32m"
        case .intermediate?: "\u{1B}[36m"
        case .transient?: "\u{1B}[33m"
        case .permanent?: "\u{1B}[31m"
        case nil: ""
        }
    }

    /// Returns the registered codes that a pattern or an exit status matches.
    private func members(of query: CodeQuery) -> [(String, [String])] {
        switch query {
        case .subject(let `class`, let subject):
            return [("codes", Listing(class: `class`?.severity, subject: subject).enhancedLines)]
        case .severity(let severity):
            let listing = Listing(class: severity, subject: nil)
            return [("enhanced codes", listing.enhancedLines), ("basic codes", listing.basicLines)]
        case .replyGroup(let digits):
            let rows = StatusRegistry.replyCodes.filter { $0.number / 10 == digits }
            return [("basic codes", rows.map { StatusRegistry.explain(.reply($0.number)).summary })]
        case .sysexit(let sysexit) where sysexit.severity == .permanent:
            let rows = StatusRegistry.conditions.filter {
                $0.classes.contains(.permanent) && $0.sysexit(in: .permanent) == sysexit
            }
            return [("codes", rows.map { "5.\($0.condition.subject).\($0.condition.detail)  \($0.title)" })]
        case .status, .condition, .reply, .pair, .sysexit:
            return []
        }
    }
}

extension ProviderMeaning.Agreement {
    var words: String {
        switch self {
        case .agrees: "used as registered"
        case .differs: "registered with another meaning"
        case .unregistered: "not registered"
        case .noEnhancedCode: "sent without an enhanced code"
        }
    }
}
