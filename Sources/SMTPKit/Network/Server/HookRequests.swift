public import SMTPCore

/// The question whether a client may connect, for ``Hooks/onConnect``.
public struct ConnectionRequest: Sendable {
    /// The number of the session, from 1, as a ``ServerObserver`` has it.
    public var session: Int
    /// The client.
    public var peer: Peer

    /// Makes a request, for tests of a hook.
    public init(session: Int = 1, peer: Peer) {
        self.session = session
        self.peer = peer
    }
}

/// The question whether a greeting is welcome, for ``Hooks/onHello``.
public struct HelloRequest: Sendable {
    /// The number of the session, from 1, as a ``ServerObserver`` has it.
    public var session: Int
    /// The client, before the greeting.
    public var peer: Peer
    /// The verb of the greeting.
    public var verb: Peer.HelloVerb
    /// The client's name for itself.
    public var name: String

    /// Makes a request, for tests of a hook.
    public init(session: Int = 1, peer: Peer, verb: Peer.HelloVerb, name: String) {
        self.session = session
        self.peer = peer
        self.verb = verb
        self.name = name
    }
}

/// The question whether a sender is welcome, for ``Hooks/onSender``.
public struct SenderRequest: Sendable {
    /// The number of the session, from 1, as a ``ServerObserver`` has it.
    public var session: Int
    /// The client.
    public var peer: Peer
    /// The sender.
    public var path: ReversePath
    /// The parameters of `MAIL`, in the client's order.
    public var parameters: [ESMTPParameter]

    /// Makes a request, for tests of a hook.
    public init(session: Int = 1, peer: Peer, path: ReversePath, parameters: [ESMTPParameter] = []) {
        self.session = session
        self.peer = peer
        self.path = path
        self.parameters = parameters
    }
}

/// The question whether a recipient is known, for ``Hooks/onRecipient``.
public struct RecipientRequest: Sendable {
    /// The number of the session, from 1, as a ``ServerObserver`` has it.
    public var session: Int
    /// The client.
    public var peer: Peer
    /// The sender, and the recipients that were accepted before.
    public var envelope: Envelope
    /// The recipient, with the parameters of `RCPT`.
    public var recipient: Envelope.Recipient

    /// Makes a request, for tests of a hook.
    public init(session: Int = 1, peer: Peer, envelope: Envelope, recipient: Envelope.Recipient) {
        self.session = session
        self.peer = peer
        self.envelope = envelope
        self.recipient = recipient
    }
}

/// The question whether a client proved its identity, for ``Hooks/authenticate``.
public struct AuthenticationRequest: Sendable {
    /// The number of the session, from 1, as a ``ServerObserver`` has it.
    public var session: Int
    /// The client.
    public var peer: Peer
    /// The question of the mechanism.
    public var question: SASLQuestion

    /// Makes a request, for tests of a hook.
    public init(session: Int = 1, peer: Peer, question: SASLQuestion) {
        self.session = session
        self.peer = peer
        self.question = question
    }
}

/// A complete message, for ``Hooks/onMessage`` and ``Hooks/onDelivery``.
public struct MessageRequest: Sendable {
    /// The number of the session, from 1, as a ``ServerObserver`` has it.
    public var session: Int
    /// The message, with its envelope and client.
    public var message: Message

    /// The client.
    public var peer: Peer { message.peer }

    /// Makes a request, for tests of a hook.
    public init(session: Int = 1, message: Message) {
        self.session = session
        self.message = message
    }
}

/// A message that arrives, for ``Hooks/onMessageStream``.
public struct MessageStreamRequest: Sendable {
    /// The number of the session, from 1, as a ``ServerObserver`` has it.
    public var session: Int
    /// The message, with its envelope and client.
    public var message: IncomingMessage

    /// The client.
    public var peer: Peer { message.peer }

    init(session: Int, message: IncomingMessage) {
        self.session = session
        self.message = message
    }
}

/// The argument of `VRFY` or `EXPN`, for ``Hooks/onVerify`` and ``Hooks/onExpand``.
public struct LookupRequest: Sendable {
    /// The number of the session, from 1, as a ``ServerObserver`` has it.
    public var session: Int
    /// The client.
    public var peer: Peer
    /// The user or the list, as the client wrote it.
    public var argument: String

    /// Makes a request, for tests of a hook.
    public init(session: Int = 1, peer: Peer, argument: String) {
        self.session = session
        self.peer = peer
        self.argument = argument
    }
}
