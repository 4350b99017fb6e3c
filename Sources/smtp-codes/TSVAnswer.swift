import SMTPCore

/// The answer for programs as tab-separated values, one header line first; an empty field means "not given".
enum TSVAnswer {
    static let header =
        "input\tcode\treply\tenhanced\tclass\tmatch\tname\tmeaning\taction\tadvice\tbasic_codes"
        + "\treference\tnotes\tdeprecated\tsysexit\twarnings\tproviders"
        + "\ttitle\treason\tactor\tlist_hygiene\tprovider\tused_by\trecipient\tdelivery\tremote_host\tdiagnostic\n"
    /// The row of a line without a code.
    static let emptyRow = String(repeating: "\t", count: header.utf8.filter { $0 == 0x09 }.count) + "\n"
    static let providerHeader =
        "provider\tcode\tcode_end\treply\ttag\tphrase\tmeaning\taction\tadvice"
        + "\tversus_registry\tsource\tsource_date\n"
    static func countHeader(_ keys: [Counter.Key]) -> String {
        let names = keys.map(\.rawValue).joined(separator: "\t")
        return "count\t\(names)" + (keys == [.code] ? "\tclass\tmatch\tname\n" : "\n")
    }

    static func row(_ explanation: CodeExplanation, input: String?, _ recipient: BounceRecipient? = nil) -> String {
        line([
            input ?? "", explanation.code, explanation.reply?.description ?? "",
            explanation.status?.description ?? "", explanation.severity?.keyword ?? "", explanation.match.rawValue,
            explanation.name, explanation.meaning, explanation.action?.rawValue ?? "", explanation.advice,
            explanation.basicCodes.joined(separator: ","), explanation.reference, explanation.notes,
            explanation.isDeprecated ? "true" : "false", explanation.sysexit.map { String($0.rawValue) } ?? "",
            explanation.warnings.map(\.keyword).joined(separator: ","),
            explanation.providerMeanings.map { "\($0.provider.name): \($0.meaning)" }.joined(separator: "; "),
            explanation.title, explanation.reason?.id ?? "", explanation.reason?.actor.rawValue ?? "",
            explanation.reason?.listHygiene.description ?? "", explanation.provider?.id ?? "",
            explanation.users.map(\.provider.id).joined(separator: ","), recipient?.address ?? "",
            recipient?.delivery ?? "", recipient?.remoteHost ?? "", recipient?.diagnostic ?? "",
        ])
    }

    static func row(_ row: ProviderMeaning) -> String {
        line([
            row.provider.name, row.first?.description ?? "", row.last?.description ?? "",
            row.reply?.description ?? "", row.tag, row.phrase, row.meaning, row.action.rawValue, row.advice,
            row.agreement.rawValue, row.source, row.sourceDate,
        ])
    }

    static func row(_ row: Counter.Row) -> String {
        let code = row.explanation.map { [$0.severity?.keyword ?? "", $0.match.rawValue, $0.name] } ?? []
        return line([String(row.count)] + row.values.map { $0 == "-" ? "" : $0 } + code)
    }

    /// Joins fields; a tab or a line end inside one would break the table and becomes a blank.
    private static func line(_ fields: [String]) -> String {
        fields.map { field in
            guard field.utf8.contains(where: { $0 < 0x20 }) else { return field }
            return String(String.UnicodeScalarView(field.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
        }.joined(separator: "\t") + "\n"
    }
}
