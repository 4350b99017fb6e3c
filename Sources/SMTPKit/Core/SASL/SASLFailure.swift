/// Why an exchange ended without success.
///
/// Neither a code nor a description has anything that the client sent.
///
///     catch let failure as SASLFailure where failure.code == .notAuthentic { … }
///
/// - SeeAlso: RFC 4954, sections 4 and 6.
public struct SASLFailure: Error, Hashable, Sendable {
    /// A kind of failure. Later versions may add kinds.
    public struct Code: Hashable, Sendable {
        /// The code as a word.
        public let name: String

        /// The user, the password or the token is wrong: which of them is not said. `535 5.7.8`.
        public static let refused = Code(name: "refused")
        /// A response is not what the mechanism's grammar demands. `501 5.5.2`.
        public static let malformed = Code(name: "malformed")
        /// An initial response came in a mechanism in which the server speaks first. `501 5.7.0`.
        public static let unexpectedInitialResponse = Code(name: "unexpected-initial-response")
        /// The users cannot be asked at present. `454 4.7.0`.
        public static let unavailable = Code(name: "unavailable")
        /// The other end did not prove that it knows the secret, or is not bound to this connection.
        public static let notAuthentic = Code(name: "not-authentic")
        /// A step that the exchange does not have at this point.
        public static let outOfOrder = Code(name: "out-of-order")
    }

    /// The kinds with what they carry, for switches inside the package.
    package enum Kind: Hashable, Sendable {
        /// The user, the password or the token is wrong: which of them is not said. `535 5.7.8`.
        case refused
        /// A response is not what the mechanism's grammar demands. `501 5.5.2`.
        case malformed(String)
        /// An initial response came in a mechanism in which the server speaks first. `501 5.7.0`.
        case unexpectedInitialResponse
        /// The users cannot be asked at present. `454 4.7.0`.
        case unavailable
        /// The other end did not prove that it knows the secret, or is not bound to this connection.
        case notAuthentic(String)
        /// A step that the exchange does not have at this point.
        case outOfOrder
    }

    package let kind: Kind

    private init(_ kind: Kind) { self.kind = kind }

    /// The kind of failure.
    public var code: Code {
        switch kind {
        case .refused: .refused
        case .malformed: .malformed
        case .unexpectedInitialResponse: .unexpectedInitialResponse
        case .unavailable: .unavailable
        case .notAuthentic: .notAuthentic
        case .outOfOrder: .outOfOrder
        }
    }

    /// A failure of the kind ``Code/refused``.
    public static var refused: Self { Self(.refused) }
    /// A failure of the kind ``Code/malformed``, with the reason in words.
    public static func malformed(_ reason: String) -> Self { Self(.malformed(reason)) }
    /// A failure of the kind ``Code/unexpectedInitialResponse``.
    public static var unexpectedInitialResponse: Self { Self(.unexpectedInitialResponse) }
    /// A failure of the kind ``Code/unavailable``.
    public static var unavailable: Self { Self(.unavailable) }
    /// A failure of the kind ``Code/notAuthentic``, with the reason in words.
    public static func notAuthentic(_ reason: String) -> Self { Self(.notAuthentic(reason)) }
    /// A failure of the kind ``Code/outOfOrder``.
    public static var outOfOrder: Self { Self(.outOfOrder) }
}

extension SASLFailure: CustomStringConvertible {
    public var description: String {
        switch kind {
        case .refused: "authentication failed"
        case .malformed(let reason): "malformed response: \(reason)"
        case .unexpectedInitialResponse: "the mechanism has no initial response"
        case .unavailable: "authentication is temporarily unavailable"
        case .notAuthentic(let reason): "the other end is not authentic: \(reason)"
        case .outOfOrder: "the exchange is over"
        }
    }
}

extension SASLFailure.Code: CustomStringConvertible {
    public var description: String { name }
}
