/// Why a TLS context could not be built: something in its configuration does not work.
///
/// Each case's ``description`` is one line that names the file or value at fault and how to put it right.
public enum TLSConfigurationError: Error, Hashable, Sendable {
    /// A file cannot be opened or read; the system's reason.
    case unreadableFile(path: String, reason: String)
    /// A file holds no certificate that OpenSSL can read; OpenSSL's reason.
    case invalidCertificate(source: String, reason: String)
    /// A file holds no private key that OpenSSL can read; OpenSSL's reason.
    case invalidKey(source: String, reason: String)
    /// The private key is encrypted, and no passphrase or a wrong one was given.
    case encryptedKey(source: String)
    /// The private key belongs to another certificate.
    case keyMismatch(certificate: String, key: String)
    /// The certificate's time has passed; the moment in ISO 8601.
    case expiredCertificate(source: String, since: String)
    /// The certificate's time has not come; the moment in ISO 8601.
    case certificateNotYetValid(source: String, from: String)
    /// OpenSSL knows none of the ciphers, groups or versions named.
    case invalidSetting(name: String, value: String, reason: String)
    /// A server was configured without any certificate.
    case missingIdentity
    /// OpenSSL refused for a reason of its own, such as memory.
    case library(reason: String)
}

extension TLSConfigurationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadableFile(let path, let reason):
            "\(path): cannot read: \(reason)"
        case .invalidCertificate(let source, let reason):
            "no usable certificate in \(source): \(reason); a PEM file with BEGIN CERTIFICATE is needed"
        case .invalidKey(let source, let reason):
            "no usable private key in \(source): \(reason); a PEM file with BEGIN PRIVATE KEY is needed"
        case .encryptedKey(let source):
            "the private key in \(source) is encrypted, and its passphrase is missing or wrong; "
                + "decrypt it with: openssl pkey -in KEY -out PLAINKEY"
        case .keyMismatch(let certificate, let key):
            "the private key in \(key) does not belong to the certificate in \(certificate); "
                + "the key must be the one that the first certificate in the file was made for"
        case .expiredCertificate(let source, let since):
            "the certificate in \(source) expired at \(since); renew it"
        case .certificateNotYetValid(let source, let from):
            "the certificate in \(source) is not valid before \(from); check the clock"
        case .invalidSetting(let name, let value, let reason):
            "the \(name) \"\(value)\" cannot be used: \(reason)"
        case .missingIdentity:
            "a TLS server needs a certificate and a private key"
        case .library(let reason):
            "OpenSSL: \(reason)"
        }
    }
}
