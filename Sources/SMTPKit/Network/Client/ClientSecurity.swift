public import SMTPCore
public import SMTPTLS

/// How a client secures its connections.
///
///     security.mode = .required
///     security.configuration.trust = .certificates(.file("ca.pem"))
///
/// - SeeAlso: RFC 3207; RFC 7435; RFC 8314.
public struct ClientSecurity: Sendable {
    /// When TLS is used.
    public enum Mode: Hashable, Sendable {
        /// Never.
        case none
        /// With `STARTTLS` where the server offers it.
        case opportunistic
        /// With `STARTTLS`, or there is no session.
        case required
        /// From the first byte on.
        case implicit
    }

    /// When TLS is used.
    public var mode: Mode
    /// Versions, ciphers, the client's own certificate, whose signatures count, and what becomes of a certificate that
    /// is not good: `require` ends the connection; `observe`, the default of opportunistic TLS, only notes it.
    public var configuration = TLSConfiguration.client()
    /// The name that the certificate must hold; `nil` for the name that was connected to.
    ///
    /// A dot at its end is ignored, and a name beyond ASCII is used in its ASCII form (`xn--…`).
    public var serverName: String?
    /// The name that is sent to the server (SNI), in the same form; `nil` for ``serverName``.
    public var serverNameIndication: String?
    /// SHA-256 hashes of certificates, or of their keys (`SubjectPublicKeyInfo`), 32 octets each: when there are any,
    /// the server's own certificate or key has to be one of them.
    public var pins: [[UInt8]] = []
    /// The server's TLSA records: when one can be used, they decide (RFC 7672).
    public var tlsaRecords: [TLSARecord] = []

    /// Makes a policy. The certificate is verified, unless TLS is opportunistic (RFC 7435).
    public init(_ mode: Mode = .opportunistic) {
        self.mode = mode
        if mode == .opportunistic { configuration.peerVerification = .observe }
    }

    /// Makes the client's end of a connection.
    ///
    /// - Parameter host: the name that was connected to.
    func engine(_ context: TLSContext, host: String) throws(TLSFailure) -> TLSEngine {
        try TLSEngine(
            context, serverName: Self.ascii(serverName ?? host), indication: serverNameIndication.map(Self.ascii),
            tlsaRecords: tlsaRecords)
    }

    /// Returns a name as certificates and handshakes have it (RFC 6066, section 3).
    private static func ascii(_ name: String) throws(TLSFailure) -> String {
        do {
            return try DomainName.ascii(name)
        } catch {
            throw .library(reason: "the server name cannot be used: \(error)")
        }
    }

    /// Returns the fault of a connection whose handshake is done, or `nil`.
    func refusal(of engine: TLSEngine) -> TLSFailure? {
        guard !pins.isEmpty else { return nil }
        guard let certificate = engine.peerChain.first else { return .certificate(.missing) }
        if pins.contains(certificate.sha256) || pins.contains(certificate.publicKeySHA256) { return nil }
        return .certificate(
            .wrongPin(
                certificate: Self.hexadecimal(certificate.sha256),
                publicKey: Self.hexadecimal(certificate.publicKeySHA256)))
    }

    private static func hexadecimal(_ octets: [UInt8]) -> String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// The result of a client's handshake, in values that can be shown and kept.
public struct TLSReport: Hashable, Sendable {
    /// Version and cipher suite.
    public let properties: Peer.TLSProperties
    /// Whether the certificate was looked at and found good.
    public let isVerified: Bool
    /// The certificate's problems. Empty when it is good, and when it was not checked.
    public let problems: [CertificateProblem]
    /// The certificates that the server sent, its own first.
    public let chain: [PeerCertificate]

    /// The TLSA record that the certificate matches; `nil` when there are none, or none matches.
    public let matchedAssociation: TLSARecord?

    /// Whether the certificate holds the name that was asked for; `nil` when that was not looked at, or not any more
    /// because of another problem.
    public let nameMatches: Bool?

    init(_ engine: TLSEngine) {
        properties = engine.properties
        isVerified = engine.isPeerVerified
        problems = engine.certificateProblems
        chain = engine.peerChain
        matchedAssociation = engine.matchedAssociation
        let isWrong = problems.contains { $0.code == .wrongName }
        // A handshake that a certificate ended did so with its first problem.
        nameMatches = isWrong ? false : isVerified || engine.isEstablished && !problems.isEmpty ? true : nil
    }
}
