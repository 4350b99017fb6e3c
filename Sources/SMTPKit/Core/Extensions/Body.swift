/// What the octets of the content are: in lines of seven bits, of eight, or any at all.
///
///     C: MAIL FROM:<a@example.org> BODY=8BITMIME
///
/// The one parameter belongs to two extensions, 8BITMIME and BINARYMIME.
///
/// - SeeAlso: RFC 6152; RFC 3030, section 3.
enum BodyExtension {
    /// Whether the parameter is known where these extensions are offered.
    static func isOffered(_ offered: Set<ServiceExtension>) -> Bool {
        offered.contains(.eightBitMIME) || offered.contains(.binaryMIME)
    }

    /// The refusal of `BODY=value` on `MAIL`, or `nil`.
    static func refusal(of value: String?, _ offered: Set<ServiceExtension>) -> Reply? {
        let isOffered =
            switch value.flatMap({ BodyType(rawValue: $0.uppercased()) }) {
            case .sevenBit: true
            case .eightBitMIME: offered.contains(.eightBitMIME)
            case .binaryMIME: offered.contains(.binaryMIME)
            case nil: false
            }
        return isOffered ? nil : .invalidParameter
    }
}
