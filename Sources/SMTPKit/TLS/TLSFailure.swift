/// How a TLS connection failed.
///
/// A clean end, `close_notify`, is not a failure.
///
///     catch let failure as TLSFailure where failure.code == .truncated { … }
///
/// - SeeAlso: RFC 8446, section 6.
public struct TLSFailure: Error, Hashable, Sendable {
    /// A kind of failure. Later versions may add kinds.
    public struct Code: Hashable, Sendable {
        /// The code as a word.
        public let name: String

        /// The two ends found no common ground, or the input is not TLS.
        public static let handshake = Code(name: "handshake")
        /// This end did not accept the peer's certificate. See ``TLSFailure/certificateProblem``.
        public static let certificate = Code(name: "certificate")
        /// The peer sent a fatal alert.
        public static let refusedByPeer = Code(name: "refused-by-peer")
        /// The connection ended in the middle of the handshake.
        public static let interruptedHandshake = Code(name: "interrupted-handshake")
        /// The connection ended without `close_notify`. Anyone on the path may have cut the content short.
        public static let truncated = Code(name: "truncated")
        /// A record did not authenticate, was replayed, too long, or out of order.
        public static let damagedRecord = Code(name: "damaged-record")
        /// Something of this end's own failed.
        public static let library = Code(name: "library")
    }

    /// The kind of failure.
    public let code: Code
    /// OpenSSL's reason, or its name for the peer's alert; `nil` where the code tells all.
    public let reason: String?
    /// The fault of the peer's certificate, for ``Code/certificate``.
    public let certificateProblem: CertificateProblem?

    private init(_ code: Code, reason: String? = nil, problem: CertificateProblem? = nil) {
        self.code = code
        self.reason = reason
        certificateProblem = problem
    }

    /// A failure of the kind ``Code/handshake``.
    public static func handshake(reason: String) -> Self { Self(.handshake, reason: reason) }
    /// A failure of the kind ``Code/certificate``.
    public static func certificate(_ problem: CertificateProblem) -> Self { Self(.certificate, problem: problem) }
    /// A failure of the kind ``Code/refusedByPeer``.
    public static func refusedByPeer(alert: String) -> Self { Self(.refusedByPeer, reason: alert) }
    /// A failure of the kind ``Code/interruptedHandshake``.
    public static let interruptedHandshake = Self(.interruptedHandshake)
    /// A failure of the kind ``Code/truncated``.
    public static let truncated = Self(.truncated)
    /// A failure of the kind ``Code/damagedRecord``.
    public static func damagedRecord(reason: String) -> Self { Self(.damagedRecord, reason: reason) }
    /// A failure of the kind ``Code/library``.
    public static func library(reason: String) -> Self { Self(.library, reason: reason) }
}

extension TLSFailure: CustomStringConvertible {
    public var description: String {
        let reason = reason ?? certificateProblem?.description ?? "unknown reason"
        return switch code {
        case .refusedByPeer: "the peer ended TLS: \(reason)"
        case .interruptedHandshake: "the connection ended during the TLS handshake"
        case .truncated: "the connection ended without TLS close_notify"
        case .damagedRecord: "a TLS record is damaged: \(reason)"
        case .library: "TLS failed: \(reason)"
        case _: "TLS handshake failed: \(reason)"
        }
    }
}

extension TLSFailure.Code: CustomStringConvertible {
    public var description: String { name }
}
