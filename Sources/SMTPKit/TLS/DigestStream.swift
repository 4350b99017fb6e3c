import COpenSSL

/// A hash over bytes that come piece by piece.
package struct DigestStream: ~Copyable {
    private let context: OpaquePointer?
    private let size: Int

    /// Starts a hash.
    package init(_ digest: Digest) {
        size = digest.size
        context = EVP_MD_CTX_new()
        ERR_clear_error()
        EVP_DigestInit_ex(context, digest.method, nil)
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Takes a piece.
    package func append(_ octets: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, octets.baseAddress, octets.count)
    }

    /// The hash of all pieces. Empty when the library refuses the function.
    package consuming func finish() -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: size)
        var count: UInt32 = 0
        return EVP_DigestFinal_ex(context, &hash, &count) == 1 ? hash : []
    }
}
