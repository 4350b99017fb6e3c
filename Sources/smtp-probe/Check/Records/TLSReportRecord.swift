/// A record that says where reports on TLS go.
///
///     v=TLSRPTv1; rua=mailto:tls@example.net
///
/// - SeeAlso: RFC 8460, section 3.
struct TLSReportRecord: Hashable {
    /// The addresses for reports.
    let addresses: [String]

    static func isTLSReport(_ text: String) -> Bool { TagList.has(version: "TLSRPTv1", text) }

    /// Reads a record that ``isTLSReport(_:)``.
    init(parsing text: String) throws(RecordError) {
        let tags = try TagList(parsing: text)
        guard let value = tags["rua"] else { throw RecordError("'rua=' is missing") }
        var addresses: [String] = []
        for part in value.split(separator: ",", omittingEmptySubsequences: false) {
            let address = part.trimmingBlanks
            let scheme = address.prefix { $0 != ":" }.lowercased()
            let rest = address.dropFirst(scheme.count + 1)
            let isGood =
                scheme == "mailto" ? rest.contains("@") : scheme == "https" && rest.hasPrefix("//") && rest.count > 2
            guard isGood else { throw RecordError("'\(address)' is neither mailto: nor https:") }
            addresses.append(address)
        }
        self.addresses = addresses
    }
}
