/// A time by which a message is worth delivering.
///
///     C: MAIL FROM:<a@example.org> BY=120;R
///
/// - SeeAlso: RFC 2852.
public struct DeliverBy: Hashable, Sendable {
    /// The action when the time has passed.
    public enum Mode: String, Hashable, Sendable {
        /// Tell the sender, and go on.
        case notify = "N"
        /// Give the message back.
        case `return` = "R"
    }

    /// The time from `MAIL` on, in seconds, -999,999,999 to 999,999,999. Not positive, it has passed, which
    /// ``Mode/notify`` alone allows.
    public let seconds: Int
    /// The action when the time has passed.
    public let mode: Mode
    /// Whether each relay is to be reported as well.
    public let isTraced: Bool

    /// The extension as data. `MAIL` may be 17 bytes longer.
    static let definition = ExtensionDefinition(
        .deliverBy, [.init("BY", .mail, growth: 17) { refusal(of: $0) }])

    /// Reads `by-time;by-mode[by-trace]`.
    init?(parameter: String) {
        let parts = parameter.uppercased().split(separator: ";", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let isSigned = parts[0].hasPrefix("-") || parts[0].hasPrefix("+")
        let digits = parts[0].dropFirst(isSigned ? 1 : 0)
        guard 1...9 ~= digits.utf8.count, digits.utf8.allSatisfy(ASCII.isDigit), let seconds = Int(parts[0]) else {
            return nil
        }
        isTraced = parts[1].utf8.count == 2 && parts[1].hasSuffix("T")
        guard let mode = Mode(rawValue: String(isTraced ? parts[1].dropLast() : parts[1])) else { return nil }
        // RFC 2852, section 4: what is to be given back cannot be late already.
        guard mode == .notify || seconds > 0 else { return nil }
        self.mode = mode
        self.seconds = seconds
    }

    /// The refusal of `BY=value` on `MAIL`, or `nil`.
    static func refusal(of value: String?) -> Reply? {
        value.flatMap(DeliverBy.init(parameter:)) == nil ? .invalidParameter : nil
    }
}

extension Envelope {
    /// The time by which the message is worth delivering; `nil` when the client did not say.
    ///
    /// - SeeAlso: RFC 2852, section 4.
    public var deliverBy: DeliverBy? { value(of: "BY").flatMap(DeliverBy.init(parameter:)) }
}
