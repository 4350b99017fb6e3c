import COpenSSL

/// Why a peer's certificate was not accepted, or would not have been.
///
/// Its ``description`` is a sentence that names what is wrong, to be shown as it is.
public enum CertificateProblem: Error, Hashable, Sendable {
    /// No trusted authority signed it. The value is the issuer that it names.
    case untrustedIssuer(String)
    /// It signed itself, and is not itself trusted. The subject it names.
    case selfSigned(String)
    /// It is made for other names than the one asked for.
    case wrongName(expected: String, found: [String])
    /// Its time has passed. Whose it is, and the moment in ISO 8601.
    case expired(subject: String, since: String)
    /// Its time has not come. Whose it is, and the moment in ISO 8601.
    case notYetValid(subject: String, from: String)
    /// Its issuer took it back.
    case revoked(subject: String)
    /// The peer showed none.
    case missing
    /// No TLSA record of the peer's domain matches it (RFC 7672).
    case noMatchingTLSARecord
    /// Neither it nor its key is the one that was pinned. The SHA-256 of both, in hexadecimal.
    case wrongPin(certificate: String, publicKey: String)
    /// Anything else, in OpenSSL's words.
    case other(subject: String, reason: String)

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
        switch self {
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
