import SMTPCore

/// The answer for programs as tab-separated values, one header line first; an empty field means "not given".
enum TSVAnswer {
    static let header =
        "input\tcode\treply\tenhanced\tclass\tmatch\tname\tmeaning\taction\tadvice\tbasic_codes"
        + "\treference\tnotes\tdeprecated\tsysexit\twarnings\tproviders\n"
    static let providerHeader =
        "provider\tcode\tcode_end\treply\ttag\tphrase\tmeaning\taction\tadvice"
        + "\tversus_registry\tsource\tsource_date\n"
    static let countHeader = "count\tcode\tclass\tmatch\tname\n"

    static func row(_ explanation: CodeExplanation, input: String?) -> String {
        line([
            input ?? "", explanation.code, explanation.reply?.description ?? "",
            explanation.status?.description ?? "", explanation.severity?.keyword ?? "", explanation.match.rawValue,
            explanation.name, explanation.meaning, explanation.action?.rawValue ?? "", explanation.advice,
            explanation.basicCodes.joined(separator: ","), explanation.reference, explanation.notes,
            explanation.isDeprecated ? "true" : "false", explanation.sysexit.map { String($0.rawValue) } ?? "",
            explanation.warnings.map(\.keyword).joined(separator: ","),
            explanation.providerMeanings.map { "\($0.provider.name): \($0.meaning)" }.joined(separator: "; "),
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
        line([
            String(row.count), row.explanation.code, row.explanation.severity?.keyword ?? "",
            row.explanation.match.rawValue, row.explanation.name,
        ])
    }

    /// Joins fields; a tab or a line end inside one would break the table and becomes a blank.
    private static func line(_ fields: [String]) -> String {
        fields.map { field in
            guard field.utf8.contains(where: { $0 < 0x20 }) else { return field }
            return String(String.UnicodeScalarView(field.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
        }.joined(separator: "\t") + "\n"
    }
}
