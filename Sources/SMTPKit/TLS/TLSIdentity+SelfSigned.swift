import COpenSSL

extension TLSIdentity {
    /// The keys that certificates can be made for.
    public enum KeyKind: Hashable, Sendable {
        /// ECDSA on the curve P-256.
        case p256
        /// RSA with 2,048 bits, for clients that know no other. Making one takes a tenth of a second.
        case rsa2048
    }

    /// Makes a key and a certificate for it that it signs itself.
    ///
    /// For a server that offers TLS without any preparation. Clients do not trust such a certificate until they are
    /// given it: see ``certificatePEM``. It is an end-entity certificate, not that of an authority: a client that
    /// trusts it trusts this server and nothing that its key could sign.
    ///
    /// - Parameters:
    ///   - names: Host names and IP addresses (in their text form, without brackets) that it is to be valid
    ///     for, at least one. The first is also its subject.
    ///   - days: For how long, 1 to 3650; it begins an hour ago, as clocks differ.
    ///   - kind: The kind of key.
    /// - Throws: ``TLSConfigurationError/Code/invalidSetting`` for a name that no certificate
    ///   can hold, ``TLSConfigurationError/Code/library`` when OpenSSL cannot make it.
    public static func selfSigned(
        names: [String],
        days: Int = 365,
        key kind: KeyKind = .p256
    ) throws(TLSConfigurationError) -> TLSIdentity {
        guard !names.isEmpty else {
            throw .invalidSetting(name: "certificate name", value: "", reason: "at least one name is needed")
        }
        guard 1...3650 ~= days else {
            throw .invalidSetting(name: "certificate days", value: String(days), reason: "1 to 3650 are possible")
        }
        for name in names where !isUsable(name) {
            throw .invalidSetting(
                name: "certificate name",
                value: name.filter { $0.isASCII && $0 >= " " },
                reason: "a host name or an IP address of 1 to 253 visible ASCII characters is needed"
            )
        }
        ERR_clear_error()
        let made =
            switch kind {
            case .p256: smtp_EVP_EC_gen("P-256")
            case .rsa2048: smtp_EVP_RSA_gen(2048)
            }
        guard let key = made else { throw .library(reason: OpenSSLError.takeReason()) }
        guard let certificate = X509_new() else {
            EVP_PKEY_free(key)
            throw .library(reason: OpenSSLError.takeReason())
        }
        let identity = TLSIdentity(
            certificate: certificate,
            chain: [],
            key: key,
            source: "the self-signed certificate"
        )
        // RSA key exchange encrypts with the certificate's key.
        let usage = kind == .rsa2048 ? "critical,digitalSignature,keyEncipherment" : "critical,digitalSignature"
        guard identity.fill(names: names, days: days, usage: usage) else {
            throw .library(reason: OpenSSLError.takeReason())
        }
        return identity
    }

    private static func isUsable(_ name: String) -> Bool {
        1...253 ~= name.utf8.count && name.utf8.allSatisfy { 0x21...0x7E ~= $0 }
    }

    private func fill(names: [String], days: Int, usage: String) -> Bool {
        setSerialNumber() && setSubject(names[0])
            && X509_set_version(certificate, Int(X509_VERSION_3)) == 1
            && X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != nil
            && X509_gmtime_adj(X509_getm_notAfter(certificate), days * 86_400) != nil
            && X509_set_pubkey(certificate, key) == 1
            && setExtensions(names, usage)
            && X509_sign(certificate, key, EVP_sha256()) > 0
    }

    /// A positive number of at most 20 octets that no other certificate has (RFC 5280, section 4.1.2.2).
    private func setSerialNumber() -> Bool {
        guard let number = BN_new() else { return false }
        defer { BN_free(number) }
        return BN_rand(number, 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1
            && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil
    }

    /// The common name has at most 64 characters; a longer name appears in the alternative names only.
    private func setSubject(_ name: String) -> Bool {
        let subject = X509_get_subject_name(certificate)
        let text = name.utf8.count <= 64 ? name : "self-signed"
        let isSet = X509_NAME_add_entry_by_txt(
            subject,
            "CN",
            V_ASN1_UTF8STRING,
            Array(text.utf8),
            Int32(text.utf8.count),
            -1,
            0
        )
        return isSet == 1 && X509_set_issuer_name(certificate, subject) == 1
    }

    private func setExtensions(_ names: [String], _ usage: String) -> Bool {
        guard let alternatives = smtp_GENERAL_NAMES_new() else { return false }
        defer { GENERAL_NAMES_free(alternatives) }
        for name in names where smtp_GENERAL_NAMES_push_ip(alternatives, name) != 1 {
            guard smtp_GENERAL_NAMES_push_dns(alternatives, name, Int32(name.utf8.count)) == 1 else { return false }
        }
        ERR_clear_error()
        return smtp_X509_add_names(certificate, alternatives) == 1
            && smtp_X509_add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") == 1
            && smtp_X509_add_extension(certificate, NID_key_usage, usage) == 1
            && smtp_X509_add_extension(certificate, NID_ext_key_usage, "serverAuth,clientAuth") == 1
            && smtp_X509_add_extension(certificate, NID_subject_key_identifier, "hash") == 1
            && smtp_X509_add_extension(certificate, NID_authority_key_identifier, "keyid:always") == 1
    }
}
