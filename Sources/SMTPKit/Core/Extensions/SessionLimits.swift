/// What a session may ask for, told in advance.
///
///     S: 250-LIMITS RCPTMAX=1000
///
/// Each limit that is told is enforced; one that is not set, or needs more than the six digits there are, is not told.
///
/// - SeeAlso: RFC 9422.
enum LimitsExtension {
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
