/// The message is to go on over TLS alone.
///
///     C: MAIL FROM:<a@example.org> REQUIRETLS
///
/// Offered inside TLS, on servers that offer TLS at all.
///
/// - SeeAlso: RFC 8689, section 2.
enum RequireTLSExtension {
    /// The extension as data. `MAIL` may be 11 bytes longer.
    static let definition = ExtensionDefinition(
        .requireTLS,
        [
            .init("REQUIRETLS", .mail, growth: 11) { parameter, context in
                refusal(of: parameter.value, isSecured: context.isSecured)
            }
        ]
    ) { $0.tls == nil ? nil : Capabilities.Entry("REQUIRETLS") }

    /// The refusal of `REQUIRETLS` on `MAIL`, or `nil`.
    static func refusal(of value: String?, isSecured: Bool) -> Reply? {
        guard value == nil else { return .invalidParameter }
        return isSecured ? nil : .requireTLSInClear
    }
}

extension Envelope {
    /// Whether the message may be passed on over TLS only.
    ///
    /// - SeeAlso: RFC 8689, section 4.
    public var requiresTLS: Bool { parameters.contains { $0.keyword == "REQUIRETLS" } }
}
