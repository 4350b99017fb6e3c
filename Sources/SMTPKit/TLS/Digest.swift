import COpenSSL

/// A hash function, for fingerprints and for the mechanisms of SASL.
package enum Digest: Hashable, Sendable {
    case md5
    case sha1
    case sha256
    case sha384
    case sha512

    /// The length of a hash, in bytes.
    package var size: Int {
        switch self {
        case .md5: 16
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// OpenSSL's description of the function.
    var method: OpaquePointer? {
        switch self {
        case .md5: EVP_md5()
        case .sha1: EVP_sha1()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }

    /// The hash of some bytes. Empty when the library refuses the function, as FIPS policies do with MD5.
    package func hash(_ octets: UnsafeRawBufferPointer) -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: size)
        var count: UInt32 = 0
        ERR_clear_error()
        return EVP_Digest(octets.baseAddress, octets.count, &hash, &count, method, nil) == 1 ? hash : []
    }

    /// The hash of some bytes. Empty when the library refuses the function.
    package func hash(_ octets: [UInt8]) -> [UInt8] { octets.withUnsafeBytes { hash($0) } }
}
