/// The original submitter of a message.
///
///     C: MAIL FROM:<a@example.org> AUTH=a+2Bb@example.org
///
/// - SeeAlso: RFC 4954, section 5.
enum AuthenticationExtension {
    /// The extension as data. `MAIL` may be 500 bytes longer (RFC 4954, section 3, item 8).
    static let definition = ExtensionDefinition(
        .auth, [.init("AUTH", .mail, growth: 500) { refusal(ofSubmitter: $0) }]
    ) { context in
        context.mechanisms.isEmpty ? nil : Capabilities.Entry("AUTH", context.mechanisms.map(\.rawValue))
    }

    /// The refusal of `AUTH=value` on `MAIL`, or `nil`.
    ///
    /// The value is a mailbox in xtext, or `<>` when the submitter is not known. It is let pass, and passed on
    /// with the envelope, whether the client proved who it is or not; that it may be trusted is not said.
    static func refusal(ofSubmitter value: String?) -> Reply? {
        guard let value else { return .invalidParameter }
        return value == "<>" || XText.decode(value).map(PathParser.isMailbox) == true ? nil : .invalidParameter
    }
}

extension Envelope {
    /// The original submitter of the message, as the client says (`AUTH=`), decoded; `<>` when that is not
    /// known, `nil` when the client did not say.
    ///
    /// - SeeAlso: RFC 4954, section 5.
    public var submitter: String? { value(of: "AUTH").flatMap { $0 == "<>" ? $0 : XText.decode($0) } }
}
