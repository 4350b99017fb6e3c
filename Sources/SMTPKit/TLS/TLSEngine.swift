import COpenSSL

/// One end of one TLS connection, without a connection: ciphertext in, plaintext out, and the other way round.
///
/// It does no I/O and knows no time. Whoever drives it gives it what came from the peer (``receive(_:_:)``),
/// asks what that means (``step(into:)``) until it needs input, and after every call sends what
/// ``withCiphertext(_:)`` holds, after a failure as well: the alert for the peer is in it.
///
/// Not `Sendable`: it belongs to one thread at a time.
package final class TLSEngine {
    /// The outcome of a step.
    package enum Outcome: Hashable, Sendable {
        /// Nothing more can be said before more ciphertext comes.
        case needsInput
        /// So many bytes of plaintext were put into the space. There may be more.
        case plaintext(Int)
        /// The handshake is done. Said once.
        case established
        /// The peer sent `close_notify`: everything it sent has been read.
        case closedCleanly
        /// The connection is over. Said again by every further step.
        indirect case failed(TLSFailure)
    }

    private enum Phase {
        case handshaking
        case established
        case closedCleanly
        case failed(TLSFailure)
    }

    let ssl: OpaquePointer
    let wire: UnsafeMutablePointer<Wire>
    let context: TLSContext
    private var phase = Phase.handshaking

    /// Makes the end of a connection in the role that its context was built for.
    ///
    /// - Throws: ``TLSFailure/library(reason:)`` when memory is short.
    package init(_ context: TLSContext) throws(TLSFailure) {
        ERR_clear_error()
        guard let first = context.contexts.first, let ssl = SSL_new(first) else {
            throw .library(reason: OpenSSLError.takeReason())
        }
        let wire = UnsafeMutablePointer<Wire>.allocate(capacity: 1)
        wire.initialize(to: Wire())
        self.context = context
        self.ssl = ssl
        self.wire = wire
        guard let bio = WireBIO.make(wire) else { throw .library(reason: OpenSSLError.takeReason()) }
        SSL_set_bio(ssl, bio, bio)
        switch context.role {
        case .server: SSL_set_accept_state(ssl)
        case .client: SSL_set_connect_state(ssl)
        }
        wire.pointee.isLenient = context.configuration.peerVerification == .observe
    }

    deinit {
        // Else OpenSSL takes a connection that was merely dropped for an attack, and its session for spoilt.
        SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN)
        SSL_free(ssl)
        wire.pointee.releaseOutput()
        wire.deinitialize(count: 1)
        wire.deallocate()
    }

    /// Whether the handshake was completed and the connection is still good in both directions.
    package var isEstablished: Bool {
        if case .established = phase { true } else { false }
    }

    /// How many bytes of plaintext are decrypted and were not asked for yet: the rest of a record.
    package var decryptedCount: Int { Int(SSL_pending(ssl)) }

    /// Lends the engine ciphertext for the length of `body`, which calls ``step(into:)``.
    ///
    /// - Returns: How many bytes the engine took. When the last step said `needsInput`, that is all.
    package func receive(_ ciphertext: UnsafeRawBufferPointer, _ body: (TLSEngine) -> Void) -> Int {
        wire.pointee.input = ciphertext
        body(self)
        let left = wire.pointee.input.count
        wire.pointee.input = UnsafeRawBufferPointer(start: nil, count: 0)
        return ciphertext.count - left
    }

    /// Says that no more ciphertext will come. The next step tells what that means: a clean end, a
    /// truncation, or a handshake that was broken off.
    package func inputEnded() {
        wire.pointee.isAtEnd = true
    }

    /// Goes one step further with the ciphertext at hand.
    ///
    /// - Parameter space: Where plaintext is put: at least one byte, best more than a record, 16 KiB.
    package func step(into space: UnsafeMutableRawBufferPointer) -> Outcome {
        switch phase {
        case .handshaking:
            ERR_clear_error()
            let result = SSL_do_handshake(ssl)
            guard result != 1 else {
                phase = .established
                return .established
            }
            return conclude(result)
        case .established:
            // Spares a call and 16 KiB that it would take and give back.
            if wire.pointee.input.isEmpty, !wire.pointee.isAtEnd, SSL_has_pending(ssl) == 0 { return .needsInput }
            ERR_clear_error()
            var count = 0
            let result = SSL_read_ex(ssl, space.baseAddress, space.count, &count)
            return result == 1 ? .plaintext(count) : conclude(result)
        case .closedCleanly: return .closedCleanly
        case .failed(let failure): return .failed(failure)
        }
    }

    /// Encrypts bytes for the peer. They are in ``withCiphertext(_:)`` afterwards.
    ///
    /// - Throws: Why the connection cannot be written to. Before the handshake is done it cannot.
    package func send(_ plaintext: UnsafeRawBufferPointer) throws(TLSFailure) {
        switch phase {
        case .handshaking: throw .library(reason: "the handshake is not done")
        case .failed(let failure): throw failure
        case .established, .closedCleanly: break
        }
        guard !plaintext.isEmpty else { return }
        ERR_clear_error()
        var count = 0
        // The BIO takes everything, so that a partial write does not occur.
        guard SSL_write_ex(ssl, plaintext.baseAddress, plaintext.count, &count) == 1 else {
            throw .library(reason: OpenSSLError.takeReason())
        }
    }

    /// Says goodbye to the peer with `close_notify`, where that can be said.
    package func close() {
        switch phase {
        case .established, .closedCleanly:
            ERR_clear_error()
            _ = SSL_shutdown(ssl)
            ERR_clear_error()
        case .handshaking, .failed: break
        }
    }

    /// Whether there is ciphertext to send.
    package var hasCiphertext: Bool { wire.pointee.outputCount > 0 }

    /// Gives the ciphertext that is to be sent, and forgets it.
    package func withCiphertext<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        defer { wire.pointee.releaseOutput() }
        return body(UnsafeRawBufferPointer(start: wire.pointee.output, count: wire.pointee.outputCount))
    }

    private func conclude(_ result: Int32) -> Outcome {
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: return .needsInput
        case SSL_ERROR_ZERO_RETURN:
            if case .handshaking = phase { return fail(.interruptedHandshake) }
            phase = .closedCleanly
            return .closedCleanly
        case _:
            return fail(diagnose(OpenSSLError.take()))
        }
    }

    private func fail(_ failure: TLSFailure) -> Outcome {
        phase = .failed(failure)
        return .failed(failure)
    }

    /// Which kind of failure an error of OpenSSL's is.
    private func diagnose(_ error: OpenSSLError) -> TLSFailure {
        let isHandshaking =
            switch phase {
            case .handshaking: true
            case .established, .closedCleanly, .failed: false
            }
        let isEnd = error.library == 0 || error.reasonCode == SSL_R_UNEXPECTED_EOF_WHILE_READING
        if wire.pointee.isAtEnd, isEnd { return isHandshaking ? .interruptedHandshake : .truncated }
        guard error.library == ERR_LIB_SSL else {
            return isHandshaking ? .handshake(reason: error.reason) : .library(reason: error.reason)
        }
        // Alerts of the peer are numbered from here on, by the alert's own number.
        if error.reasonCode > SSL_AD_REASON_OFFSET { return .refusedByPeer(alert: error.reason) }
        switch error.reasonCode {
        case SSL_R_CERTIFICATE_VERIFY_FAILED:
            return .certificate(wire.pointee.problems.last ?? .other(subject: "", reason: error.reason))
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
            return .certificate(.missing)
        case _:
            return isHandshaking ? .handshake(reason: error.reason) : .damagedRecord(reason: error.reason)
        }
    }
}
