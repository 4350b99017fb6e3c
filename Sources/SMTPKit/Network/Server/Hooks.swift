public import SMTPCore

/// An application's answers to a server's questions.
///
/// A hook that is not set costs nothing: the session accepts without leaving the event loop. A hook
/// runs in a task on the connection's event loop, so it may `await` freely but must not block; work
/// that keeps a processor busy belongs on an executor of its own.
///
/// A hook may throw a ``Reply`` in place of returning one. Any other error is answered `451 4.3.0` and
/// logged; it ends that command or transaction, never the server.
public struct Hooks: Sendable {
    /// Whether a client may connect. A refusal with 5yz leaves it `QUIT`; `421` closes.
    public var onConnect: (@Sendable (Peer) async throws -> Verdict)?
    /// Whether a hello is welcome: the client, the verb, the name.
    public var onHello: (@Sendable (Peer, Peer.HelloVerb, String) async throws -> Verdict)?
    /// Whether a sender is welcome.
    public var onSender: (@Sendable (Peer, ReversePath, [ESMTPParameter]) async throws -> Verdict)?
    /// Whether a recipient is known; asked once for each `RCPT`.
    public var onRecipient: (@Sendable (Peer, Envelope, Envelope.Recipient) async throws -> Verdict)?
    /// Says whether a client is who it says. Needed wherever ``SMTPServer/Configuration/authentication`` has
    /// mechanisms; ``UserDatabase/answer(_:)`` is one.
    public var authenticate: (@Sendable (Peer, SASLQuestion) async throws -> SASLAnswer)?
    /// Takes responsibility for a message and names it, before the store sees it.
    public var onMessage: (@Sendable (Peer, Message) async throws -> QueueID)?
    /// Answers `VRFY`: 250, 251, 252, 550, 551 or 553 (RFC 5321, section 3.5.3).
    public var onVerify: (@Sendable (Peer, String) async throws -> Verdict)?
    /// Answers `EXPN`; without it, `EXPN` is not offered.
    public var onExpand: (@Sendable (Peer, String) async throws -> Verdict)?
    /// Makes the server misbehave, for tests of clients; unlike a hook it is asked without a task.
    public var interceptor: Interceptor?

    /// No hooks: everything is accepted.
    public init() {}

    /// The questions for which there is an answer.
    var decisions: Decision.Kinds {
        var kinds: Decision.Kinds = []
        if onConnect != nil { kinds.insert(.connection) }
        if onHello != nil { kinds.insert(.hello) }
        if onSender != nil { kinds.insert(.sender) }
        if onRecipient != nil { kinds.insert(.recipient) }
        if onVerify != nil { kinds.insert(.verify) }
        if onExpand != nil { kinds.insert(.expand) }
        return kinds
    }

    /// Asks the hook that a decision is for. `message` is not asked here.
    func answer(_ decision: Decision, _ peer: Peer, _ envelope: Envelope?) async throws -> Verdict {
        switch decision {
        case .connection: try await onConnect?(peer) ?? .accept
        case .hello(let verb, let name): try await onHello?(peer, verb, name) ?? .accept
        case .sender(let path, let parameters): try await onSender?(peer, path, parameters) ?? .accept
        case .recipient(let recipient):
            try await onRecipient?(peer, envelope ?? Envelope(reversePath: .null), recipient) ?? .accept
        case .verify(let argument): try await onVerify?(peer, argument) ?? .accept
        case .expand(let argument): try await onExpand?(peer, argument) ?? .accept
        case .authenticate(let question): .answer(try await authenticate?(peer, question) ?? .unavailable)
        case .message, .authenticationFailure, .step, .pause, .stall: .accept
        }
    }
}
