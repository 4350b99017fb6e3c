/// Message size declaration.
///
///     S: 250-SIZE 52428800
///     C: MAIL FROM:<a@example.org> SIZE=100000000
///     S: 552 5.3.4 Message too large
///
/// - SeeAlso: RFC 1870.
enum SizeExtension {
    /// The extension as data. `MAIL` may be 26 bytes longer (RFC 1870, section 3).
    static let definition = ExtensionDefinition(
        .size,
        [
            .init("SIZE", .mail, growth: 26) { parameter, context in
                refusal(of: parameter.value, messageSize: context.messageSize)
            }
        ]
    ) { capability($0.limits) }
    /// The most digits of a declared size (RFC 1870, section 4).
    static let maximumDigits = 20

    /// The line of the capabilities; without a number there is no fixed limit (RFC 1870, section 4).
    static func capability(_ limits: Limits) -> Capabilities.Entry {
        Capabilities.Entry("SIZE", limits.messageSize.map { ["\($0)"] } ?? [])
    }

    /// The refusal of `SIZE=value` on `MAIL`, or `nil`.
    static func refusal(of value: String?, messageSize: Int?) -> Reply? {
        guard let value, value.utf8.count <= maximumDigits, value.utf8.allSatisfy(ASCII.isDigit) else {
            return .invalidParameter
        }
        guard let limit = messageSize else { return nil }
        // Twenty digits do not fit an integer of 64 bits: what does not fit is too large.
        guard let size = UInt64(value), size <= UInt64(limit) else { return .messageTooLarge }
        return nil
    }
}
