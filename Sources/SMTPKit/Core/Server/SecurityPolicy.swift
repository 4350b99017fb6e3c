/// The security that a server offers to a session and demands from it.
public struct SecurityPolicy: Sendable {
    /// Whether a connection can be, or must be, secured with `STARTTLS`.
    public enum TLS: Hashable, Sendable {
        /// `STARTTLS` is not offered.
        case none
        /// `STARTTLS` is offered.
        case offered
        /// Before TLS, only `EHLO`, `NOOP`, `STARTTLS` and `QUIT` are served (RFC 3207, section 4).
        case required
    }

    /// Whether `STARTTLS` is offered.
    public var tls = TLS.none
    /// The mechanisms of `AUTH`, in the order in which they are offered; none, and `AUTH` is not offered.
    public var mechanisms: [SASLMechanism] = []
    /// Whether mechanisms that send the secret itself are offered before TLS (RFC 4954, section 4).
    public var allowsSecretsInClear = false
    /// Whether `MAIL` needs `AUTH` first: `530 5.7.0`.
    public var requiresAuthentication = false
    /// Hashes and chance for the mechanisms; without, `AUTH` is not offered.
    package var cryptography: (any SASLCryptography)?
    /// The key for the salts of users who have none of their own.
    package var saltKey = Secret("")

    /// Neither TLS nor AUTH.
    public init() {}

    /// The mechanisms that are offered to a session.
    func mechanisms(for tls: Peer.TLSProperties?) -> [SASLMechanism] {
        guard cryptography != nil else { return [] }
        return mechanisms.filter { mechanism in
            if mechanism == .external { return tls?.clientSubject != nil }
            if mechanism.bindsChannel { return tls != nil }
            return tls != nil || allowsSecretsInClear || !mechanism.sendsSecret
        }
    }
}

/// The security state of a session, as far as commands depend on it.
public struct SessionSecurity: Sendable {
    /// Whether `STARTTLS` is offered on this server.
    public var tls = SecurityPolicy.TLS.none
    /// Whether the connection is secured.
    public var isSecured = false
    /// Whether `AUTH` is offered on this server.
    public var offersAuthentication = false
    /// Whether `MAIL` needs `AUTH` first.
    public var requiresAuthentication = false
    /// Whether the client proved who it is.
    public var isAuthenticated = false

    /// Nothing is offered, demanded or done.
    public init() {}
}
