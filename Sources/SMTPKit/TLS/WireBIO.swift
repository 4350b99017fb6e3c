import COpenSSL

/// The bytes between an engine and its connection: what came and was not read yet, what is to be sent.
///
/// It lives at a fixed place, as the BIO points to it. Input is not copied: for the length of one call the
/// BIO reads from the caller's own memory.
struct Wire {
    /// The ciphertext that the current call brought and that OpenSSL has not taken yet.
    var input: UnsafeRawBufferPointer = .init(start: nil, count: 0)
    /// Whether the connection ended, so that no more input will come.
    var isAtEnd = false
    /// Ciphertext that waits to be sent, in memory that is ours.
    var output: UnsafeMutableRawPointer?
    var outputCount = 0
    var outputCapacity = 0
    /// The problems that the verification of the peer's certificate found.
    var problems: [CertificateProblem] = []
    /// The peer's certificates, its own first, if the handshake failed because of them.
    var refusedChain: [PeerCertificate] = []
    /// The name that the peer's certificate must hold.
    var expectedName: String?
    /// Whether a certificate with problems lets the handshake go on.
    var isLenient = false

    /// Takes up to `count` bytes of the input.
    fileprivate mutating func read(_ space: UnsafeMutableRawPointer, _ count: Int) -> Int {
        let taken = min(count, input.count)
        guard taken > 0, let base = input.baseAddress else { return 0 }
        space.copyMemory(from: base, byteCount: taken)
        input = UnsafeRawBufferPointer(rebasing: input[taken...])
        return taken
    }

    /// Adds to the output. The capacity grows by doubling from one record's usual size.
    fileprivate mutating func write(_ bytes: UnsafeRawPointer, _ count: Int) {
        if outputCapacity - outputCount < count {
            let capacity = max(outputCapacity * 2, outputCount + count, 512)
            let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 1)
            if let output {
                larger.copyMemory(from: output, byteCount: outputCount)
                output.deallocate()
            }
            output = larger
            outputCapacity = capacity
        }
        output?.advanced(by: outputCount).copyMemory(from: bytes, byteCount: count)
        outputCount += count
    }

    /// Gives the output's memory back: an idle connection holds none.
    mutating func releaseOutput() {
        output?.deallocate()
        output = nil
        outputCount = 0
        outputCapacity = 0
    }
}

/// The BIO that joins an `SSL` with a ``Wire``.
enum WireBIO {
    /// The table of functions, made once for the process.
    nonisolated(unsafe) private static let method: OpaquePointer? = {
        let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire")
        BIO_meth_set_read(method, read)
        BIO_meth_set_write(method, write)
        BIO_meth_set_ctrl(method, control)
        return method
    }()

    /// Makes a BIO on a wire, which must outlive it.
    static func make(_ wire: UnsafeMutablePointer<Wire>) -> OpaquePointer? {
        guard let bio = BIO_new(method) else { return nil }
        BIO_set_data(bio, wire)
        BIO_set_init(bio, 1)
        return bio
    }

    private static func wire(_ bio: OpaquePointer?) -> UnsafeMutablePointer<Wire>? {
        BIO_get_data(bio)?.assumingMemoryBound(to: Wire.self)
    }

    private static let read: @convention(c) (OpaquePointer?, UnsafeMutablePointer<CChar>?, Int32) -> Int32 = {
        bio,
        space,
        count in
        guard let wire = wire(bio), let space, count > 0 else { return 0 }
        smtp_BIO_clear_retry_flags(bio)
        let taken = wire.pointee.read(space, Int(count))
        if taken > 0 { return Int32(taken) }
        if wire.pointee.isAtEnd { return 0 }
        smtp_BIO_set_retry_read(bio)
        return -1
    }

    private static let write: @convention(c) (OpaquePointer?, UnsafePointer<CChar>?, Int32) -> Int32 = {
        bio,
        bytes,
        count in
        guard let wire = wire(bio), let bytes, count > 0 else { return 0 }
        smtp_BIO_clear_retry_flags(bio)
        wire.pointee.write(bytes, Int(count))
        return count
    }

    private static let control: @convention(c) (OpaquePointer?, Int32, Int, UnsafeMutableRawPointer?) -> Int = {
        bio,
        command,
        _,
        _ in
        switch command {
        case BIO_CTRL_FLUSH: 1
        case BIO_CTRL_EOF: wire(bio).map { $0.pointee.isAtEnd && $0.pointee.input.isEmpty ? 1 : 0 } ?? 1
        case _: 0
        }
    }
}

/// Notes what is wrong with the peer's certificate; lets it pass where the context only observes.
let recordVerification: @convention(c) (Int32, OpaquePointer?) -> Int32 = { isGood, store in
    guard isGood == 0 else { return 1 }
    let index = SSL_get_ex_data_X509_STORE_CTX_idx()
    guard let ssl = X509_STORE_CTX_get_ex_data(store, index),
        let wire = BIO_get_data(SSL_get_rbio(OpaquePointer(ssl)))?.assumingMemoryBound(to: Wire.self)
    else { return 0 }
    let problem = CertificateProblem(
        code: X509_STORE_CTX_get_error(store),
        certificate: X509_STORE_CTX_get_current_cert(store),
        expectedName: wire.pointee.expectedName
    )
    wire.pointee.problems.append(problem)
    guard !wire.pointee.isLenient else { return 1 }
    // OpenSSL forgets the chain together with the handshake.
    wire.pointee.refusedChain = PeerCertificate.all(X509_STORE_CTX_get0_untrusted(store))
    return 0
}
