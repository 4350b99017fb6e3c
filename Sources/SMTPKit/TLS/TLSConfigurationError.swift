/// Why a TLS context could not be built.
///
///     catch let error as TLSConfigurationError where error.code == .encryptedKey { … }
public struct TLSConfigurationError: Error, Hashable, Sendable {
    /// A kind of error. Later versions may add kinds.
    public struct Code: Hashable, Sendable {
        /// The code as a word.
        public let name: String

        /// A file cannot be opened or read.
        public static let unreadableFile = Code(name: "unreadable-file")
        /// A file has no certificate that OpenSSL can read.
        public static let invalidCertificate = Code(name: "invalid-certificate")
        /// A file has no private key that OpenSSL can read.
        public static let invalidKey = Code(name: "invalid-key")
        /// The private key is encrypted, and its passphrase is missing or wrong.
        public static let encryptedKey = Code(name: "encrypted-key")
        /// The private key belongs to another certificate.
        public static let keyMismatch = Code(name: "key-mismatch")
        /// The certificate has expired.
        public static let expiredCertificate = Code(name: "expired-certificate")
        /// The certificate is not valid yet.
        public static let certificateNotYetValid = Code(name: "certificate-not-yet-valid")
        /// OpenSSL knows none of the ciphers, groups or versions named.
        public static let invalidSetting = Code(name: "invalid-setting")
        /// A server was configured without any certificate.
        public static let missingIdentity = Code(name: "missing-identity")
        /// OpenSSL refused for a reason of its own, such as memory.
        public static let library = Code(name: "library")
    }

    /// The kind of error.
    public let code: Code
    /// The file or the setting at fault; `nil` if there is none.
    public let source: String?
    /// The reason of the system or of OpenSSL; `nil` where the code tells all.
    public let reason: String?
    /// The error in one line, which names the file or value at fault and the fix.
    public let description: String

    private init(_ code: Code, _ source: String? = nil, reason: String? = nil, _ description: String) {
        self.code = code
        self.source = source
        self.reason = reason
        self.description = description
    }
}

extension TLSConfigurationError: CustomStringConvertible {
    package static func unreadableFile(path: String, reason: String) -> Self {
        Self(.unreadableFile, path, reason: reason, "\(path): cannot read: \(reason)")
    }

    static func invalidCertificate(source: String, reason: String) -> Self {
        Self(
            .invalidCertificate, source, reason: reason,
            "no usable certificate in \(source): \(reason); a PEM file with BEGIN CERTIFICATE is needed")
    }

    static func invalidKey(source: String, reason: String) -> Self {
        Self(
            .invalidKey, source, reason: reason,
            "no usable private key in \(source): \(reason); a PEM file with BEGIN PRIVATE KEY is needed")
    }

    static func encryptedKey(source: String) -> Self {
        Self(
            .encryptedKey, source,
            "the private key in \(source) is encrypted, and its passphrase is missing or wrong; "
                + "decrypt it with: openssl pkey -in KEY -out PLAINKEY")
    }

    static func keyMismatch(certificate: String, key: String) -> Self {
        Self(
            .keyMismatch, key,
            "the private key in \(key) does not belong to the certificate in \(certificate); "
                + "the key must be the one that the first certificate in the file was made for")
    }

    static func expiredCertificate(source: String, since: String) -> Self {
        Self(.expiredCertificate, source, "the certificate in \(source) expired at \(since); renew it")
    }

    static func certificateNotYetValid(source: String, from: String) -> Self {
        Self(
            .certificateNotYetValid, source,
            "the certificate in \(source) is not valid before \(from); check the clock")
    }

    static func invalidSetting(name: String, value: String, reason: String) -> Self {
        Self(.invalidSetting, name, reason: reason, "the \(name) \"\(value)\" cannot be used: \(reason)")
    }

    package static let missingIdentity = Self(
        .missingIdentity, nil, "a TLS server needs a certificate and a private key")

    package static func library(reason: String) -> Self { Self(.library, nil, reason: reason, "OpenSSL: \(reason)") }
}

extension TLSConfigurationError.Code: CustomStringConvertible {
    public var description: String { name }
}
