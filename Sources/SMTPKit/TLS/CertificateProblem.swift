import COpenSSL

/// Why a peer's certificate was not accepted, or would not have been.
///
/// Its ``description`` is a sentence that names what is wrong, to be shown as it is.
///
///     if report.problems.contains(where: { $0.code == .expired }) { … }
public struct CertificateProblem: Error, Hashable, Sendable {
    /// A kind of problem. Later versions may add kinds.
    public struct Code: Hashable, Sendable {
        /// The code as a word.
        public let name: String

        /// No trusted authority signed the certificate.
        public static let untrustedIssuer = Code(name: "untrusted-issuer")
        /// The certificate signed itself, and is not itself trusted.
        public static let selfSigned = Code(name: "self-signed")
        /// The certificate is made for other names than the one asked for.
        public static let wrongName = Code(name: "wrong-name")
        /// The time of the certificate has passed.
        public static let expired = Code(name: "expired")
        /// The time of the certificate has not come.
        public static let notYetValid = Code(name: "not-yet-valid")
        /// The issuer took the certificate back.
        public static let revoked = Code(name: "revoked")
        /// The peer showed no certificate.
        public static let missing = Code(name: "missing")
        /// No TLSA record of the peer's domain matches the certificate (RFC 7672).
        public static let noMatchingTLSARecord = Code(name: "no-matching-tlsa-record")
        /// Neither the certificate nor its key is the one that was pinned.
        public static let wrongPin = Code(name: "wrong-pin")
        /// Anything else, in OpenSSL's words.
        public static let other = Code(name: "other")
    }

    /// The kinds with what they carry, for switches inside the package.
    package enum Kind: Hashable, Sendable {
        /// The issuer that the certificate names.
        case untrustedIssuer(String)
        /// The subject that the certificate names.
        case selfSigned(String)
        /// The name that was asked for, and those of the certificate.
        case wrongName(expected: String, found: [String])
        /// Whose certificate it is, and the moment in ISO 8601.
        case expired(subject: String, since: String)
        /// Whose certificate it is, and the moment in ISO 8601.
        case notYetValid(subject: String, from: String)
        /// Whose certificate it is.
        case revoked(subject: String)
        /// There is no certificate.
        case missing
        /// No record of the domain matches.
        case noMatchingTLSARecord
        /// The SHA-256 of the certificate and of its key, in hexadecimal.
        case wrongPin(certificate: String, publicKey: String)
        /// Whose certificate it is, and OpenSSL's words.
        case other(subject: String, reason: String)
    }

    package let kind: Kind

    private init(_ kind: Kind) { self.kind = kind }

    /// The kind of problem.
    public var code: Code {
        switch kind {
        case .untrustedIssuer: .untrustedIssuer
        case .selfSigned: .selfSigned
        case .wrongName: .wrongName
        case .expired: .expired
        case .notYetValid: .notYetValid
        case .revoked: .revoked
        case .missing: .missing
        case .noMatchingTLSARecord: .noMatchingTLSARecord
        case .wrongPin: .wrongPin
        case .other: .other
        }
    }

    /// Whose certificate it is. `nil` where the code tells all, for ``Code/untrustedIssuer`` and ``Code/wrongName``.
    public var subject: String? {
        switch kind {
        case .selfSigned(let subject), .expired(let subject, _), .notYetValid(let subject, _), .revoked(let subject),
            .other(let subject, _):
            subject
        case .untrustedIssuer, .wrongName, .missing, .noMatchingTLSARecord, .wrongPin: nil
        }
    }

    /// The issuer that the certificate names, for ``Code/untrustedIssuer``.
    public var issuer: String? { if case .untrustedIssuer(let issuer) = kind { issuer } else { nil } }

    /// The names that the certificate has, for ``Code/wrongName``; empty for other codes.
    public var foundNames: [String] { if case .wrongName(_, let found) = kind { found } else { [] } }

