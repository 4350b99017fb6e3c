import SMTPCore
import SMTPTLS

/// TLS over a descriptor.
extension PollableConnection {
    func beginHandshake() {
        if let probe = options.handshakeProbe {
            isProbingHandshake = true
            outbox += probe
            return flush()
        }
        do {
            let context = try context ?? TLSContext(options.security.configuration)
            self.context = context
            engine = try options.security.engine(context, host: options.host)
            decrypt([])
        } catch {
            tlsFailed(error)
        }
    }

    /// Gives the engine what was read, and passes on what comes of it.
    func decrypt(_ octets: [UInt8]) {
        guard let engine else { return }
        var input = octets
        var plaintext = [UInt8](repeating: 0, count: 20 << 10)
        while isOpen {
            var outcome = TLSEngine.Outcome.needsInput
            let taken = input.withUnsafeBytes { octets in
                engine.receive(octets) { engine in
                    outcome = plaintext.withUnsafeMutableBytes { engine.step(into: $0) }
                }
            }
            input.removeFirst(taken)
            takeCiphertext(engine)
            switch outcome {
            case .needsInput: return flush()
            case .plaintext(let count):
                session.receive(plaintext.span.extracting(first: count), into: &output)
                carryOut()
            case .established: handshakeDone(engine)
            case .closedCleanly: return endInput(nil)
            case .failed(let failure): return tlsFailed(failure)
            }
        }
    }

    private func handshakeDone(_ engine: TLSEngine) {
        tlsReport = TLSReport(engine)
        if let failure = options.security.refusal(of: engine) { return tlsFailed(failure) }
        session.tlsEstablished(engine.properties, bindings: engine.channelBindings, into: &output)
        carryOut()
    }

    private func tlsFailed(_ error: any Error) {
        // What was refused can still be looked at.
        if tlsReport == nil, let engine, !engine.peerChain.isEmpty { tlsReport = TLSReport(engine) }
        flush()
        // Inside an established connection: a broken record, or an end without goodbye.
        guard session.isStartingTLS else { return endInput(error) }
        session.tlsFailed(error, into: &output)
        carryOut()
    }

    func takeCiphertext(_ engine: TLSEngine) {
        guard engine.hasCiphertext else { return }
        engine.withCiphertext { outbox.append(contentsOf: $0) }
    }
}
