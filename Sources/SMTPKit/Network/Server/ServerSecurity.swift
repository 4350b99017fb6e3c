public import SMTPCore
public import SMTPTLS

/// How a server secures its connections.
public struct ServerSecurity: Sendable {
    /// The certificate and everything else about TLS; without, there is neither `STARTTLS` nor implicit TLS.
    public var context: TLSContext?
    /// Whether clients must use TLS.
    public var requiresTLS = false

    /// No TLS.
    public init() {}

    /// TLS with a context.
    public init(_ context: TLSContext, requiresTLS: Bool = false) {
        self.context = context
        self.requiresTLS = requiresTLS
    }
}

/// How a server's clients prove who they are.
public struct ServerAuthentication: Sendable {
    /// The mechanisms, in the order in which they are offered. None, and `AUTH` is not offered.
    public var mechanisms: [SASLMechanism]
    /// Whether `MAIL` needs `AUTH` first.
    public var isRequired = false
    /// Whether passwords and tokens may be sent in clear (RFC 4954, section 4 forbids it by default).
    public var allowsSecretsInClear = false

    /// Authentication by mechanisms; who the users are, ``Hooks/authenticate`` knows.
    public init(mechanisms: [SASLMechanism] = []) {
        self.mechanisms = mechanisms
    }
}
