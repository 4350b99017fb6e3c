/// How this end speaks TLS: what a ``TLSContext`` is built from.
///
/// The defaults suit mail today: TLS 1.2 and 1.3, ciphers with forward secrecy and authenticated encryption.
///
///     let identity = try TLSIdentity(certificate: .file("cert.pem"), key: .file("key.pem"))
///     let context = try TLSContext(.server(identity))
///
/// - SeeAlso: RFC 3207; RFC 8314; RFC 9325.
public struct TLSConfiguration: Sendable {
    /// Which end of the connection this is.
    public enum Role: Hashable, Sendable {
        /// The end that connects.
        case client
        /// The end that was connected to.
        case server
    }

    /// The treatment of the peer's certificate.
    public enum PeerVerification: Hashable, Sendable {
        /// A server asks for none; a client takes any and looks at none.
        case none
        /// It is asked for and judged, the judgement can be read, and the connection goes on whatever it is:
        /// opportunistic TLS (RFC 7435).
        case observe
        /// A connection with a certificate that is missing or wrong fails in the handshake.
        case require
    }

    /// Whose signatures count.
    public enum Trust: Hashable, Sendable {
        /// The distribution's certificate authorities.
        case system
        /// The certificates given, and no others. A certificate that is no authority is trusted for itself.
        case certificates(PEMSource)
        /// No certificate is trusted.
        case nobody
    }

    /// Which end this is.
    public var role: Role
    /// Certificates with their keys. A server needs one and takes the first that fits the name a client asks
    /// for (SNI), or else the first; a client uses the first when a server asks for it.
    public var identities: [TLSIdentity]
    /// The oldest version that is spoken. With 1.0 or 1.1, ``securityLevel`` must be 0 as well.
    public var minimumVersion: TLSVersion = .tls12
    /// The newest version that is spoken.
    public var maximumVersion: TLSVersion = .tls13
    /// Ciphers up to TLS 1.2 in OpenSSL's notation; `nil` for ECDHE with AEAD at a server, and for the
    /// library's own list at a client.
    public var cipherList: String?
    /// Cipher suites of TLS 1.3, names joined by colons; `nil` for the library's own list.
    public var cipherSuites: String?
    /// Groups for the key exchange, names joined by colons; `nil` for the library's own list.
    public var groups: String?
    /// OpenSSL's security level, 0 to 5; `nil` leaves the library's. Tools that look for old protocols set 0.
    public var securityLevel: Int?
    /// The treatment of the peer's certificate.
    public var peerVerification: PeerVerification
    /// Whose signatures count.
    public var trust: Trust
    /// Lists of revoked certificates (PEM, `X509 CRL`). When there are any, the peer's certificate must be
    /// covered by one of them.
    public var revocationLists: [PEMSource] = []
    /// Protocols for ALPN (RFC 7301), in order of preference: `["smtp"]`. When it is empty, a client offers
    /// none and a server ignores what is offered; else a server refuses a client that offers only others.
    public var applicationProtocols: [String] = []
    /// How many tickets a server sends in TLS 1.3 so that the client can resume; with 0 there is no resumption
    /// in TLS 1.2 either. 0 to 16.
    public var sessionTickets: Int = 0
    /// Is given each connection's secrets in the format of `SSLKEYLOGFILE`, a line at a time without its line
    /// end, on the connection's thread. Whoever has them can read the traffic.
    public var keyLog: (@Sendable (_ line: String) -> Void)?
    /// Whether an identity whose time has passed or not come is accepted: for tests of clients.
    public var acceptsOutdatedIdentity = false

    /// Makes a configuration.
    public init(role: Role, identities: [TLSIdentity], peerVerification: PeerVerification, trust: Trust) {
        self.role = role
        self.identities = identities
        self.peerVerification = peerVerification
        self.trust = trust
    }

    /// A server that asks clients for no certificate.
    public static func server(_ identities: TLSIdentity...) -> TLSConfiguration {
        TLSConfiguration(role: .server, identities: identities, peerVerification: .none, trust: .nobody)
    }

    /// A client that insists on a server that the system's authorities vouch for.
    public static func client() -> TLSConfiguration {
        TLSConfiguration(role: .client, identities: [], peerVerification: .require, trust: .system)
    }
}
