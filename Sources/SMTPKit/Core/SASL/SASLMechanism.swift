/// A way to prove who one is.
///
///     S: 250 AUTH PLAIN LOGIN SCRAM-SHA-256
///     C: AUTH PLAIN AGFsaWNlAHNlY3JldA==
///
/// - SeeAlso: RFC 4422; RFC 4954, section 4.
public enum SASLMechanism: String, Hashable, Sendable, CaseIterable {
    /// User and password at once (RFC 4616).
    case plain = "PLAIN"
    /// User and password one after the other; never specified, much used.
    case login = "LOGIN"
    /// A keyed hash of a challenge (RFC 2195).
    case cramMD5 = "CRAM-MD5"
    /// Proof of a salted password, by both ends (RFC 5802).
    case scramSHA1 = "SCRAM-SHA-1"
    /// The same, bound to the TLS connection.
    case scramSHA1Plus = "SCRAM-SHA-1-PLUS"
    /// Proof of a salted password, by both ends (RFC 7677).
    case scramSHA256 = "SCRAM-SHA-256"
    /// The same, bound to the TLS connection.
    case scramSHA256Plus = "SCRAM-SHA-256-PLUS"
    /// A bearer token in the form that large providers defined.
    case xoauth2 = "XOAUTH2"
    /// A bearer token (RFC 7628).
    case oauthBearer = "OAUTHBEARER"
    /// The identity that the connection has already proved: the client's certificate (RFC 4422, appendix A).
    case external = "EXTERNAL"

    /// Finds a mechanism by its name, in any case.
    public init?(name: some StringProtocol) {
        self.init(rawValue: name.uppercased())
    }

    /// Whether whoever reads the exchange can log in afterwards: such a mechanism needs TLS
    /// (RFC 4954, section 4).
    public var sendsSecret: Bool {
        switch self {
        case .plain, .login, .xoauth2, .oauthBearer: true
        case .cramMD5, .scramSHA1, .scramSHA1Plus, .scramSHA256, .scramSHA256Plus, .external: false
        }
    }

    /// Whether it binds to the TLS connection.
    public var bindsChannel: Bool {
        switch self {
        case .scramSHA1Plus, .scramSHA256Plus: true
        case .plain, .login, .cramMD5, .scramSHA1, .scramSHA256, .xoauth2, .oauthBearer, .external: false
        }
    }

    /// Whether the client speaks first (RFC 4422, section 5): with an initial response or after an empty
    /// challenge.
    var clientSpeaksFirst: Bool {
        switch self {
        case .login, .cramMD5: false
        case .plain, .scramSHA1, .scramSHA1Plus, .scramSHA256, .scramSHA256Plus, .xoauth2, .oauthBearer, .external:
            true
        }
    }

    /// The hash function of a SCRAM mechanism; `nil` for the others.
    var scramHash: SASLHash? {
        switch self {
        case .scramSHA1, .scramSHA1Plus: .sha1
        case .scramSHA256, .scramSHA256Plus: .sha256
        case .plain, .login, .cramMD5, .xoauth2, .oauthBearer, .external: nil
        }
    }
}

extension SASLMechanism: CustomStringConvertible {
    public var description: String { rawValue }
}
