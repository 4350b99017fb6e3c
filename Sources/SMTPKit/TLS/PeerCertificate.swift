import COpenSSL
public import SMTPCore

/// The contents of a certificate, in values that can be shown, compared and kept.
///
/// - SeeAlso: RFC 5280, section 4.1.
public struct PeerCertificate: Hashable, Sendable {
    /// Whom it names, as one line: `CN=mail.example,O=Example`. Empty when it has names in ``names`` only.
    public let subject: String
    /// The name of the issuer, in the same form.
    public let issuer: String
    /// The subject alternative names: host names, IP addresses, mailboxes and URIs, in its order.
    public let names: [String]
    /// From when on it is valid.
    public let notBefore: Timestamp
    /// Until when it is valid.
    public let notAfter: Timestamp
    /// The SHA-256 of the certificate in DER, 32 octets.
    public let sha256: [UInt8]
    /// The SHA-256 of its public key (`SubjectPublicKeyInfo`) in DER, 32 octets: what a DANE record
    /// `3 1 1` holds.
    public let publicKeySHA256: [UInt8]
    /// The algorithm of its key, `RSA`, `EC` or `ED25519`.
    public let keyAlgorithm: String
    /// The size of its key in bits.
    public let keyBits: Int
    /// The algorithm that it is signed with, `ecdsa-with-SHA256`.
    public let signatureAlgorithm: String
    /// The certificate itself, in DER.
    public let der: [UInt8]

    /// Reads an `X509`, which stays the caller's.
    init(_ certificate: OpaquePointer) {
        subject = CertificateText.name(X509_get_subject_name(certificate))
        issuer = CertificateText.name(X509_get_issuer_name(certificate))
        names = CertificateText.alternativeNames(certificate)
        notBefore = CertificateText.timestamp(X509_get0_notBefore(certificate)) ?? Timestamp(seconds: 0)
        notAfter = CertificateText.timestamp(X509_get0_notAfter(certificate)) ?? Timestamp(seconds: 0)
        sha256 = CertificateText.sha256(certificate)
        publicKeySHA256 = CertificateText.publicKeySHA256(certificate)
        let key = X509_get0_pubkey(certificate)
        keyAlgorithm = key.flatMap { EVP_PKEY_get0_type_name($0) }.map { String(cString: $0) } ?? ""
        keyBits = key.map { Int(EVP_PKEY_get_bits($0)) } ?? 0
        signatureAlgorithm = OBJ_nid2sn(X509_get_signature_nid(certificate)).map { String(cString: $0) } ?? ""
        der = CertificateText.der(certificate)
    }

    /// Reads a stack of `X509`, which stays the caller's.
    static func all(_ stack: OpaquePointer?) -> [PeerCertificate] {
        guard let stack else { return [] }
        return (0..<smtp_sk_X509_num(stack)).compactMap { smtp_sk_X509_value(stack, $0).map(PeerCertificate.init) }
    }

    /// The certificate in PEM, with its final line end.
    public var pem: String {
        let text = String(decoding: Base64.encode(der), as: UTF8.self)
        var lines = ["-----BEGIN CERTIFICATE-----"]
        var rest = text[...]
        while !rest.isEmpty {
            lines.append(String(rest.prefix(64)))
            rest = rest.dropFirst(64)
        }
        return (lines + ["-----END CERTIFICATE-----", ""]).joined(separator: "\n")
    }
}
