import COpenSSL
internal import SMTPCore

/// Reads the parts of an `X509` that people and comparisons need.
enum CertificateText {
    /// Returns the text that a function writes to a memory BIO.
    static func pem(_ write: (OpaquePointer) -> Int32) -> String {
        ERR_clear_error()
        guard let bio = BIO_new(BIO_s_mem()) else { return "" }
        defer { BIO_free(bio) }
        _ = write(bio)
        var data: UnsafePointer<CChar>?
        let count = smtp_BIO_get_mem_data(bio, &data)
        return String(decoding: UnsafeRawBufferPointer(start: data, count: count), as: UTF8.self)
    }

    /// A distinguished name on one line, `CN=mail.example,O=Example`.
    ///
    /// - SeeAlso: RFC 2253, which OpenSSL follows here with control characters and UTF-8 escaped.
    static func name(_ name: OpaquePointer?) -> String {
        guard let name else { return "" }
        return pem { X509_NAME_print_ex($0, name, 0, smtp_XN_FLAG_RFC2253()) }
    }

    /// The alternative names that can be compared with something: host names, addresses, mailboxes, URIs.
    static func alternativeNames(_ certificate: OpaquePointer) -> [String] {
        ERR_clear_error()
        guard let names = smtp_alternative_names(certificate) else { return [] }
        defer { GENERAL_NAMES_free(names) }
        return (0..<smtp_sk_GENERAL_NAME_num(names)).compactMap { index in
            var data: UnsafePointer<UInt8>?
            var count: Int32 = 0
            let kind = smtp_GENERAL_NAME_get(names, index, &data, &count)
            let octets = UnsafeBufferPointer(start: data, count: Int(count))
            switch kind {
            case GEN_DNS, GEN_EMAIL, GEN_URI: return printable(octets)
            case GEN_IPADD: return address(octets)
            case _: return nil
            }
        }
    }

    /// Bytes of a name that a stranger chose: anything but visible ASCII is shown as `?`.
    private static func printable(_ octets: UnsafeBufferPointer<UInt8>) -> String {
        String(decoding: octets.lazy.map { 0x21...0x7E ~= $0 ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }

    /// Four bytes as `192.0.2.1`, sixteen as eight groups.
    private static func address(_ octets: UnsafeBufferPointer<UInt8>) -> String? {
        switch octets.count {
        case 4: return octets.map { String($0) }.joined(separator: ".")
        case 16:
            let groups = stride(from: 0, to: 16, by: 2).map { UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1]) }
            return groups.map { String($0, radix: 16) }.joined(separator: ":")
        case _: return nil
        }
    }

    /// An `ASN1_TIME` as a moment.
    static func timestamp(_ time: UnsafePointer<ASN1_TIME>?) -> Timestamp? {
        guard let time, let epoch = ASN1_TIME_set(nil, 0) else { return nil }
        defer { ASN1_TIME_free(epoch) }
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
        return Timestamp(seconds: Int64(days) * 86_400 + Int64(seconds))
    }

    /// An `ASN1_TIME` as `2026-11-22T15:47:19Z`.
    static func iso8601(_ time: UnsafePointer<ASN1_TIME>?) -> String {
        pem { ASN1_TIME_print_ex($0, time, UInt(ASN1_DTFLGS_ISO8601)) }.replacing(" ", with: "T")
    }

    /// The SHA-256 of the whole certificate in DER.
    static func sha256(_ certificate: OpaquePointer) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        return X509_digest(certificate, EVP_sha256(), &digest, &count) == 1 ? digest : []
    }

    /// The certificate in DER.
    static func der(_ certificate: OpaquePointer) -> [UInt8] {
        var encoded: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509(certificate, &encoded)
        guard count > 0, let encoded else { return [] }
        defer { smtp_OPENSSL_free(encoded) }
        return Array(UnsafeBufferPointer(start: encoded, count: Int(count)))
    }

    /// The SHA-256 of the certificate's `SubjectPublicKeyInfo` in DER, as DANE and pinning use it.
    static func publicKeySHA256(_ certificate: OpaquePointer) -> [UInt8] {
        var encoded: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &encoded)
        guard count > 0, let encoded else { return [] }
        defer { smtp_OPENSSL_free(encoded) }
        return Digest.sha256.hash(UnsafeRawBufferPointer(start: encoded, count: Int(count)))
    }
}

extension String {
    /// The text with every occurrence of one character replaced.
    fileprivate func replacing(_ character: Character, with other: Character) -> String {
        String(map { $0 == character ? other : $0 })
    }
}
