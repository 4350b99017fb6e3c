/// The type of the content: lines of 7-bit bytes, lines of 8-bit bytes, or any bytes.
///
///     C: MAIL FROM:<a@example.org> BODY=8BITMIME
///
/// The parameter is that of 8BITMIME; BINARYMIME adds a value to it.
///
/// - SeeAlso: RFC 6152; RFC 3030, section 3.
enum BodyExtension {
    /// How much longer `MAIL` may be (RFC 6152, section 2, item 5).
    static let mailGrowth = 17
    /// The same for the longer value (RFC 3030, section 3, item 8).
    static let binaryMailGrowth = 16

    /// The refusal of `BODY=value` on `MAIL`, or `nil`.
    static func refusal(of value: String?, takesBinary: Bool) -> Reply? {
        switch value.flatMap({ BodyType(rawValue: $0.uppercased()) }) {
        case .sevenBit, .eightBitMIME: nil
        case .binaryMIME: takesBinary ? nil : .invalidParameter
        case nil: .invalidParameter
        }
    }
}
