/// Internationalized addresses and header fields.
///
///     C: MAIL FROM:<jörg@example.org> SMTPUTF8
///
/// - SeeAlso: RFC 6531.
enum SMTPUTF8Extension {
    /// The extension as data. `MAIL` may be 10 bytes longer (RFC 6531, section 3.1, item 6).
    static let definition = ExtensionDefinition(
        .smtpUTF8, [.init("SMTPUTF8", .mail, growth: 10) { refusal(of: $0) }])

    /// The refusal of `SMTPUTF8` on `MAIL`, or `nil`. It takes no value (RFC 6531, section 3.4).
    static func refusal(of value: String?) -> Reply? {
        value == nil ? nil : .invalidParameter
    }

    /// Whether an address needs the extension.
    static func isNeeded(by mailbox: Mailbox) -> Bool {
        !isASCII(mailbox.localPart) || !isASCII(mailbox.domain.text)
    }

    private static func isASCII(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { octets in octets.allSatisfy { $0 < 0x80 } }
    }
}