    /// A problem of the kind ``Code/untrustedIssuer``, with the issuer that the certificate names.
    public static func untrustedIssuer(_ issuer: String) -> Self { Self(.untrustedIssuer(issuer)) }
    /// A problem of the kind ``Code/selfSigned``, with the subject that the certificate names.
    public static func selfSigned(_ subject: String) -> Self { Self(.selfSigned(subject)) }
    /// A problem of the kind ``Code/wrongName``, with the name asked for and those of the certificate.
    public static func wrongName(expected: String, found: [String]) -> Self {
        Self(.wrongName(expected: expected, found: found))
    }
    /// A problem of the kind ``Code/expired``, with the moment in ISO 8601.
    public static func expired(subject: String, since: String) -> Self {
        Self(.expired(subject: subject, since: since))
    }
    /// A problem of the kind ``Code/notYetValid``, with the moment in ISO 8601.
    public static func notYetValid(subject: String, from: String) -> Self {
        Self(.notYetValid(subject: subject, from: from))
    }
    /// A problem of the kind ``Code/revoked``.
    public static func revoked(subject: String) -> Self { Self(.revoked(subject: subject)) }
    /// A problem of the kind ``Code/missing``.
    public static var missing: Self { Self(.missing) }
    /// A problem of the kind ``Code/noMatchingTLSARecord``.
    public static var noMatchingTLSARecord: Self { Self(.noMatchingTLSARecord) }
    /// A problem of the kind ``Code/wrongPin``, with the SHA-256 of the certificate and of its key, in hexadecimal.
    public static func wrongPin(certificate: String, publicKey: String) -> Self {
        Self(.wrongPin(certificate: certificate, publicKey: publicKey))
    }
    /// A problem of the kind ``Code/other``, in OpenSSL's words.
    public static func other(subject: String, reason: String) -> Self { Self(.other(subject: subject, reason: reason)) }

    /// Reads the verdict of a verification.
    ///
    /// - Parameters:
    ///   - code: `X509_V_ERR_…`.
    ///   - certificate: The one at fault.
    ///   - expectedName: The name that was asked for.
    init(code: Int32, certificate: OpaquePointer?, expectedName: String?) {
        let subject = certificate.map { CertificateText.name(X509_get_subject_name($0)) } ?? ""
        switch code {
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_UNTRUSTED:
            self = .untrustedIssuer(certificate.map { CertificateText.name(X509_get_issuer_name($0)) } ?? "")
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
            self = .selfSigned(subject)
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
            self = .untrustedIssuer(subject)
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            var found = certificate.map { CertificateText.alternativeNames($0) } ?? []
            if found.isEmpty { found = [subject] }
            self = .wrongName(expected: expectedName ?? "", found: found)
        case X509_V_ERR_CERT_HAS_EXPIRED:
            let end = certificate.flatMap { X509_get0_notAfter($0) }
            self = .expired(subject: subject, since: CertificateText.iso8601(end))
        case X509_V_ERR_CERT_NOT_YET_VALID:
            let start = certificate.flatMap { X509_get0_notBefore($0) }
            self = .notYetValid(subject: subject, from: CertificateText.iso8601(start))
        case X509_V_ERR_CERT_REVOKED:
            self = .revoked(subject: subject)
        case X509_V_ERR_DANE_NO_MATCH:
            self = .noMatchingTLSARecord
        case _:
            let reason = X509_verify_cert_error_string(Int(code)).map { String(cString: $0) }
            self = .other(subject: subject, reason: reason ?? "error \(code)")
        }
    }
}

extension CertificateProblem: CustomStringConvertible {
    public var description: String {
        switch kind {
        case .untrustedIssuer(let issuer): "the certificate's issuer is not trusted: \(issuer)"
        case .selfSigned(let subject): "the certificate is self-signed and not trusted: \(subject)"
        case .wrongName(let expected, let found):
            "the certificate is not for \(expected) but for \(found.joined(separator: ", "))"
        case .expired(let subject, let since): "the certificate of \(subject) expired at \(since)"
        case .notYetValid(let subject, let from): "the certificate of \(subject) is not valid before \(from)"
        case .revoked(let subject): "the certificate of \(subject) was revoked"
        case .missing: "the peer showed no certificate"
        case .noMatchingTLSARecord: "no TLSA record matches the certificate"
        case .wrongPin(let certificate, let publicKey):
            "the certificate is not the pinned one: its SHA-256 is \(certificate), that of its key \(publicKey)"
        case .other(let subject, let reason): "the certificate of \(subject) was refused: \(reason)"
        }
    }
}

extension CertificateProblem.Code: CustomStringConvertible {
    public var description: String { name }
}
