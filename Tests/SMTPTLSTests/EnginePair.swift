import SMTPTLS
import Testing

/// A server's and a client's engine, joined in memory.
struct EnginePair {
    var server: TLSEngine
    var client: TLSEngine
    /// The outcomes of each end, other than `needsInput`, in order.
    var serverOutcomes: [TLSEngine.Outcome] = []
    var clientOutcomes: [TLSEngine.Outcome] = []
    /// The plaintext each end received.
    var serverText: [UInt8] = []
    var clientText: [UInt8] = []

    init(
        server serverConfiguration: TLSConfiguration,
        client clientConfiguration: TLSConfiguration,
        serverName: String? = "mail.example"
    ) throws {
        server = try TLSEngine(TLSContext(serverConfiguration))
        client = try TLSEngine(TLSContext(clientConfiguration), serverName: serverName)
    }

    /// Two ends that trust each other.
    init(
        change: (_ server: inout TLSConfiguration, _ client: inout TLSConfiguration) -> Void = { _, _ in }
    ) throws {
        let identity = try TLSIdentity.selfSigned(names: ["mail.example"])
        var server = TLSConfiguration.server(identity)
        var client = TLSConfiguration.client()
        client.trust = .certificates(.bytes(Array(identity.certificatePEM.utf8)))
        change(&server, &client)
        try self.init(server: server, client: client)
    }

    /// Passes ciphertext back and forth until neither end has any more to say.
    mutating func run(sliced size: Int = .max) {
        feed([], to: .server)
        feed([], to: .client)
        while server.hasCiphertext || client.hasCiphertext {
            for slice in take(from: .client).sliced(size) { feed(slice, to: .server) }
            for slice in take(from: .server).sliced(size) { feed(slice, to: .client) }
        }
    }

    /// The ciphertext that an end wants to send.
    func take(from end: TLSConfiguration.Role) -> [UInt8] {
        (end == .server ? server : client).withCiphertext { Array($0) }
    }

    /// Gives an end ciphertext and lets it work.
    mutating func feed(_ ciphertext: [UInt8], to end: TLSConfiguration.Role) {
        let engine = end == .server ? server : client
        var outcomes: [TLSEngine.Outcome] = []
        var text: [UInt8] = []
        var space = [UInt8](repeating: 0, count: 20_000)
        let taken = ciphertext.withUnsafeBytes { bytes in
            engine.receive(bytes) { engine in
                space.withUnsafeMutableBytes { space in
                    while true {
                        let outcome = engine.step(into: space)
                        if case .plaintext(let count) = outcome {
                            text.append(contentsOf: space[..<count])
                            continue
                        }
                        guard outcome != .needsInput else { return }
                        outcomes.append(outcome)
                        guard outcome == .established else { return }
                    }
                }
            }
        }
        if outcomes.isEmpty { #expect(taken == ciphertext.count) }
        if end == .server {
            serverOutcomes += outcomes
            serverText += text
        } else {
            clientOutcomes += outcomes
            clientText += text
        }
    }

    /// Says to an end that its connection is gone.
    mutating func end(_ end: TLSConfiguration.Role) {
        (end == .server ? server : client).inputEnded()
        feed([], to: end)
    }

    func send(_ text: [UInt8], from end: TLSConfiguration.Role) throws {
        try text.withUnsafeBytes { try (end == .server ? server : client).send($0) }
    }
}

extension [UInt8] {
    /// The array in slices of a size.
    func sliced(_ size: Int) -> [[UInt8]] {
        stride(from: 0, to: count, by: Swift.min(size, Swift.max(count, 1))).map {
            Array(self[$0..<Swift.min(count, $0 + Swift.min(size, count))])
        }
    }
}
