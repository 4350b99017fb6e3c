import SMTPCore
import SMTPTLS

/// A client's session and a server's, joined in memory. The handshake takes no time.
final class JoinedSessions {
    var client: ClientSession
    private var server: ServerSession
    private var clientOutput = ClientOutput()
    private var serverOutput = ServerOutput()
    private var content: [UInt8] = []
    /// The most bytes that pass at once.
    private let pieceSize: Int
    /// All bytes that the client sent.
    private(set) var sent: [UInt8] = []
    /// The events that the client reported, without replies.
    private(set) var events: [String] = []
    /// The replies that the client reported: the command and the reply.
    private(set) var replies: [String] = []
    private(set) var trace: [ClientTraceEntry] = []
    /// The messages that the server accepted.
    private(set) var messages: [(envelope: Envelope, content: String)] = []
    /// The verdict on a decision.
    var verdict: (Decision) -> DecisionAnswer = { decision in
        guard case .authenticate(let question) = decision else { return .accept }
        switch question {
        case .password(let user, _, let secret):
            return .answer(user == "alice" && secret.text == "secret" ? .accepted : .refused)
        case .secret: return .answer(.password(Secret("secret")))
        case .token(_, let secret): return .answer(secret.text == "secret" ? .acceptedAs("alice") : .refused)
        case .external(let subject, _): return .answer(.acceptedAs(subject))
        }
    }

    init(
        _ configuration: ClientSession.Configuration = .init(), pieceSize: Int = .max,
        server serverConfiguration: ServerSession.Configuration = .init(
            hostname: "mx.example", banner: "ESMTP", decisions: .all)
    ) {
        client = ClientSession(configuration)
        server = ServerSession(
            configuration: serverConfiguration,
            peer: Peer(address: .ip("192.0.2.1", port: 49152), serverName: serverConfiguration.hostname))
        self.pieceSize = pieceSize
        client.connected(into: &clientOutput)
        server.start(into: &serverOutput)
        decide()
        exchange()
    }

    /// Lets the client do something, and passes on what comes of it.
    func perform(_ body: (inout ClientSession, inout ClientOutput) throws(SMTPError) -> Void) throws(SMTPError) {
        try body(&client, &clientOutput)
        exchange()
    }

    /// Sends a message, as soon as the server wants it.
    func deliver(_ transaction: Transaction, _ content: String) throws(SMTPError) {
        let octets = Array(content.utf8)
        try perform { session, output throws(SMTPError) in try session.begin(transaction, into: &output) }
        for start in stride(from: 0, to: octets.count, by: min(pieceSize, 1 << 20)) where client.isContentWanted {
            let piece = Array(octets[start..<min(octets.count, start + min(pieceSize, 1 << 20))])
            try perform { session, output throws(SMTPError) in session.sendContent(piece.span, into: &output) }
        }
        try perform { session, output throws(SMTPError) in session.endContent(into: &output) }
    }

    // MARK: The wire

    private func exchange() {
        while true {
            note()
            if !clientOutput.octets.isEmpty {
                let octets = clientOutput.octets
                clientOutput.octets = []
                sent += octets
                for piece in pieces(octets) {
                    server.receive(piece.span, into: &serverOutput)
                    decide()
                }
            } else if !serverOutput.replies.isEmpty {
                let octets = serverOutput.replies
                serverOutput.replies = []
                for piece in pieces(octets) {
                    client.receive(piece.span, into: &clientOutput)
                    note()
                }
            } else {
                return
            }
        }
    }

    private func pieces(_ octets: [UInt8]) -> [[UInt8]] {
        stride(from: 0, to: octets.count, by: min(pieceSize, octets.count)).map {
            Array(octets[$0..<min(octets.count, $0 + min(pieceSize, octets.count))])
        }
    }

    private func decide() {
        while true {
            if serverOutput.isContentDropped { content = [] }
            content += serverOutput.content
            serverOutput.content = []
            serverOutput.isContentDropped = false
            guard let event = serverOutput.event else { return }
            serverOutput.event = nil
            switch event {
            case .close, .startTLS, .reset: return
            case .decide(.message):
                if let envelope = server.envelope {
                    messages.append((envelope, String(decoding: content, as: UTF8.self)))
                }
                content = []
                server.resolve(answer: verdict(.message), into: &serverOutput)
            case .decide(let decision): server.resolve(answer: verdict(decision), into: &serverOutput)
            }
        }
    }

    private func note() {
        trace += clientOutput.trace
        clientOutput.trace = []
        let new = clientOutput.events
        clientOutput.events = []
        for event in new {
            switch event {
            case .reply(let reply): replies.append("\(reply.command?.line ?? "nothing") -> \(reply.reply.code)")
            case .malformed(let error, _): events.append("malformed \(error)")
            case .finished(let reply): events.append("finished \(reply.code)")
            case .contentWanted: events.append("content")
            case .transactionFinished: events.append("transaction")
            case .failed(let error): events.append("failed \(error)")
            case .closed: events.append("closed")
            case .stageFinished(let stage, let reply): events.append("stage \(stage.rawValue) \(reply.code)")
            case .tlsSkipped(let reply): events.append("no tls \(reply?.code.description ?? "offered")")
            case .prepared: events.append("prepared")
            case .stepFailed(let error): events.append("stopped \(error.code) \(error.stage?.rawValue ?? "-")")
            case .startTLS:
                events.append("tls")
                let properties = Peer.TLSProperties(version: "TLSv1.3", cipherSuite: "TLS_AES_256_GCM_SHA384")
                let binding = ChannelBinding(kind: .tlsExporter, data: [1, 2, 3])
                server.setChannelBindings([binding])
                server.tlsEstablished(properties)
                client.tlsEstablished(properties, bindings: [binding], into: &clientOutput)
            }
        }
    }
}

extension Envelope {
    /// An envelope of addresses that are known to be good.
    init(from sender: String, to recipients: String..., parameters: [ESMTPParameter] = []) {
        func mailbox(_ text: String) -> Mailbox {
            let parts = text.split(separator: "@").map(String.init)
            return Mailbox(localPart: parts[0], domain: .name(parts[1]))
        }
        self.init(
            reversePath: sender.isEmpty ? .null : .mailbox(mailbox(sender)), parameters: parameters,
            recipients: recipients.map { Envelope.Recipient(.mailbox(mailbox($0))) })
    }
}
