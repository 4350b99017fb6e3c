/// Why a name could not be resolved.
///
/// Each case's ``description`` is one line that names the domain or host.
///
/// - SeeAlso: RFC 1035, section 4.1.1; RFC 5321, section 5.1; RFC 7505, section 3.
public enum ResolverError: Error, Hashable, Sendable {
    /// This cannot be a name in the DNS: it is empty, too long, or has other than ASCII letters, digits, `-`, `_`
    /// and dots. A domain in Unicode has to be given in its ASCII form, `xn--…`.
    case invalidName(String)
    /// The name does not exist (NXDOMAIN).
    case noSuchName(String)
    /// The name exists, and has no address of the family that was asked for.
    case noAddress(String)
    /// The domain says that it takes no mail at all: a null MX.
    case acceptsNoMail(String)
    /// The name server could not or would not answer; the code of its answer, such as `SERVFAIL`.
    case serverFailure(String, code: String)
    /// No name server answered in time.
    case timedOut(String)
    /// No name server could be reached; the system's reason.
    case unreachable(String, reason: String)
    /// The answer is not well formed, or names no host that could exist.
    case malformedAnswer(String)

    /// Whether asking later may help. A permanent failure is one that the DNS itself states.
    public var isTemporary: Bool {
        switch self {
        case .invalidName, .noSuchName, .noAddress, .acceptsNoMail: false
        case .serverFailure, .timedOut, .unreachable, .malformedAnswer: true
        }
    }
}

extension ResolverError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidName(let name): "\(name.debugDescription) cannot be a name in the DNS"
        case .noSuchName(let name): "\(name) does not exist in the DNS (NXDOMAIN)"
        case .noAddress(let name): "\(name) has no address"
        case .acceptsNoMail(let name): "\(name) accepts no mail (null MX)"
        case .serverFailure(let name, let code): "\(name): the name server failed (\(code))"
        case .timedOut(let name): "\(name): no name server answered in time"
        case .unreachable(let name, let reason): "\(name): no name server can be reached: \(reason)"
        case .malformedAnswer(let name): "\(name): the name server's answer is malformed"
        }
    }
}
