/// The type of the content: lines of 7-bit bytes, lines of 8-bit bytes, or any bytes.
///
///     C: MAIL FROM:<a@example.org> BODY=8BITMIME
///
/// The parameter is that of 8BITMIME; BINARYMIME adds a value to it.
///
/// - SeeAlso: RFC 6152; RFC 3030, section 3.
enum BodyExtension {
    /// 8BITMIME as data. `MAIL` may be 17 bytes longer (RFC 6152, section 2, item 5).
    static let definition = ExtensionDefinition(
        .eightBitMIME,
        [
            .init("BODY", .mail, growth: 17) { parameter, context in
                refusal(of: parameter.value, takesBinary: context.takesBinary)
            }
        ])
    /// BINARYMIME as data. The longer value adds 16 bytes (RFC 3030, section 3, item 8). It is offered with 8BITMIME
    /// only, whose rule comes first.
    static let binaryDefinition = ExtensionDefinition(
        .binaryMIME, [.init("BODY", .mail, growth: 16) { _ in .unknownParameter }])

    /// The refusal of `BODY=value` on `MAIL`, or `nil`.
    static func refusal(of value: String?, takesBinary: Bool) -> Reply? {
        switch value.flatMap({ BodyType(rawValue: $0.uppercased()) }) {
        case .sevenBit, .eightBitMIME: nil
        case .binaryMIME: takesBinary ? nil : .invalidParameter
        case nil: .invalidParameter
        }
    }
}
