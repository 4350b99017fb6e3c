import FuzzSupport

#if canImport(SMTPTLS)
import SMTPTLS
#endif

/// A TLS engine that is fed with garbage comes to an end and hands out nothing before its handshake is done.
///
/// The first byte of an input chooses a server or a client, and where a real handshake is broken: the bytes that follow
/// replace those of its other end from there on.
enum FuzzedTLS {
    private static let contexts = Result {
        let identity = try TLSIdentity.selfSigned(names: ["mail.example"])
        var client = TLSConfiguration.client()
        client.trust = .certificates(.bytes(Array(identity.certificatePEM.utf8)))
        return (server: try TLSContext(.server(identity)), client: try TLSContext(client))
    }

    static func check(_ input: FuzzInput) throws {
        var input = input
        let choice = input.byte()
        let contexts = try contexts.get()
        let isServer = choice & 1 == 0
        let tested = try TLSEngine(isServer ? contexts.server : contexts.client)
        // A whole handshake costs most of a millisecond, so that few inputs have one.
        if choice & 0x1E == 0x1E {
            let other = try TLSEngine(isServer ? contexts.client : contexts.server)
            try handshake(tested, other, rounds: Int(choice >> 5), &input)
        }
        try feed(tested, input.bytes)
        tested.inputEnded()
        try feed(tested, [])
        var space = [UInt8](repeating: 0, count: 100)
        let last = space.withUnsafeMutableBytes { tested.step(into: $0) }
        switch last {
        case .failed, .closedCleanly: break
        case .needsInput, .plaintext, .established: throw FuzzFailure("the engine does not end: \(last)")
        }
    }

    private static func handshake(
        _ tested: TLSEngine, _ other: TLSEngine, rounds: Int, _ input: inout FuzzInput
    ) throws {
        try feed(other, [])
        try feed(tested, [])
        for _ in 0..<rounds {
            var flight = other.withCiphertext { Array($0) }
            // One byte of the flight is changed, perhaps to what it was.
            let place = Int(input.byte()) * 256 + Int(input.byte())
            let mask = input.byte()
            if !flight.isEmpty { flight[place % flight.count] ^= mask }
            try feed(tested, flight)
            let answer = tested.withCiphertext { Array($0) }
            try feed(other, answer)
        }
    }

    private static func feed(_ engine: TLSEngine, _ ciphertext: [UInt8]) throws {
        var steps = 0
        var failure: FuzzFailure?
        var space = [UInt8](repeating: 0, count: 20_000)
        let taken = ciphertext.withUnsafeBytes { bytes in
            engine.receive(bytes) { engine in
                space.withUnsafeMutableBytes { space in
                    while true {
                        steps += 1
                        guard steps < 2 * ciphertext.count + 10 else {
                            failure = FuzzFailure("the engine does not stop")
                            return
                        }
                        let wasEstablished = engine.isEstablished
                        switch engine.step(into: space) {
                        case .plaintext(let count):
                            if !wasEstablished || count > space.count {
                                failure = FuzzFailure("plaintext without a handshake")
                            }
                        case .established: continue
                        case .needsInput, .closedCleanly, .failed: return
                        }
                    }
                }
            }
        }
        if let failure { throw failure }
        try expect(taken <= ciphertext.count, "more was taken than there was")
    }
}
