/// What a client's session wants done.
///
/// The driver writes ``octets``, then carries out ``events`` in their order. What it has done it takes out.
public struct ClientOutput: Sendable {
    /// Octets for the server, in order.
    public var octets: [UInt8] = []
    /// What happened, in order.
    public var events: [ClientEvent] = []
    /// The dialogue as a person may see it, if the session is traced.
    public var trace: [ClientTraceEntry] = []

    /// Makes an output that asks for nothing.
    public init() {}
}

/// What a session found out, or cannot do by itself.
public enum ClientEvent: Sendable {
    /// A reply came.
    case reply(ClientReply)
    /// Octets came that are no reply; in raw mode only, where the dialogue goes on.
    case malformed(ReplySyntaxError, octets: [UInt8])
    /// Write what there is, then begin the TLS handshake as the client; the session waits for
    /// ``ClientSession/tlsEstablished(_:bindings:into:)``.
    case startTLS
    /// The step under way is done, and this is the reply that ended it.
    case finished(Reply)
    /// A stage of a plan succeeded with this reply; after `STARTTLS`, the handshake is done as well.
    case stageFinished(ClientStage, Reply)
    /// The plan goes on without TLS: the server does not offer `STARTTLS` (`nil`), or refused it with this reply.
    case tlsSkipped(Reply?)
    /// The plan is carried out.
    case prepared
    /// The plan stopped at a stage: it was refused (``SMTPError/Code/refused``), or it could not be carried out. The
    /// connection is still usable.
    case stepFailed(SMTPError)
    /// The server waits for content: ``ClientSession/sendContent(_:into:)``.
    case contentWanted
    /// The transaction is over.
    case transactionFinished(TransactionOutcome)
    /// The dialogue is over, and this is why: write what there is and close. Said once.
    case failed(SMTPError)
    /// The dialogue is over in good order: write what there is and close. Said once.
    case closed
}

/// A reply, and what it answers.
public struct ClientReply: Sendable {
    /// The reply.
    public let reply: Reply
    /// Its octets as they came.
    public let octets: [UInt8]
    /// What it answers; `nil` when nobody asked for it.
    public let command: SentCommand?
    /// Whether it came inside TLS.
    public let isSecured: Bool
}

/// A command that was sent, as a person may see it.
public struct SentCommand: Hashable, Sendable {
    /// Its number in the dialogue, from 1 on; 0 is the greeting, which answers the connection itself.
    public let number: Int
    /// The line without its end, secrets masked. Empty for the greeting.
    public let line: String
    /// What it is a part of.
    public let stage: ClientStage
    /// Its verb, if it has one that is known.
    public let verb: Verb?
}

/// One entry of a client's dialogue, as a person may see it: secrets are masked, content is counted.
///
/// Whoever writes it down adds the time.
public struct ClientTraceEntry: Hashable, Sendable {
    /// What passed.
    public enum Item: Hashable, Sendable {
        /// A line that was sent, without its end; secrets are masked.
        case sent(String)
        /// So many octets of content that were sent.
        case content(Int)
        /// A reply, and its octets as they came.
        case received(Reply, octets: [UInt8])
        /// Octets that came and are no reply.
        case malformed([UInt8])
        /// The connection is secured from here on.
        case secured(Peer.TLSProperties)
    }

    /// What the entry is a part of; `nil` for what nobody asked for.
    public let stage: ClientStage?
    /// Whether it passed inside TLS.
    public let isSecured: Bool
    /// What passed.
    public let item: Item
}
