import COpenSSL
import Testing

@testable import SMTPTLS

enum EncryptedKey {
    /// The key of an identity in PKCS #8, encrypted with a passphrase.
    static func make(of identity: TLSIdentity, passphrase: String) throws -> PEMSource {
        let text = CertificateText.pem { bio in
            PEM_write_bio_PKCS8PrivateKey(
                bio,
                identity.key,
                EVP_aes_256_cbc(),
                passphrase,
                Int32(passphrase.utf8.count),
                nil,
                nil
            )
        }
        #expect(text.contains("ENCRYPTED"))
        return .bytes(Array(text.utf8))
    }
}
