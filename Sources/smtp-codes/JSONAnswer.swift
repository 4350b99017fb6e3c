import SMTPCore

/// The answer for programs as JSON. The fields and their order are documented in the manual page and stay.
enum JSONAnswer {
    static func object(
        _ explanation: CodeExplanation,
        input: String?,
        _ recipient: BounceRecipient? = nil
    ) -> String {
        object { object in
            object.add("input", input)
            object.add("code", explanation.code)
            object.add("reply", explanation.reply?.description)
            object.add("enhanced", explanation.status?.description)
            object.add("class", explanation.severity?.keyword)
            object.add("match", explanation.match.rawValue)
            object.add("name", explanation.name)
            object.add("meaning", explanation.meaning)
            object.add("action", explanation.action?.rawValue)
            object.add("advice", explanation.advice)
            object.member("basic_codes") { $0.array { array in explanation.basicCodes.forEach { array.string($0) } } }
            object.add("reference", explanation.reference)
            object.add("notes", explanation.notes)
            object.member("deprecated", explanation.isDeprecated)
            object.member("sysexit", explanation.sysexit?.rawValue)
            object.member("warnings") { $0.array { array in explanation.warnings.forEach { write($0, to: &array) } } }
            object.member("providers") { member in
                member.array { array in explanation.providerMeanings.forEach { write($0, to: &array) } }
            }
            object.add("title", explanation.title)
            object.add("reason", explanation.reason?.id)
            object.add("actor", explanation.reason?.actor.rawValue)
            object.add("list_hygiene", explanation.reason?.listHygiene.description)
            object.add("provider", explanation.provider?.id)
            object.member("used_by") { member in
                member.array { array in explanation.users.forEach { write($0, to: &array) } }
            }
            object.add("recipient", recipient?.address)
            object.add("delivery", recipient?.delivery)
            object.add("remote_host", recipient?.remoteHost)
            object.add("diagnostic", recipient?.diagnostic)
        }
    }

    static func object(_ row: ProviderMeaning) -> String {
        var writer = JSONWriter()
        write(row, to: &writer)
        return writer.text
    }

    static func object(_ row: Counter.Row, _ keys: [Counter.Key]) -> String {
        object { object in
            object.member("count", row.count)
            for (key, value) in zip(keys, row.values) { object.add(key.field, value == "-" ? nil : value) }
            guard let explanation = row.explanation else { return }
            object.add("class", explanation.severity?.keyword)
            object.add("match", explanation.match.rawValue)
            object.add("name", explanation.name)
        }
    }

    /// The lines that found no room in the table of `--count`.
    static func others(_ count: Int) -> String { object { $0.member("others", count) } }

    private static func object(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        writer.object(body)
        return writer.text
    }

    private static func write(_ row: ProviderMeaning, to writer: inout JSONWriter) {
        writer.object { object in
            object.add("provider", row.provider.name)
            object.add("code", row.first?.description)
            object.add("code_end", row.last?.description)
            object.add("reply", row.reply?.description)
            object.add("tag", row.tag)
            object.add("phrase", row.phrase)
            object.add("meaning", row.meaning)
            object.add("action", row.action.rawValue)
            object.add("advice", row.advice)
            object.add("versus_registry", row.agreement.rawValue)
            object.add("source", row.source)
            object.add("source_date", row.sourceDate)
        }
    }

    private static func write(_ warning: CodeWarning, to writer: inout JSONWriter) {
        writer.object { object in
            object.add("kind", warning.keyword)
            object.add("text", warning.description)
        }
    }
}

extension JSONWriter {
    /// Adds a text; a missing or empty one is null, "not given".
    fileprivate mutating func add(_ name: StaticString, _ value: String?) {
        member(name, value.flatMap { $0.isEmpty ? nil : $0 })
    }
}

extension Counter.Key {
    /// The field of the key in JSON.
    var field: StaticString {
        switch self {
        case .code: "code"
        case .reason: "reason"
        case .action: "action"
        case .class: "class"
        case .provider: "provider"
        case .domain: "domain"
        case .host: "host"
        case .hour: "hour"
        }
    }
}
