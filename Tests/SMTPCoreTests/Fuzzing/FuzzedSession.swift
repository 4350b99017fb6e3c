import FuzzSupport

@testable import SMTPCore

/// A server's session says and keeps the same, however its input is cut, and keeps little of it.
///
/// The first bytes of an input choose the configuration, the cuts, the application's answers and the faults. 0xFF in
/// the rest ends a turn: a TLS handshake that was asked for is done before the next one.
struct FuzzedSession {
    /// The choices of an input.
    private struct Options {
        let configuration: ServerSession.Configuration
        let cuts: UInt8
        let answers: UInt8
        let faults: UInt8

        init(_ input: inout FuzzInput) {
            let choice = input.byte()
            cuts = input.byte()
            answers = input.byte()
            faults = input.byte()
            configuration = Self.configuration(choice, faults)
        }

        private static let serverProtocols: [ServerProtocol] = [.esmtp, .lmtp, .smtp, .esmtp]
        private static let newlines: [BareNewlinePolicy] = [.reject, .normalize, .allow, .reject]

        private static func configuration(_ choice: UInt8, _ faults: UInt8) -> ServerSession.Configuration {
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
            // The faults of `smtpd-lite` begin at these stages.
            let stages = DialogueStage.allCases
            let intercepted = faults == 0 ? [] : [stages[Int(faults >> 4) % stages.count], .body, .dot]
            return ServerSession.Configuration(
                serverProtocol: serverProtocols[Int(choice & 3)], hostname: "mx.example", limits: limits,
                bareNewlines: newlines[Int(choice >> 2 & 3)], syntax: choice & 0x10 == 0 ? .lenient : .strict,
                promised: ServiceExtension.promises, security: security,
                xclients: CIDRBlock("192.0.2.0/24").map { [$0] } ?? [],
                decisions: choice & 0x20 == 0 ? [] : .all.union(.reset), intercepted: Set(intercepted),
                isTraced: choice & 0x40 != 0, wantsRemarks: choice & 0x40 != 0,
                wantsSyntaxRemarks: choice & 0x40 != 0)
        }
    }

    static func check(_ input: FuzzInput) throws {
        var input = input
        let options = Options(&input)
        let turns = input.turns
        var cutter = Cutter(options.cuts)
        let whole = try FuzzedServer(options.configuration, options.answers, options.faults).run(turns.map { [$0] })
        let cut = try FuzzedServer(options.configuration, options.answers, options.faults)
            .run(turns.map { cutter.pieces(of: $0) })
        try expect(whole == cut, "the cuts make a difference:\n\(whole)\n\(cut)")
    }
}

/// A server's session and an application that answers by chance.
private struct FuzzedServer: ~Copyable {
    /// The result of an input.
    struct Outcome: Equatable, CustomStringConvertible {
        var replies: [UInt8] = []
        var messages: [[UInt8]] = []
        var envelopes: [Envelope] = []
        var isClosed = false

        var description: String {
            let texts = messages.map { String(decoding: $0, as: UTF8.self) }
            return "\(String(decoding: replies, as: UTF8.self))\(texts) \(envelopes) \(isClosed)"
        }
    }

    private var session: ServerSession
    private var output = ServerOutput()
    private var outcome = Outcome()
    private var content: [UInt8] = []
    private var decisions = 0
    private var isHandshaking = false
    private let answers: UInt8
    private let faults: UInt8

    init(_ configuration: ServerSession.Configuration, _ answers: UInt8, _ faults: UInt8) {
        session = ServerSession(
            configuration: configuration, peer: Peer(address: .ip("192.0.2.1", port: 25_000), serverName: "mx.example"))
        self.answers = answers
        self.faults = faults
    }

    consuming func run(_ turns: [[[UInt8]]]) throws -> Outcome {
        session.start(into: &output)
        carryOut()
        for turn in turns where !outcome.isClosed {
            if isHandshaking {
                isHandshaking = false
                session.tlsEstablished(Peer.TLSProperties(version: "TLSv1.3", cipherSuite: "TLS_AES_256_GCM_SHA384"))
            }
            // Bytes after a STARTTLS belong to the handshake.
            for piece in turn where !isHandshaking && !outcome.isClosed {
                session.receive(piece.span, into: &output)
                carryOut()
                try expect(
                    session.waitingInputCount <= 600 + piece.count, "the session keeps \(session.waitingInputCount)")
            }
        }
        if !outcome.isClosed {
            session.inputClosed(into: &output)
            carryOut()
        }
        return outcome
    }

    private mutating func carryOut() {
        while true {
            outcome.replies += output.replies
            if output.isContentDropped { content = [] }
            content += output.content
            let event = output.event
            let isPaused = output.pause != nil
            output = ServerOutput()
            if isPaused {
                // The replies are written slowly, and what the session asks for is done after them.
                session.repliesWritten(into: &output)
                output.event = output.event ?? event
                continue
            }
            switch event {
            case nil: return
            case .decide(let decision):
                if decision == .message {
                    outcome.messages.append(content)
                    outcome.envelopes += session.envelope.map { [$0] } ?? []
                    content = []
                }
                session.resolve(answer: verdict(decision), into: &output)
            case .startTLS:
                isHandshaking = true
                return
            case .close, .reset:
                outcome.isClosed = true
                return
            }
        }
    }

    private mutating func verdict(_ decision: Decision) -> DecisionAnswer {
        decisions += 1
        let refuses = (Int(answers) + decisions) % 5 == 0
        switch decision {
        case .message: return refuses ? .reply(.localError) : .queued(QueueID(rawValue: "\(decisions)"))
        case .authenticate: return .answer(refuses ? .refused : .password(Secret("secret")))
        case .connection, .hello, .authenticationFailure, .pause, .stall: return .accept
        case .sender, .recipient, .verify, .expand: return refuses ? .reply(.mailboxNotFound) : .accept
        case .step: return (Int(faults) + decisions) % 3 == 0 ? .intercept(interception) : .accept
        }
    }

    private var interception: Interception {
        let forms: [Interception.ReplyForm] = [.whole, .slow(pause: .milliseconds(1)), .truncated, .garbled]
        let endings: [Interception.Ending?] = [nil, .drop, nil, .reset]
        let replies: [Reply?] = [nil, .mailboxNotFound, .localError, .ok]
        let choice = Int(faults)
        return Interception(
            after: choice & 0x08 == 0 ? 0 : 20, reply: replies[(choice >> 2) % 4], form: forms[choice % 4],
            ending: endings[(choice >> 1) % 4])
    }
}
