public import SMTPCore

/// An application's answers to a server's questions, and what it wants to be told.
///
/// A hook that is not set costs nothing: the session accepts without leaving the event loop. A hook
/// runs in a task on the connection's event loop, at once, so it may `await` freely but must not block; work
/// that keeps a processor busy belongs on an executor of its own. While it waits, its own session waits and no other
/// does.
///
/// A question is answered with `Verdict.accept`, with any `Reply` (2yz accepts, 4yz and 5yz refuse, `421` also closes),
/// or with `Verdict.close(_:)`. A hook may throw a `Reply` in place of returning one. Any other error is answered
/// `451 4.3.0` and told to ``ServerObserver/failed(_:)``; it ends that command or transaction, never the server.
///
/// A hook that takes longer than `Limits.decision` is answered for with `451 4.3.0`. Its task is cancelled then, and
/// also when the connection is lost or the server stops; what it returns later goes nowhere.
///
/// Of ``onMessageStream``, ``onDelivery`` and ``onMessage``, the first that is set is asked, and no other.
public struct Hooks: Sendable {
    /// Whether a client may connect. A refusal with 5yz leaves it `QUIT`; `421` closes.
    public var onConnect: (@Sendable (ConnectionRequest) async throws -> Verdict)?
    /// Whether a greeting is welcome.
    public var onHello: (@Sendable (HelloRequest) async throws -> Verdict)?
    /// Whether a sender is welcome.
    public var onSender: (@Sendable (SenderRequest) async throws -> Verdict)?
    /// Whether a recipient is known; asked once for each `RCPT`.
    public var onRecipient: (@Sendable (RecipientRequest) async throws -> Verdict)?
    /// Says whether a client is who it says. Needed wherever ``SMTPServer/Configuration/authentication`` has
    /// mechanisms; ``UserDatabase/answer(_:)`` is one.
    public var authenticate: (@Sendable (AuthenticationRequest) async throws -> SASLAnswer)?
    /// Takes responsibility for a message and names it, before the store sees it.
    public var onMessage: (@Sendable (MessageRequest) async throws -> QueueID)?
    /// Takes responsibility for a message recipient by recipient, as LMTP has it. The store then sees it with the
    /// recipients for whom it was taken, if there are any.
    public var onDelivery: (@Sendable (MessageRequest) async throws -> MessageOutcome)?
    /// Takes a message while it still comes in, and answers when it is complete. The store is not asked.
    ///
    /// The hook begins with the first bytes of the content. When ``IncomingMessage/body`` throws, the message is not to
    /// be kept. A hook that ends early decides early: the rest is read to its end for nothing, and then its answer is
    /// given, once. `Limits.decision` is the time that it may take over a piece, and after the last one.
    public var onMessageStream: (@Sendable (MessageStreamRequest) async throws -> MessageOutcome)?
    /// Answers `VRFY`: 250, 251, 252, 550, 551 or 553 (RFC 5321, section 3.5.3).
    public var onVerify: (@Sendable (LookupRequest) async throws -> Verdict)?
    /// Answers `EXPN`; without it, `EXPN` is not offered.
    public var onExpand: (@Sendable (LookupRequest) async throws -> Verdict)?
    /// Is told that a client gave up a transaction. The dialogue goes on meanwhile; a session's notifications come one
    /// after the other, each for `Limits.decision` at most.
    public var onReset: (@Sendable (ResetNotice) async -> Void)?
    /// Is told that a connection is gone, and why: the last that is heard of a session. ``SMTPServer/run(control:)``
    /// waits for it, within ``SMTPServer/Configuration/shutdownGrace``.
    public var onDisconnect: (@Sendable (DisconnectNotice) async -> Void)?
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
        if onReset != nil { kinds.insert(.reset) }
        return kinds
    }

    /// Whether any hook is set, so that sessions may have something to keep for it.
    var areSet: Bool { !decisions.isEmpty || takesMessages || authenticate != nil || onDisconnect != nil }

    /// Whether a hook wants to see messages.
    var takesMessages: Bool { onMessage != nil || onDelivery != nil || onMessageStream != nil }

    /// Whether a hook wants whole messages.
    var takesWholeMessages: Bool { onMessageStream == nil && (onDelivery != nil || onMessage != nil) }
}
