import COpenSSL
import Testing

@testable import SMTPTLS

/// A certificate authority for tests: it signs whatever it is asked to.
final class TestAuthority {
    private let certificate: OpaquePointer
    private let key: OpaquePointer
    private var serial = 1

    init(_ name: String = "Test Authority") throws {
        key = try #require(smtp_EVP_EC_gen("P-256"))
        certificate = try #require(X509_new())
        try Self.fill(certificate, subject: name, key: key, serial: 1, from: -3600, until: 86_400)
        X509_set_issuer_name(certificate, X509_get_subject_name(certificate))
        #expect(smtp_X509_add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE") == 1)
        #expect(smtp_X509_add_extension(certificate, NID_key_usage, "critical,keyCertSign,cRLSign") == 1)
        #expect(smtp_X509_add_extension(certificate, NID_subject_key_identifier, "hash") == 1)
        #expect(X509_sign(certificate, key, EVP_sha256()) > 0)
    }

    deinit {
        X509_free(certificate)
        EVP_PKEY_free(key)
    }

    var source: PEMSource {
        .bytes(Array(CertificateText.pem { PEM_write_bio_X509($0, certificate) }.utf8))
    }

    /// Makes a certificate; the times are seconds from now.
    func issue(_ name: String, from: Int = -3600, until: Int = 86_400) throws -> TLSIdentity {
        serial += 1
        let leafKey = try #require(smtp_EVP_EC_gen("P-256"))
        let leaf = try #require(X509_new())
        try Self.fill(leaf, subject: name, key: leafKey, serial: serial, from: from, until: until)
        X509_set_issuer_name(leaf, X509_get_subject_name(certificate))
        let names = try #require(smtp_GENERAL_NAMES_new())
        #expect(smtp_GENERAL_NAMES_push_dns(names, name, Int32(name.utf8.count)) == 1)
        #expect(smtp_X509_add_names(leaf, names) == 1)
        GENERAL_NAMES_free(names)
        #expect(X509_sign(leaf, key, EVP_sha256()) > 0)
        return TLSIdentity(certificate: leaf, chain: [], key: leafKey, source: name)
    }

    /// A list of revoked certificates.
    func revocationList(_ revoked: TLSIdentity...) throws -> PEMSource {
        let list = try #require(X509_CRL_new())
        defer { X509_CRL_free(list) }
        X509_CRL_set_version(list, 1)
        X509_CRL_set_issuer_name(list, X509_get_subject_name(certificate))
        let now = ASN1_TIME_set(nil, time(nil) - 60)
        let later = ASN1_TIME_set(nil, time(nil) + 3600)
        X509_CRL_set1_lastUpdate(list, now)
        X509_CRL_set1_nextUpdate(list, later)
        for identity in revoked {
            let entry = try #require(X509_REVOKED_new())
            X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(identity.certificate))
            X509_REVOKED_set_revocationDate(entry, now)
            X509_CRL_add0_revoked(list, entry)
        }
        ASN1_TIME_free(now)
        ASN1_TIME_free(later)
        #expect(X509_CRL_sign(list, key, EVP_sha256()) > 0)
        return .bytes(Array(CertificateText.pem { PEM_write_bio_X509_CRL($0, list) }.utf8))
    }

    private static func fill(
        _ certificate: OpaquePointer,
        subject: String,
        key: OpaquePointer,
        serial: Int,
        from: Int,
        until: Int
    ) throws {
        X509_set_version(certificate, Int(X509_VERSION_3))
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial)
        let name = X509_get_subject_name(certificate)
        X509_NAME_add_entry_by_txt(
            name,
            "CN",
            V_ASN1_UTF8STRING,
            Array(subject.utf8),
            Int32(subject.utf8.count),
            -1,
            0
        )
        X509_gmtime_adj(X509_getm_notBefore(certificate), from)
        X509_gmtime_adj(X509_getm_notAfter(certificate), until)
        X509_set_pubkey(certificate, key)
    }
}
