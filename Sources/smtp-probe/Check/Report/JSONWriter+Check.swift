import SMTPKit

/// Results in the document.
extension JSONWriter {
    /// Writes a result.
    mutating func write(_ result: CheckResult) {
        object { json in
            json.member("id", result.check.id)
            json.member("group", result.check.group.rawValue)
            json.member("server", result.server)
            json.member("verdict", result.finding.verdict.rawValue)
            json.member("title", result.check.title)
            json.member("evidence") { json in
                json.array { json in for number in result.finding.evidence { json.number(number) } }
            }
            json.member("detail", result.finding.detail)
            json.member("fix", result.finding.fix)
            json.member("rfc") { json in json.array { json in for rule in result.check.rfc { json.string(rule) } } }
            json.name("t_ms")
            json.milliseconds(result.time)
        }
    }
}

extension Check {
    /// Writes the entry of the catalogue.
    func writeEntry(_ json: inout JSONWriter) {
        json.object { json in
            json.member("id", id)
            json.member("group", group.rawValue)
            json.member("title", title)
            json.member("needs") { json in
                json.array { json in
                    for word in needs.text.split(separator: " ") where word != "-" { json.string(String(word)) }
                }
            }
            json.member("rfc") { json in json.array { json in for rule in rfc { json.string(rule) } } }
        }
    }
}
