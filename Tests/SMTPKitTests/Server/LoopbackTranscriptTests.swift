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
        server.hooks.onMessageStream = { _, message in
            var content: [UInt8] = []
            for try await piece in message.body { content += piece.readableBytesView }
            let outcome = try Self.outcome(message.id, transcript.verdict(.message))
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
        if !transcript.mechanisms.isEmpty { hooks.authenticate = { _, question in Transcript.answer(question) } }
        for kind in Set(transcript.hooks.map(\.kind)) {
            switch kind {
            case .connection: hooks.onConnect = { _ in try transcript.verdict(.connection) }
            case .hello: hooks.onHello = { _, _, name in try transcript.verdict(.hello, name) }
            case .sender: hooks.onSender = { _, path, _ in try transcript.verdict(.sender, path.description) }
            case .recipient:
                hooks.onRecipient = { _, _, recipient in
                    try transcript.verdict(.recipient, recipient.path.description)
                }
            case .verify: hooks.onVerify = { _, argument in try transcript.verdict(.verify, argument) }
            case .expand: hooks.onExpand = { _, argument in try transcript.verdict(.expand, argument) }
            case .message: hooks.onDelivery = { _, message in try outcome(message.id, transcript.verdict(.message)) }
            }
        }
        return hooks
    }

    private static func outcome(_ usual: QueueID, _ verdict: Verdict) throws -> MessageOutcome {
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
