/// Content with octets above 127.
///
///     C: MAIL FROM:<a@example.org> BODY=8BITMIME
///
/// - SeeAlso: RFC 6152.
enum EightBitMIMEExtension {
    /// The refusal of `BODY=value` on `MAIL`, or `nil`. `BINARYMIME` needs CHUNKING (RFC 3030, section 3).
    static func refusal(of value: String?) -> Reply? {
        switch value.flatMap({ BodyType(rawValue: $0.uppercased()) }) {
        case .sevenBit, .eightBitMIME: nil
        case .binaryMIME, nil: .invalidParameter
        }
    }
}
