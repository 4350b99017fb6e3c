/// The moment since which a mailbox must have had the same owner.
///
///     C: RCPT TO:<b@example.net> RRVS=2014-04-03T23:01:00Z
///
/// - SeeAlso: RFC 7293.
public struct RecipientValidSince: Hashable, Sendable {
    /// The action of a relay whose next hop does not support this extension.
    public enum NoSupportAction: String, Hashable, Sendable {
        /// Give the message back.
        case reject = "R"
        /// Go on without.
        case `continue` = "C"
    }

    /// The moment.
    public let moment: Timestamp
    /// The action where the extension is not supported.
    public let noSupportAction: NoSupportAction

    /// The extension as data. `RCPT` may be 33 bytes longer.
    static let definition = ExtensionDefinition(
        .recipientValidSince, [.init("RRVS", .rcpt, growth: 33) { refusal(of: $0) }])

    /// Reads `date-time[;action]`, without fractions of a second.
    init?(parameter: String) {
        let parts = parameter.split(separator: ";", omittingEmptySubsequences: false)
        guard parts.count <= 2, !parts[0].contains("."), let moment = Timestamp(internetDateTime: parts[0]) else {
            return nil
        }
        guard let action = NoSupportAction(rawValue: parts.count == 2 ? parts[1].uppercased() : "R") else { return nil }
        self.moment = moment
        noSupportAction = action
    }

    /// The refusal of `RRVS=value` on `RCPT`, or `nil`.
    static func refusal(of value: String?) -> Reply? {
        value.flatMap(RecipientValidSince.init(parameter:)) == nil ? .invalidParameter : nil
    }
}

extension Envelope.Recipient {
    /// Since when the mailbox must have had the same owner; `nil` when the client did not say.
    ///
    /// - SeeAlso: RFC 7293, section 3.1.
    public var validSince: RecipientValidSince? { value(of: "RRVS").flatMap(RecipientValidSince.init(parameter:)) }
}
