/// A DMARC record.
///
///     v=DMARC1; p=reject; rua=mailto:dmarc@example.net
///
/// - SeeAlso: RFC 9989, section 4.7; RFC 7489, section 6.3.
struct DMARCRecord: Hashable {
    /// The policy of the domain: `none`, `quarantine` or `reject`.
    let policy: String
    /// The domains that reports are sent to.
    let reportDomains: [String]

    private static let policies = ["none", "quarantine", "reject"]
    /// The values of tags that have a list of them.
    private static let choices: [String: [String]] = [
        "p": policies, "sp": policies, "np": policies, "adkim": ["r", "s"], "aspf": ["r", "s"], "t": ["y", "n"],
        "psd": ["y", "n", "u"],
    ]

    static func isDMARC(_ text: String) -> Bool { TagList.has(version: "DMARC1", text) }

    /// Reads a record that ``isDMARC(_:)``.
    init(parsing text: String) throws(RecordError) {
        let tags = try TagList(parsing: text)
        for (name, values) in Self.choices.sorted(by: { $0.key < $1.key }) {
            guard let value = tags[name]?.lowercased() else { continue }
            guard values.contains(value) else {
                throw RecordError("'\(name)=\(value)' is not one of \(values.joined(separator: ", "))")
            }
        }
        var domains: [String] = []
        for name in ["rua", "ruf"] {
            guard let value = tags[name] else { continue }
            for part in value.split(separator: ",", omittingEmptySubsequences: false) {
                if let domain = try Self.reportDomain(part.trimmingBlanks, name) { domains.append(domain) }
            }
        }
        reportDomains = domains
        // A record without a policy that asks for reports means "none" (RFC 9989, section 4.7).
        guard let policy = tags["p"] ?? (tags["rua"] == nil ? nil : "none") else {
            throw RecordError("'p=' is missing")
        }
        self.policy = policy.lowercased()
    }

    /// The domain of `mailto:reports@example.net!10m`; `nil` for a URI of another scheme, which receivers ignore.
    private static func reportDomain(_ text: String, _ tag: String) throws(RecordError) -> String? {
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
            throw RecordError("'\(text)' in \(tag) is no URI")
        }
        guard text[..<colon].lowercased() == "mailto" else { return nil }
        let address = text[text.index(after: colon)...].prefix { $0 != "!" && $0 != "?" }
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[1].contains(".") else {
            throw RecordError("'\(text)' in \(tag) has no address")
        }
        return parts[1].lowercased()
    }
}
