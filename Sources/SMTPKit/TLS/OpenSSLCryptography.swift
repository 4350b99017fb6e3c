import COpenSSL
public import SMTPCore

/// The cryptography of SASL, by OpenSSL.
///
/// Where the library refuses a function, as FIPS policies do with MD5, a hash is empty, and nothing compares
/// equal to it that anyone could send.
public struct OpenSSLCryptography: SASLCryptography {
    /// It has no state.
    public init() {}

    /// The hash of some bytes; empty where the library refuses the function.
    public func hash(_ function: SASLHash, _ octets: [UInt8]) -> [UInt8] { Digest(function).hash(octets) }

    /// The keyed hash of a message; empty where the library refuses the function.
    public func hmac(_ function: SASLHash, key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: function.size)
        var count: UInt32 = 0
        ERR_clear_error()
        // A key without a place in memory would be taken for the last one.
        let result = (key.isEmpty ? [0] : key).withUnsafeBufferPointer { keyOctets in
            HMAC(
                Digest(function).method,
                keyOctets.baseAddress,
                Int32(key.count),
                message,
                message.count,
                &hash,
                &count
            )
        }
        return result != nil ? hash : []
    }

    /// A password stretched with PBKDF2; empty where the library refuses the function.
    public func stretch(_ function: SASLHash, password: [UInt8], salt: [UInt8], iterations: Int) -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: function.size)
        ERR_clear_error()
        let result = password.withUnsafeBytes { password in
            PKCS5_PBKDF2_HMAC(
                password.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(password.count),
                salt,
                Int32(salt.count),
                Int32(clamping: iterations),
                Digest(function).method,
                Int32(hash.count),
                &hash
            )
        }
        return result == 1 ? hash : []
    }

    /// Bytes that cannot be foretold.
    ///
    /// - Precondition: The system has a source of chance; going on without one would be worse than an end.
    public func random(_ count: Int) -> [UInt8] {
        var octets = [UInt8](repeating: 0, count: count)
        precondition(RAND_bytes(&octets, Int32(count)) == 1, "OpenSSL has no source of chance")
        return octets
    }

    /// Returns a text prepared with SASLprep; `nil` if it holds what SASLprep prohibits.
    public func prepared(_ text: String) -> String? { SASLPreparation.prepare(text) }

    /// Whether two texts are alike; empty ones never are.
    public func isEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        !a.isEmpty && a.count == b.count && CRYPTO_memcmp(a, b, a.count) == 0
    }
}

extension Digest {
    fileprivate init(_ function: SASLHash) {
        self =
            switch function {
            case .md5: .md5
            case .sha1: .sha1
            case .sha256: .sha256
            }
    }
}
