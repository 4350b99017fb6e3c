/// A hash function that a mechanism needs.
public enum SASLHash: Hashable, Sendable, CaseIterable {
    /// MD5, of CRAM-MD5.
    case md5
    /// SHA-1, of SCRAM-SHA-1.
    case sha1
    /// SHA-256, of SCRAM-SHA-256 and of channel bindings.
    case sha256

    /// The length of a hash, in bytes.
    public var size: Int {
        switch self {
        case .md5: 16
        case .sha1: 20
        case .sha256: 32
        }
    }
}

/// The functions that the mechanisms need and the core lacks: hash functions, random bytes, and comparisons in constant
/// time.
public protocol SASLCryptography: Sendable {
    /// The hash of some bytes.
    func hash(_ function: SASLHash, _ octets: [UInt8]) -> [UInt8]
    /// The keyed hash of a message (RFC 2104).
    func hmac(_ function: SASLHash, key: [UInt8], _ message: [UInt8]) -> [UInt8]
    /// A password stretched to the length of one hash (PBKDF2, RFC 8018; `Hi` of RFC 5802, section 2.2).
    func stretch(_ function: SASLHash, password: [UInt8], salt: [UInt8], iterations: Int) -> [UInt8]
    /// Returns unpredictable random bytes.
    func random(_ count: Int) -> [UInt8]
    /// Whether two texts are alike, in a time that depends on their lengths alone.
    func isEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool
    /// Returns a user name or a password prepared with SASLprep (RFC 4013); `nil` if it holds what SASLprep prohibits.
    func prepared(_ text: String) -> String?
}

extension SASLCryptography {
    /// Returns the text as it is.
    public func prepared(_ text: String) -> String? { text }

    /// Returns a password prepared with SASLprep; one that is not UTF-8 as it is, and `nil` for a prohibited one.
    func prepared(_ secret: Secret) -> Secret? {
        guard let text = String(validating: secret.octets, as: UTF8.self) else { return secret }
        return prepared(text).map { Secret($0) }
    }
}

extension SASLCryptography {
    /// Chance as text, 4 characters for each 3 octets.
    func randomText(_ count: Int) -> [UInt8] { Base64.encode(random(count)) }
}
