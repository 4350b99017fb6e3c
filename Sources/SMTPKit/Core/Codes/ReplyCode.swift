/// The three digits that begin every reply.
///
/// The first digit alone tells a client what to do: a client must cope with any code it does not
/// know by acting on its ``severity``.
///
///     S: 250 2.1.0 Sender ok
///        ^^^
///
/// - SeeAlso: RFC 5321, section 4.2.
public struct ReplyCode: RawRepresentable, Hashable, Comparable, Sendable {
    /// The code as a number, 200 to 599.
    public let rawValue: UInt16

    /// Makes a code from a number.
    ///
    /// The second digit is not checked: codes such as 571 and 298 are met in practice, and a client
    /// has to act on their first digit all the same.
    ///
    /// - Returns: `nil` unless the number lies in 200 to 599.
    @inlinable
    public init?(rawValue: UInt16) {
        guard 200...599 ~= rawValue else { return nil }
        self.rawValue = rawValue
    }

    /// Makes a code from a number that the caller has written down.
    ///
    /// - Precondition: 200 to 599. Only codes known to the program are made this way, never
    ///   digits that a peer sent.
    @inlinable
    package init(_ known: UInt16) {
        precondition(200...599 ~= known, "a reply code lies in 200 to 599")
        self.rawValue = known
    }

    /// The meaning of a code's first digit.
    public enum Severity: UInt8, Hashable, Sendable {
        /// 2yz: the action was done.
        case success = 2
        /// 3yz: go on, more input is awaited.
        case intermediate = 3
        /// 4yz: not done, but the same may succeed later.
        case transient = 4
        /// 5yz: not done, and must not be repeated unchanged.
        case permanent = 5
    }

    /// The meaning of the first digit.
    @inlinable
    public var severity: Severity {
        switch rawValue / 100 {
        case 2: .success
        case 3: .intermediate
        case 4: .transient
        case _: .permanent
        }
    }

    public static func < (a: ReplyCode, b: ReplyCode) -> Bool { a.rawValue < b.rawValue }
}

extension ReplyCode: CustomStringConvertible {
    public var description: String { String(rawValue) }
}

extension ReplyCode: ExpressibleByIntegerLiteral {
    /// A code written in source, `550`.
    ///
    /// - Precondition: 200 to 599.
    public init(integerLiteral value: UInt16) { self.init(value) }
}
