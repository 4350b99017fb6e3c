/// Why a name could not be resolved.
///
///     catch let error as ResolverError where error.code == .noSuchName { … }
///
/// - SeeAlso: RFC 1035, section 4.1.1; RFC 5321, section 5.1; RFC 7505, section 3.
public struct ResolverError: Error, Hashable, Sendable {
    /// A kind of error. Later versions may add kinds.
    public struct Code: Hashable, Sendable {
        /// The code as a word.
        public let name: String

        /// This cannot be a name in the DNS: it is empty, too long, or has other than ASCII letters, digits, `-`, `_`
        /// and dots. A domain in Unicode has to be given in its ASCII form, `xn--…`.
        public static let invalidName = Code(name: "invalid-name")
        /// The name does not exist (NXDOMAIN).
        public static let noSuchName = Code(name: "no-such-name")
        /// The name exists, and has no address of the family that was asked for.
        public static let noAddress = Code(name: "no-address")
        /// The domain accepts no mail at all: a null MX.
        public static let acceptsNoMail = Code(name: "accepts-no-mail")
        /// The name server could not or would not answer.
        public static let serverFailure = Code(name: "server-failure")
        /// No name server answered in time.
        public static let timedOut = Code(name: "timed-out")
        /// No name server could be reached.
        public static let unreachable = Code(name: "unreachable")
        /// The answer is not well formed, or names no host that could exist.
        public static let malformedAnswer = Code(name: "malformed-answer")
    }

    /// The kind of error.
    public let code: Code
    /// The domain or host.
    public let name: String
    /// The code of the server's answer, such as `SERVFAIL`, or the system's reason. `nil` for other kinds.
    public let reason: String?
    /// The error in one line, which names the domain or host.
    public let description: String

    private init(_ code: Code, _ name: String, reason: String? = nil, _ description: String) {
        self.code = code
        self.name = name
        self.reason = reason
        self.description = description
    }

    /// Whether asking later may help. A permanent failure is one that the DNS itself states.
    public var isTemporary: Bool {
        ![.invalidName, .noSuchName, .noAddress, .acceptsNoMail].contains(code)
    }
}

extension ResolverError: CustomStringConvertible {
    /// An error of the kind ``Code/invalidName``.
    public static func invalidName(_ name: String) -> Self {
        Self(.invalidName, name, "\(name.debugDescription) cannot be a name in the DNS")
    }

    /// An error of the kind ``Code/noSuchName``.
    public static func noSuchName(_ name: String) -> Self {
        Self(.noSuchName, name, "\(name) does not exist in the DNS (NXDOMAIN)")
    }

    /// An error of the kind ``Code/noAddress``.
    public static func noAddress(_ name: String) -> Self { Self(.noAddress, name, "\(name) has no address") }

    /// An error of the kind ``Code/acceptsNoMail``.
    public static func acceptsNoMail(_ name: String) -> Self {
        Self(.acceptsNoMail, name, "\(name) accepts no mail (null MX)")
    }

    /// An error of the kind ``Code/serverFailure``, with the code of the answer, such as `SERVFAIL`.
    public static func serverFailure(_ name: String, code: String) -> Self {
        Self(.serverFailure, name, reason: code, "\(name): the name server failed (\(code))")
    }

    /// An error of the kind ``Code/timedOut``.
    public static func timedOut(_ name: String) -> Self {
        Self(.timedOut, name, "\(name): no name server answered in time")
    }

    /// An error of the kind ``Code/unreachable``, with the system's reason.
    public static func unreachable(_ name: String, reason: String) -> Self {
        Self(.unreachable, name, reason: reason, "\(name): no name server can be reached: \(reason)")
    }

    /// An error of the kind ``Code/malformedAnswer``.
    public static func malformedAnswer(_ name: String) -> Self {
        Self(.malformedAnswer, name, "\(name): the name server's answer is malformed")
    }
}

extension ResolverError.Code: CustomStringConvertible {
    public var description: String { name }
}
