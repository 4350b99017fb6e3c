/// The finer status that follows the reply code, such as `5.1.1`.
///
/// A status is a class, which says how final it is, and a ``Condition``, which says what is meant.
///
///     S: 550 5.1.1 No such mailbox
///            ^^^^^
///
/// - SeeAlso: RFC 3463, section 2; RFC 2034, section 4.
public struct EnhancedStatus: Hashable, Sendable {
    /// How final a status is: its first number.
    public enum Class: UInt8, Hashable, Sendable, CaseIterable {
        /// 2: done.
        case success = 2
        /// 4: not done; a later attempt may succeed.
        case transient = 4
        /// 5: not done; sending again unchanged will not help.
        case permanent = 5
    }

    /// The subject and the detail of a status, without its class: `X.1.1`.
    ///
    /// - SeeAlso: RFC 3463, section 3.
    public struct Condition: Hashable, Sendable {
        /// The second number: what the status is about. 0 to 999.
        public let subject: UInt16
        /// The third number: what exactly is meant. 0 to 999.
        public let detail: UInt16

        /// Makes a condition from its two numbers.
        ///
        /// - Precondition: both lie in 0 to 999, the range of RFC 3463, section 2.
        @inlinable
        public init(_ subject: UInt16, _ detail: UInt16) {
            precondition(subject <= 999 && detail <= 999, "a subject and a detail have at most three digits")
            self.subject = subject
            self.detail = detail
        }
    }

    /// How final the status is.
    public let `class`: Class
    /// The meaning of the status.
    public let condition: Condition

    /// Makes a status from a class and a condition.
    @inlinable
    public init(_ class: Class, _ condition: Condition) {
        self.class = `class`
        self.condition = condition
    }

    /// Makes a status from three numbers.
    ///
    /// - Returns: `nil` unless the first is 2, 4 or 5 and the others lie in 0 to 999.
    public init?(_ class: UInt8, _ subject: UInt16, _ detail: UInt16) {
        guard let `class` = Class(rawValue: `class`), subject <= 999, detail <= 999 else { return nil }
        self.init(`class`, Condition(subject, detail))
    }

    /// Parses a status as it is written on the wire, `5.7.1`.
    ///
    /// - Returns: `nil` unless the text is three numbers of one to three digits, without leading
    ///   zeros, joined by dots, the first being 2, 4 or 5 (RFC 3463, section 2).
    public init?(_ text: some StringProtocol) {
        var parts: (UInt16, UInt16, UInt16) = (0, 0, 0)
        var index = 0
        var digits = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "."):
                guard digits > 0, index < 2 else { return nil }
                index += 1
                digits = 0
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let digit = UInt16(byte - UInt8(ascii: "0"))
                let value = index == 0 ? parts.0 : index == 1 ? parts.1 : parts.2
                guard digits < 3, digits == 0 || value > 0 else { return nil }
                digits += 1
                switch index {
                case 0: parts.0 = value * 10 + digit
                case 1: parts.1 = value * 10 + digit
                case _: parts.2 = value * 10 + digit
                }
            case _:
                return nil
            }
        }
        guard index == 2, digits > 0, parts.0 <= 9 else { return nil }
        self.init(UInt8(parts.0), parts.1, parts.2)
    }

    /// The second number: what the status is about.
    @inlinable public var subject: UInt16 { condition.subject }
    /// The third number: what exactly is meant.
    @inlinable public var detail: UInt16 { condition.detail }

    /// A status of class 2.
    @inlinable
    public static func success(_ condition: Condition) -> Self { Self(.success, condition) }
    /// A status of class 4.
    @inlinable
    public static func transient(_ condition: Condition) -> Self { Self(.transient, condition) }
    /// A status of class 5.
    @inlinable
    public static func permanent(_ condition: Condition) -> Self { Self(.permanent, condition) }
}

extension EnhancedStatus: CustomStringConvertible {
    public var description: String { "\(`class`.rawValue).\(subject).\(detail)" }
}

extension EnhancedStatus.Condition: CustomStringConvertible {
    public var description: String { "X.\(subject).\(detail)" }
}
