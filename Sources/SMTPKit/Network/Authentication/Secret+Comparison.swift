import SMTPCore
import SMTPTLS

extension Secret {
    /// Whether two secrets are alike, in a time that depends on their lengths alone. Empty ones never are.
    package func isEqual(to other: Secret) -> Bool { OpenSSLCryptography().isEqual(octets, other.octets) }
}
