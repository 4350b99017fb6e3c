import SMTPCore

/// Feeds a session and gathers what comes out, accepting every message.
final class Dialogue {
    var session: ServerSession
    var output = ServerOutput()
    var replies = ""
    var messages: [String] = []
    var envelopes: [Envelope] = []
    var isClosed = false
    var isReset = false
    /// How long it was to wait, and at what pace to write, in order.
    var pauses: [Duration] = []
    /// The verdicts on decisions other than the acceptance of a message.
    var verdict: (Decision) -> DecisionAnswer

    init(
        _ configuration: ServerSession.Configuration = .init(hostname: "mx.example", banner: ""),
        verdict: @escaping (Decision) -> DecisionAnswer = { _ in .accept }
    ) {
        self.verdict = verdict
        session = ServerSession(
            configuration: configuration,
            peer: Peer(address: .ip("192.0.2.1", port: 25_000), serverName: configuration.hostname))
        session.start(into: &output)
        carryOut()
    }

    /// Sends bytes in pieces of at most `size`.
    func send(_ text: String, inPiecesOf size: Int = .max) {
        send(Array(text.utf8), inPiecesOf: size)
    }

    func send(_ octets: [UInt8], inPiecesOf size: Int = .max) {
        var rest = octets[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(size))
            rest = rest.dropFirst(size)
            session.receive(piece.span, into: &output)
            carryOut()
        }
    }

    private var content: [UInt8] = []

    private func carryOut() {
        while true {
            replies += String(decoding: output.replies, as: UTF8.self)
            output.replies = []
            if output.isContentDropped { content = [] }
            content += output.content
            output.content = []
            output.isContentDropped = false
            if let pause = output.pause {
                pauses.append(pause)
                output.pause = nil
                let event = output.event
                output.event = nil
                session.repliesWritten(into: &output)
                output.event = output.event ?? event
                replies += String(decoding: output.replies, as: UTF8.self)
                output.replies = []
            }
            switch output.event {
            case nil: return
            case .reset:
                (isClosed, isReset) = (true, true)
                output.event = nil
                return
            case .decide(.pause(let duration)):
                pauses.append(duration)
                output.event = nil
                session.resolve(.accept, into: &output)
            case .decide(.stall):
                output.event = nil
                return
            case .close(_):
                isClosed = true
                output.event = nil
                return
            case .startTLS:
                output.event = nil
                session.tlsEstablished(Peer.TLSProperties(version: "TLSv1.3", cipherSuite: "TLS_AES_256_GCM_SHA384"))
            case .decide(.message):
                output.event = nil
                messages.append(String(decoding: content, as: UTF8.self))
                content = []
                if let envelope = session.envelope { envelopes.append(envelope) }
                session.resolve(answer: verdict(.message), into: &output)
            case .decide(let decision):
                output.event = nil
                session.resolve(answer: verdict(decision), into: &output)
            }
        }
    }
}
