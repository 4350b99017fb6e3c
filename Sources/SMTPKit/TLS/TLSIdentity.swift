import COpenSSL

/// A certificate with its chain and its private key: who this end of a connection is.
///
/// It is read and checked once, and can then be shared by any number of contexts. The key never leaves it.
public final class TLSIdentity: Sendable {
    /// The `X509` of this end.
    nonisolated(unsafe) let certificate: OpaquePointer
    /// The `X509`s above it, in order.
    nonisolated(unsafe) let chain: [OpaquePointer]
    /// The `EVP_PKEY`.
    nonisolated(unsafe) let key: OpaquePointer
    /// Where the certificate came from, for messages.
    let source: String

    /// Takes over the references.
    init(certificate: OpaquePointer, chain: [OpaquePointer], key: OpaquePointer, source: String) {
        self.certificate = certificate
        self.chain = chain
        self.key = key
        self.source = source
    }

    /// Reads a certificate, the chain that may follow it in the same file, and its private key.
    ///
    /// - Parameters:
    ///   - certificate: PEM with this end's certificate first, then those above it.
    ///   - key: PEM with the private key; `nil` when it is in the same source as the certificate.
    ///   - passphrase: What decrypts the key. Nothing is ever asked for on a terminal.
    /// - Throws: The case of ``TLSConfigurationError`` that tells what is wrong with which source. Dates
    ///   are checked when a context is built.
    public convenience init(
        certificate: PEMSource,
        key: PEMSource? = nil,
        passphrase: String? = nil
    ) throws(TLSConfigurationError) {
        let keySource = key ?? certificate
        let privateKey = try Self.readKey(keySource, passphrase: passphrase)
        var certificates: [OpaquePointer] = []
        do {
            certificates = try Self.readCertificates(certificate)
        } catch {
            EVP_PKEY_free(privateKey)
            throw error
        }
        let leaf = certificates.removeFirst()
        self.init(certificate: leaf, chain: certificates, key: privateKey, source: certificate.name)
        ERR_clear_error()
        guard X509_check_private_key(leaf, privateKey) == 1 else {
            ERR_clear_error()
            throw .keyMismatch(certificate: certificate.name, key: keySource.name)
        }
    }

    /// The certificate as PEM, for those who are to trust it.
    public var certificatePEM: String {
        CertificateText.pem { PEM_write_bio_X509($0, certificate) }
    }

    /// The private key as PEM, unencrypted. For tests, which hand it to other programs.
    var privateKeyPEM: String {
        CertificateText.pem { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
    }

    /// The contents of the certificate.
    public var summary: PeerCertificate { PeerCertificate(certificate) }

    deinit {
        X509_free(certificate)
        for certificate in chain { X509_free(certificate) }
        EVP_PKEY_free(key)
    }

    /// All certificates of a source, at least one.
    static func readCertificates(_ source: PEMSource) throws(TLSConfigurationError) -> [OpaquePointer] {
        let reader = try PEMReader(source.read())
        var found: [OpaquePointer] = []
        while let next = reader.read({ PEM_read_bio_X509($0, nil, refusePassphrase, nil) }) {
            found.append(next)
        }
        // The last attempt fails always: with "no start line" at the end of the text, else with a defect.
        let error = OpenSSLError.take()
        let isEnd = error.library == ERR_LIB_PEM && error.reasonCode == PEM_R_NO_START_LINE
        guard !found.isEmpty, isEnd else {
            for certificate in found { X509_free(certificate) }
            throw .invalidCertificate(source: source.name, reason: error.reason)
        }
        return found
    }

    private static func readKey(
        _ source: PEMSource,
        passphrase: String?
    ) throws(TLSConfigurationError) -> OpaquePointer {
        let reader = try PEMReader(source.read())
        var answer = Passphrase(octets: Array((passphrase ?? "").utf8), wasAsked: false)
        let key = withUnsafeMutablePointer(to: &answer) { answer in
            reader.read { PEM_read_bio_PrivateKey($0, nil, givePassphrase, answer) }
        }
        guard let key else {
            let reason = OpenSSLError.takeReason()
            if answer.wasAsked { throw .encryptedKey(source: source.name) }
            throw .invalidKey(source: source.name, reason: reason)
        }
        return key
    }
}

/// The passphrase that ``givePassphrase`` returns, and whether it was called.
private struct Passphrase {
    var octets: [UInt8]
    var wasAsked: Bool
}

/// OpenSSL's own callback would prompt on the terminal of a server.
private let refusePassphrase:
    @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?)
        -> Int32 = { _, _, _, _ in -1 }

private let givePassphrase:
    @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?)
        -> Int32 = { space, capacity, _, argument in
            guard let space, let answer = argument?.assumingMemoryBound(to: Passphrase.self) else { return -1 }
            answer.pointee.wasAsked = true
            let octets = answer.pointee.octets
            guard !octets.isEmpty, octets.count <= Int(capacity) else { return -1 }
            for (offset, octet) in octets.enumerated() { space[offset] = CChar(bitPattern: octet) }
            return Int32(octets.count)
        }
