import SMTPCore

/// The answer for programs as JSON. The fields and their order are documented in the manual page and stay.
enum JSONAnswer {
    static func object(_ explanation: CodeExplanation, input: String?) -> String {
        var fields = Fields()
        fields.add("input", input)
        fields.add("code", explanation.code)
        fields.add("reply", explanation.reply?.description)
        fields.add("enhanced", explanation.status?.description)
        fields.add("class", explanation.severity?.keyword)
        fields.add("match", explanation.match.rawValue)
        fields.add("name", explanation.name)
        fields.add("meaning", explanation.meaning)
        fields.add("action", explanation.action?.rawValue)
        fields.add("advice", explanation.advice)
        fields.addRaw("basic_codes", "[" + explanation.basicCodes.map(quoted).joined(separator: ",") + "]")
        fields.add("reference", explanation.reference)
        fields.add("notes", explanation.notes)
        fields.addRaw("deprecated", explanation.isDeprecated ? "true" : "false")
        fields.addRaw("sysexit", explanation.sysexit.map { String($0.rawValue) } ?? "null")
        fields.addRaw("warnings", "[" + explanation.warnings.map(object).joined(separator: ",") + "]")
        fields.addRaw("providers", "[" + explanation.providerMeanings.map(object).joined(separator: ",") + "]")
        return fields.text
    }

    static func object(_ row: ProviderMeaning) -> String {
        var fields = Fields()
        fields.add("provider", row.provider.name)
        fields.add("code", row.first?.description)
        fields.add("code_end", row.last?.description)
        fields.add("reply", row.reply?.description)
        fields.add("tag", row.tag)
        fields.add("phrase", row.phrase)
        fields.add("meaning", row.meaning)
        fields.add("action", row.action.rawValue)
        fields.add("advice", row.advice)
        fields.add("versus_registry", row.agreement.rawValue)
        fields.add("source", row.source)
        fields.add("source_date", row.sourceDate)
        return fields.text
    }

    static func object(_ row: Counter.Row) -> String {
        var fields = Fields()
        fields.addRaw("count", String(row.count))
        fields.add("code", row.explanation.code)
        fields.add("class", row.explanation.severity?.keyword)
        fields.add("match", row.explanation.match.rawValue)
        fields.add("name", row.explanation.name)
        return fields.text
    }

    private static func object(_ warning: CodeWarning) -> String {
        var fields = Fields()
        fields.add("kind", warning.keyword)
        fields.add("text", warning.description)
        return fields.text
    }

    private struct Fields {
        private var parts: [String] = []

        /// Adds a text; a missing or empty one is null, "not given".
        mutating func add(_ name: String, _ value: String?) {
            parts.append("\(quoted(name)):\(value.flatMap { $0.isEmpty ? nil : quoted($0) } ?? "null")")
        }

        mutating func addRaw(_ name: String, _ json: String) { parts.append("\(quoted(name)):\(json)") }

        var text: String { "{" + parts.joined(separator: ",") + "}" }
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            case _: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
