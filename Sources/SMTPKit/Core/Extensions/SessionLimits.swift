/// The limits of a session, as announced in the reply to `EHLO`.
///
///     S: 250-LIMITS RCPTMAX=1000
///
/// Each announced limit is enforced. A limit that is not set, or that has more than six digits, is not announced.
///
/// - SeeAlso: RFC 9422.
enum LimitsExtension {
    /// The extension as data.
    static let definition = ExtensionDefinition(.limits) { capability($0.limits) }

    private static let known = 1...999_999

    /// The line of the capabilities, or `nil` when there is nothing to tell.
    static func capability(_ limits: Limits) -> Capabilities.Entry? {
        let values = [
            ("RCPTMAX", limits.recipients), ("MAILMAX", limits.transactions),
            ("RCPTDOMAINMAX", limits.recipientDomains),
        ]
        let parameters = values.compactMap { name, value in
            value.flatMap { known ~= $0 ? "\(name)=\($0)" : nil }
        }
        return parameters.isEmpty ? nil : Capabilities.Entry("LIMITS", parameters)
    }
}
