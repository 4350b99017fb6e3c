/// Delivery status notifications: which of them are wanted, and what they are to say.
///
///     C: MAIL FROM:<a@example.org> RET=HDRS ENVID=QQ314159
///     C: RCPT TO:<b@example.net> NOTIFY=FAILURE,DELAY ORCPT=rfc822;b@example.com
///
/// - SeeAlso: RFC 3461, section 4; RFC 6533, section 3.
enum DeliveryStatusExtension {
    /// The extension as data. `MAIL` may be longer by `RET=FULL` and an `ENVID` of 100 characters, `RCPT` by `NOTIFY`
    /// with all its words and an `ORCPT` of 500 characters.
    static let definition = ExtensionDefinition(
        .dsn,
        [
            .init("RET", .mail, growth: 9) { refusal(ofReturn: $0) },
            .init("ENVID", .mail, growth: 107) { refusal(ofIdentifier: $0) },
            .init("NOTIFY", .rcpt, growth: 30) { refusal(ofNotify: $0) },
            .init("ORCPT", .rcpt, growth: 500) { parameter, context in
                refusal(ofOriginalRecipient: parameter.value, isInternationalized: context.isInternationalized)
            },
        ])

    /// The refusal of `RET=value` on `MAIL`, or `nil`.
    static func refusal(ofReturn value: String?) -> Reply? {
        value.flatMap(ReturnedContent.init(parameter:)) == nil ? .invalidParameter : nil
    }

    /// The refusal of `ENVID=value` on `MAIL`, or `nil`. The decoded value has to be printable ASCII.
    static func refusal(ofIdentifier value: String?) -> Reply? {
        guard let value, value.utf8.count <= 100, let text = XText.decode(value) else { return .invalidParameter }
        return text.isPrintableASCII ? nil : .invalidParameter
    }

    /// The refusal of `NOTIFY=value` on `RCPT`, or `nil`.
    static func refusal(ofNotify value: String?) -> Reply? {
        value.flatMap(NotifyConditions.init(parameter:)) == nil ? .invalidParameter : nil
    }

    /// The refusal of `ORCPT=value` on `RCPT`, or `nil`.
    static func refusal(ofOriginalRecipient value: String?, isInternationalized: Bool) -> Reply? {
        guard let value, value.utf8.count <= 500, OriginalRecipient(parameter: value) != nil else {
            return .invalidParameter
        }
        // RFC 6533, section 3: without SMTPUTF8, the form of seven bits.
        return isInternationalized || value.utf8.allSatisfy { $0 < 0x80 } ? nil : .invalidParameter
    }
}

/// How much of a message comes back when it cannot be delivered (`RET=`).
///
/// - SeeAlso: RFC 3461, section 4.3.
public enum ReturnedContent: String, Hashable, Sendable {
    /// All of it.
    case full = "FULL"
    /// The header.
    case headers = "HDRS"

    init?(parameter: String) { self.init(rawValue: parameter.uppercased()) }
}

/// The events of which a sender wants to be notified for one recipient (`NOTIFY=`).
///
/// - SeeAlso: RFC 3461, section 4.1.
public struct NotifyConditions: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Nothing at all.
    public static let never: NotifyConditions = []
    /// That the message was delivered.
    public static let success = NotifyConditions(rawValue: 1 << 0)
    /// That it cannot be delivered.
    public static let failure = NotifyConditions(rawValue: 1 << 1)
    /// That it takes long.
    public static let delay = NotifyConditions(rawValue: 1 << 2)

    /// Reads `NEVER`, or the other words joined by commas, in any case of letters.
    init?(parameter: String) {
        let words = parameter.uppercased().split(separator: ",", omittingEmptySubsequences: false)
        self = []
        guard words != ["NEVER"] else { return }
        for word in words {
            switch word {
            case "SUCCESS": insert(.success)
            case "FAILURE": insert(.failure)
            case "DELAY": insert(.delay)
            case _: return nil
            }
        }
    }
}

/// The address that a message was first sent to (`ORCPT=`).
///
/// - SeeAlso: RFC 3461, section 4.2; RFC 6533, section 3.
public struct OriginalRecipient: Hashable, Sendable {
    /// The kind of address, in lower case: `rfc822`, `utf-8`.
    public let type: String
    /// The address, decoded.
    public let address: String

    /// Reads `type;address`, the address in xtext, or as RFC 6533 has it for `utf-8`.
    init?(parameter: String) {
        let parts = parameter.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[0].utf8.allSatisfy({ $0 < 0x80 && ASCII.isAtomText($0) })
        else { return nil }
        type = parts[0].lowercased()
        guard let address = type == "utf-8" ? UnicodeAddress.decode(parts[1]) : XText.decode(parts[1]),
            !address.isEmpty, type == "utf-8" || address.isPrintableASCII
        else { return nil }
        self.address = address
    }
}

extension Envelope {
    /// How much of the message is to come back when it fails; `nil` when the client did not say.
    ///
    /// - SeeAlso: RFC 3461, section 4.3.
    public var returnedContent: ReturnedContent? { value(of: "RET").flatMap(ReturnedContent.init(parameter:)) }

    /// The name by which the sender knows this envelope (`ENVID=`), decoded; `nil` without one.
    ///
    /// - SeeAlso: RFC 3461, section 4.4.
    public var identifier: String? { value(of: "ENVID").flatMap { XText.decode($0) } }
}

extension Envelope.Recipient {
    /// The events of which the sender wants to be notified; `nil` when it did not say, which may mean failures alone,
    /// or delays as well.
    ///
    /// - SeeAlso: RFC 3461, section 4.1.
    public var notifyConditions: NotifyConditions? {
        value(of: "NOTIFY").flatMap(NotifyConditions.init(parameter:))
    }

    /// The address that the message was first sent to; `nil` when the client did not say.
    ///
    /// - SeeAlso: RFC 3461, section 4.2.
    public var originalRecipient: OriginalRecipient? {
        value(of: "ORCPT").flatMap(OriginalRecipient.init(parameter:))
    }
}

extension String {
    /// Whether the text is of graphic characters and blanks of ASCII alone.
    fileprivate var isPrintableASCII: Bool { utf8.allSatisfy { 0x20...0x7E ~= $0 || $0 == 0x09 } }
}
