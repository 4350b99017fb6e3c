/// The work that a session asks of its driver, in a form that is used again for each step.
///
/// The driver writes ``replies``, then carries out ``event``. It removes what it has done.
public struct ServerOutput: Hashable, Sendable {
    /// Bytes for the client, in order, to be written before the event is carried out.
    public var replies: [UInt8] = []
    /// The replies are to be written byte by byte, with this pause between them, before anything else is done;
    /// then the session waits for ``ServerSession/repliesWritten(into:)``.
    public var pause: Duration?
    /// Bytes of the message under way, dots unstuffed, lines ended by CRLF unless it is binary. The session appends;
    /// the driver takes them out when it likes, at the latest when the message is to be decided.
    public var content: [UInt8] = []
    /// The content that was handed out for this message before now is void.
    public var isContentDropped = false
    /// The dialogue, line by line, if ``ServerSession/Configuration/isTraced``.
    public var trace: [TraceEntry] = []
    /// Remarks for the operator, if ``ServerSession/Configuration/wantsRemarks``.
    public var remarks: [DialogueRemark] = []
    /// The transactions that the client gave up, if ``Decision/Kinds/reset`` is wanted.
    public var abandoned: [AbandonedTransaction] = []
    /// The next action of the driver, if any.
    public var event: ServerEvent?

    /// Makes an output that asks for nothing.
    public init() {}
}

/// A task that a session leaves to its driver.
public enum ServerEvent: Hashable, Sendable {
    /// Answer a question; the session waits for ``ServerSession/resolve(_:into:)``.
    case decide(Decision)
    /// Write what there is, then begin the TLS handshake as the server; the session waits for
    /// ``ServerSession/tlsEstablished(_:)``. Nothing that came before the handshake is to be fed to it.
    case startTLS
    /// Write what there is, then close the connection. When the client may still be sending, its bytes
    /// are to be read and thrown away for a moment, or the last reply would be lost with them.
    case close(isClientDone: Bool)
    /// Reset the connection.
    case reset
}

/// One line of a dialogue, as a person may see it: secrets are masked, content is counted.
public enum TraceEntry: Hashable, Sendable {
    /// A command line of the client, without its CRLF.
    case client(String)
    /// A reply of the server.
    case server(Reply)
    /// The content of a message, of this many bytes.
    case content(Int)
    /// The content of the message before had a CR or LF that stood alone, whatever became of it.
    case bareNewlines
}
