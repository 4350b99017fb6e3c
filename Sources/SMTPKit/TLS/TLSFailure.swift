/// How a TLS connection came to a bad end.
///
/// A clean end, `close_notify`, is not a failure and not among these.
///
/// - SeeAlso: RFC 8446, section 6.
public enum TLSFailure: Error, Hashable, Sendable {
    /// The two ends found no common ground, or what came is not TLS; OpenSSL's reason.
    case handshake(reason: String)
    /// This end did not accept the peer's certificate.
    case certificate(CertificateProblem)
    /// The peer sent a fatal alert: it gave up, and this is its reason in OpenSSL's words.
    case refusedByPeer(alert: String)
    /// The connection ended in the middle of the handshake.
    case interruptedHandshake
    /// The connection ended without `close_notify`: what was read may have been cut short by anyone.
    case truncated
    /// A record did not authenticate, was replayed, too long, or out of order; OpenSSL's reason.
    case damagedRecord(reason: String)
    /// Something of this end's own failed; OpenSSL's reason.
    case library(reason: String)
}

extension TLSFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .handshake(let reason): "TLS handshake failed: \(reason)"
        case .certificate(let problem): "TLS handshake failed: \(problem)"
        case .refusedByPeer(let alert): "the peer ended TLS: \(alert)"
        case .interruptedHandshake: "the connection ended during the TLS handshake"
        case .truncated: "the connection ended without TLS close_notify"
        case .damagedRecord(let reason): "a TLS record is damaged: \(reason)"
        case .library(let reason): "TLS failed: \(reason)"
        }
    }
}
