/// A session says and keeps the same, however its input is cut.
///
/// The first bytes of an input choose the configuration, the cuts and the application's answers.
struct FuzzedSession {
    /// The outcome of an input.
    private struct Outcome: Equatable, CustomStringConvertible {
        var description: String {
            let texts = messages.map { String(decoding: $0, as: UTF8.self) }
            return "\(String(decoding: replies, as: UTF8.self))\(texts) \(envelopes) \(isClosed)"
        }

        var replies: [UInt8] = []
        var messages: [[UInt8]] = []
        var envelopes: [Envelope] = []
        var isClosed = false
    }

    static func check(_ input: [UInt8]) {
        guard input.count > 3 else { return }
        let configuration = configuration(input[0])
        let rest = input[3...]
        var cutter = Cutter(input[1])
        let whole = run(configuration, [Array(rest)], answers: input[2])
        let cut = run(configuration, cutter.pieces(of: rest), answers: input[2])
        expect(whole == cut, "the cuts make a difference:\n\(whole)\n\(cut)")
    }

    private static func configuration(_ choice: UInt8) -> ServerSession.Configuration {
        var limits = Limits()
        limits.commandLine = 600
        limits.skippedLine = 2_000
        limits.authenticationLine = 300
        limits.messageSize = 500
        limits.discardedChunk = 2_000
        limits.recipients = 4
        limits.recipientDomains = 3
        limits.transactions = 6
        limits.receivedFields = 3
        limits.badCommands = 30
        limits.textLine = choice & 0x80 == 0 ? nil : 100
        var security = SecurityPolicy()
        security.tls = .offered
        security.mechanisms = [.plain, .login, .cramMD5, .scramSHA256, .xoauth2, .oauthBearer]
        security.allowsSecretsInClear = true
        security.cryptography = FuzzCryptography()
        let protocols: [ServerProtocol] = [.esmtp, .lmtp, .smtp, .esmtp]
        let newlines: [BareNewlinePolicy] = [.reject, .normalize, .allow, .reject]
        return ServerSession.Configuration(
            serverProtocol: protocols[Int(choice & 3)], hostname: "mx.example", limits: limits,
            bareNewlines: newlines[Int(choice >> 2 & 3)], syntax: choice & 0x10 == 0 ? .lenient : .strict,
            promised: ServiceExtension.promises, security: security,
            xclients: CIDRBlock("192.0.2.0/24").map { [$0] } ?? [],
            decisions: choice & 0x20 == 0 ? [] : .all.union(.reset), isTraced: choice & 0x40 != 0)
    }

    private static func run(
        _ configuration: ServerSession.Configuration, _ pieces: [[UInt8]], answers: UInt8
    ) -> Outcome {
        var session = ServerSession(
            configuration: configuration, peer: Peer(address: .ip("192.0.2.1", port: 25_000), serverName: "mx.example"))
        var output = ServerOutput()
        var outcome = Outcome()
        var content: [UInt8] = []
        var decisions = 0
        func verdict(_ decision: Decision) -> Verdict {
            decisions += 1
            let refuses = (Int(answers) + decisions) % 5 == 0
            switch decision {
            case .message: return refuses ? .reply(.localError) : .queued(QueueID(rawValue: "\(decisions)"))
            case .authenticate: return .answer(refuses ? .refused : .password(Secret("secret")))
            case .connection, .hello, .authenticationFailure, .step, .pause, .stall: return .accept
            case .sender, .recipient, .verify, .expand: return refuses ? .reply(.mailboxNotFound) : .accept
            }
        }
        /// - Returns: whether the session goes on.
        func carryOut() -> Bool {
            while true {
                outcome.replies += output.replies
                output.replies = []
                if output.isContentDropped { content = [] }
                content += output.content
                output.content = []
                output.isContentDropped = false
                output.trace = []
                output.abandoned = []
                guard let event = output.event else { return true }
                output.event = nil
                switch event {
                case .decide(let decision):
                    if decision == .message {
                        outcome.messages.append(content)
                        outcome.envelopes += session.envelope.map { [$0] } ?? []
                        content = []
                    }
                    session.resolve(verdict(decision), into: &output)
                // The bytes after it belong to the handshake.
                case .startTLS: return false
                case .close, .reset:
                    outcome.isClosed = true
                    return false
                }
            }
        }
        session.start(into: &output)
        guard carryOut() else { return outcome }
        for piece in pieces {
            session.receive(piece.span, into: &output)
            guard carryOut() else { return outcome }
            expect(session.waitingInputCount <= 600 + 40 || pieces.count == 1, "the session keeps too much")
        }
        session.inputClosed(into: &output)
        _ = carryOut()
        return outcome
    }
}

/// Hashes that are none, so that an input means the same each time.
private struct FuzzCryptography: SASLCryptography {
    func hash(_ function: SASLHash, _ octets: [UInt8]) -> [UInt8] {
        var hash = [UInt8](repeating: 7, count: function.size)
        for (index, octet) in octets.enumerated() {
            hash[index % function.size] ^= octet &+ UInt8(truncatingIfNeeded: index)
        }
        return hash
    }

    func hmac(_ function: SASLHash, key: [UInt8], _ message: [UInt8]) -> [UInt8] { hash(function, key + message) }

    func stretch(_ function: SASLHash, password: [UInt8], salt: [UInt8], iterations: Int) -> [UInt8] {
        hash(function, password + salt)
    }

    func random(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0) } }

    func isEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool { a == b }
}
