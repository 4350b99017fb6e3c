/// The work that a client's session asks of its driver.
///
/// The driver writes ``octets``, then carries out ``events`` in their order. It removes what it has done.
public struct ClientOutput: Sendable {
    /// Bytes for the server, in order.
    public var octets: [UInt8] = []
    /// The events, in order.
    public var events: [ClientEvent] = []
    /// The dialogue as a person may see it, if the session is traced.
    public var trace: [ClientTraceEntry] = []

    /// Makes an output that asks for nothing.
    public init() {}
}

/// A result of a session, or a task that it leaves to the driver.
public enum ClientEvent: Sendable {
    /// A reply came.
    case reply(ClientReply)
    /// Bytes came that are no reply; in raw mode only, where the dialogue goes on.
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
    /// Its bytes as they came.
    public let octets: [UInt8]
    /// The command that it answers; `nil` for a reply that answers none.
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
    /// The stage that it belongs to.
    public let stage: ClientStage
    /// Its verb, if it has one that is known.
    public let verb: Verb?
}

/// One entry of a client's dialogue, as a person may see it: secrets are masked, content is counted.
///
/// Whoever writes it down adds the time.
public struct ClientTraceEntry: Hashable, Sendable {
    /// The content of an entry.
    public enum Item: Hashable, Sendable {
        /// A line that was sent, without its end; secrets are masked.
        case sent(String)
        /// So many bytes of content that were sent.
        case content(Int)
        /// A reply, and its bytes as they came.
        case received(Reply, octets: [UInt8])
        /// Bytes that came and are no reply.
        case malformed([UInt8])
        /// The connection is secured from here on.
        case secured(Peer.TLSProperties)
    }

    /// The stage that the entry belongs to; `nil` for a reply that answers no command.
    public let stage: ClientStage?
    /// Whether it passed inside TLS.
    public let isSecured: Bool
    /// The content of the entry.
    public let item: Item
}
