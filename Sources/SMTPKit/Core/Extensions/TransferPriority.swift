/// The priority of a message.
///
///     C: MAIL FROM:<a@example.org> MT-PRIORITY=3
///
/// A client that has not authenticated may not raise the priority: a positive value becomes 0, and the reply says so.
/// The capabilities do not disclose which policy assigns priorities.
///
/// - SeeAlso: RFC 6710.
enum TransferPriorityExtension {
    /// The extension as data. `MAIL` may be 15 bytes longer.
    static let definition = ExtensionDefinition(
        .transferPriority, [.init("MT-PRIORITY", .mail, growth: 15) { refusal(of: $0) }])

    /// The refusal of `MT-PRIORITY=value` on `MAIL`, or `nil`. Section 4.1 asks for 5.5.2.
    static func refusal(of value: String?) -> Reply? {
        value.flatMap(priority) == nil ? .invalidPriority : nil
    }

    /// `priority-value`: one digit, with an optional minus unless it is 0.
    static func priority(_ value: String) -> Int? {
        let digits = value.hasPrefix("-") ? value.dropFirst() : value[...]
        guard digits.utf8.count == 1, let number = Int(digits), number > 0 || digits.count == value.count else {
            return nil
        }
        return Int(value)
    }
}
