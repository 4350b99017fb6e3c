import NIOCore
import ProcessSupport
import SMTPKit
import Synchronization
import Testing
import TranscriptSupport

@Suite("Transcripts over loopback", .timed)
struct LoopbackTranscriptTests {
    static let transcripts = Transcript.all.filter(\.runsOverSocket)

    @Test(arguments: transcripts)
    func `the server answers on a socket as written`(transcript: Transcript) async throws {
        let store = RecordingStore()
        let found = try await RunningServer.with(try Self.server(for: transcript, store)) { server in
            try SocketRunner(port: server.port).mismatches(transcript) { store.messages }
        }
        #expect(found == [])
        if let count = transcript.messageCount { #expect(store.messages.count == count) }
    }

    @Test(arguments: transcripts)
    func `the same is said when a hook takes the messages while they come in`(transcript: Transcript) async throws {
        let store = RecordingStore()
        let streamed = StreamedMessages(store: store)
        var server = try Self.server(for: transcript, store)
        server.hooks.onDelivery = nil
        server.hooks.onMessageStream = { request in
            var content: [UInt8] = []
            for try await piece in request.message.body { content += piece.readableBytesView }
            let outcome = try Self.outcome(request.message.id, transcript.verdict(.message))
            streamed.contents.withLock { $0[outcome.id] = content }
            return outcome
        }
        server.observer = streamed
        let found = try await RunningServer.with(server) { server in
            try SocketRunner(port: server.port).mismatches(transcript) { store.messages }
        }
        #expect(found == [])
        if let count = transcript.messageCount { #expect(store.messages.count == count) }
    }

    private static func server(for transcript: Transcript, _ store: RecordingStore) throws -> SMTPServer {
        var server = SMTPServer(store: store)
        server.configuration.serverProtocol = transcript.serverProtocol
        server.configuration.hostname = transcript.hostname
        server.configuration.limits = transcript.limits
        server.configuration.bareNewlines = transcript.bareNewlines
        server.configuration.syntax = transcript.syntax
        server.configuration.promised = transcript.promised
        server.configuration.xclients = transcript.xclients
        server.configuration.hidden = transcript.hidden
        if transcript.settings[.tls] != nil {
            let context = try TLSContext(.server(.selfSigned(names: [transcript.hostname])))
            server.configuration.security = ServerSecurity(
                context, requiresTLS: transcript.settings[.tls] == "required")
        }
        server.configuration.authentication = ServerAuthentication(mechanisms: transcript.mechanisms)
        server.configuration.authentication.allowsSecretsInClear = transcript.isSet(.authInClear)
        server.configuration.authentication.isRequired = transcript.isSet(.requireAuth)
        server.hooks = hooks(of: transcript)
        return server
    }

    /// Only what the transcript speaks of is asked, so that the way without hooks is taken as well.
    private static func hooks(of transcript: Transcript) -> Hooks {
        var hooks = Hooks()
        if !transcript.mechanisms.isEmpty { hooks.authenticate = { request in Transcript.answer(request.question) } }
        for kind in Set(transcript.hooks.map(\.kind)) {
            switch kind {
            case .connection: hooks.onConnect = { _ in try verdict(transcript, .connection) }
            case .hello: hooks.onHello = { request in try verdict(transcript, .hello, request.name) }
            case .sender: hooks.onSender = { request in try verdict(transcript, .sender, request.path.description) }
            case .recipient:
                hooks.onRecipient = { request in
                    try verdict(transcript, .recipient, request.recipient.path.description)
                }
            case .verify: hooks.onVerify = { request in try verdict(transcript, .verify, request.argument) }
            case .expand: hooks.onExpand = { request in try verdict(transcript, .expand, request.argument) }
            case .message:
                hooks.onDelivery = { request in try outcome(request.message.id, transcript.verdict(.message)) }
            }
        }
        return hooks
    }

    /// The answer of a transcript to a hook that is not for messages.
    private static func verdict(
        _ transcript: Transcript, _ kind: Hook.Kind, _ subject: String = ""
    ) throws -> Verdict {
        switch try transcript.verdict(kind, subject) {
        case .reply(let reply): .reply(reply)
        case .close(let reply): .close(reply)
        case .accept, .answer, .intercept, .perRecipient, .queued: .accept
        }
    }

    private static func outcome(_ usual: QueueID, _ verdict: DecisionAnswer) throws -> MessageOutcome {
        switch verdict {
        case .queued(let id): return MessageOutcome(id)
        case .reply(let reply): throw reply
        case .perRecipient(let replies): return MessageOutcome(usual, replies: replies)
        case .accept, .answer, .close, .intercept: return MessageOutcome(usual)
        }
    }
}

/// Keeps the contents that hooks collect, once they are acknowledged.
private final class StreamedMessages: ServerObserver {
    let contents = Mutex<[QueueID: [UInt8]]>([:])
    private let store: RecordingStore

    init(store: RecordingStore) { self.store = store }

    func messageStored(_ message: Message) {
        let content = contents.withLock { $0[message.id] } ?? []
        store.keep(Recording.Message(envelope: message.envelope, content: content))
    }
}
