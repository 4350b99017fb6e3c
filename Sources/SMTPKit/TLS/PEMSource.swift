import COpenSSL

/// Where certificates or keys come from: a file, or bytes at hand, in PEM.
///
/// - SeeAlso: RFC 7468.
public enum PEMSource: Hashable, Sendable {
    /// A file, at most 4 MiB of it.
    case file(String)
    /// The PEM text itself.
    case bytes([UInt8])

    /// The size above which a file is not taken for PEM, in bytes.
    static let maximumSize = 4 << 20

    /// The name of the source in messages.
    var name: String {
        switch self {
        case .file(let path): path
        case .bytes: "the given PEM text"
        }
    }

    /// The whole text.
    ///
    /// - Throws: ``TLSConfigurationError/Code/unreadableFile``, for a file that is larger than
    ///   4 MiB as well, so that `/dev/zero` for a name does no harm.
    func read() throws(TLSConfigurationError) -> [UInt8] {
        switch self {
        case .bytes(let bytes): return bytes
        case .file(let path):
            ERR_clear_error()
            guard let file = BIO_new_file(path, "rb") else {
                throw .unreadableFile(path: path, reason: OpenSSLError.takeReason())
            }
            defer { BIO_free(file) }
            return try Self.readAll(file, path: path)
        }
    }

    private static func readAll(_ file: OpaquePointer, path: String) throws(TLSConfigurationError) -> [UInt8] {
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = BIO_read(file, &chunk, Int32(chunk.count))
            guard count >= 0 else { throw .unreadableFile(path: path, reason: OpenSSLError.takeReason()) }
            guard count > 0 else { return text }
            text.append(contentsOf: chunk[..<Int(count)])
            guard text.count <= maximumSize else {
                throw .unreadableFile(path: path, reason: "larger than 4 MiB, which no PEM file is")
            }
        }
    }
}

/// Reads the values of one kind out of PEM text, one after the other, and lets go of the text at the end.
struct PEMReader: ~Copyable {
    private let bio: OpaquePointer
    private let text: UnsafeMutableBufferPointer<UInt8>

    /// - Throws: ``TLSConfigurationError/Code/library`` when memory is short.
    init(_ bytes: [UInt8]) throws(TLSConfigurationError) {
        let text = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(bytes.count, 1))
        _ = text.initialize(from: bytes)
        guard let bio = BIO_new_mem_buf(text.baseAddress, Int32(bytes.count)) else {
            text.deallocate()
            throw .library(reason: OpenSSLError.takeReason())
        }
        self.bio = bio
        self.text = text
    }

    /// Gives the text to one of OpenSSL's `PEM_read_bio_…`. The error queue is clear before.
    func read<Value>(_ body: (OpaquePointer) -> Value?) -> Value? {
        ERR_clear_error()
        return body(bio)
    }

    deinit {
        BIO_free(bio)
        // Private keys pass through here.
        if let base = text.baseAddress { OPENSSL_cleanse(base, text.count) }
        text.deallocate()
    }
}
