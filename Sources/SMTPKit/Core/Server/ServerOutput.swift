/// What a session wants done, in a form that is used again for each step.
///
/// The driver writes ``replies``, then carries out ``event``. What it has done it takes out.
public struct ServerOutput: Hashable, Sendable {
    /// Octets for the client, in order, to be written before the event is carried out.
    public var replies: [UInt8] = []
    /// Octets of the message under way, dots unstuffed, lines ended by CRLF.
    public var content: [UInt8] = []
    /// How many octets of content came since the driver last looked; with content that the driver
    /// does not want, the only trace of it.
    public var contentLength = 0
    /// The content that was handed out for this message before now is void.
    public var isContentDropped = false
    /// What to do next, if anything.
    public var event: ServerEvent?

    /// Makes an output that asks for nothing.
    public init() {}
}

/// What a session cannot do by itself.
public enum ServerEvent: Hashable, Sendable {
    /// Answer a question; the session waits for ``ServerSession/resolve(_:into:)``.
    case decide(Decision)
    /// Write what there is, then close the connection.
    case close
}
