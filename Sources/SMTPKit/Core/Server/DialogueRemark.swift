/// A fact about a dialogue that the operator of a server may want to know.
///
/// A refusal is not a failure of the server, and neither is a client that breaks a rule; but someone who wonders where
/// a message went needs to hear of both. Remarks hold no secret and no text that the peer chose, except
/// ``Refusal/address``.
///
/// - SeeAlso: ``ServerOutput/remarks``.
public enum DialogueRemark: Hashable, Sendable {
    /// A command or a message was refused, or the connection was closed with a reply.
    case refused(Refusal)
    /// The content had a CR or LF alone, and was accepted.
    case bareNewline(BareNewline)
    /// A command ended with LF alone, and was accepted. Noted once for each session.
    case bareLineFeedInCommand
    /// A line of the content held a dot alone, and did not end the message because a line end beside it is not CRLF.
    /// Noted once for each message.
    case looseEndOfData
    /// The connection ended in the middle of a message, of which nothing is kept.
    case unfinishedMessage
    /// A command was accepted that the grammar does not allow.
    case looseSyntax(Verb, Looseness)
    /// The connection began with a TLS record although it is in clear. It was closed.
    case tlsInClear
    /// TLS was established.
    case secured(Peer.TLSProperties)
}

/// A CR or LF that stood alone in the content of a message.
public struct BareNewline: Hashable, Sendable {
    /// The number of the line that it ended or was part of, from 1; `nil` if the session no longer had the content.
    public var line: Int?
    /// Whether it was an LF.
    public var isLineFeed: Bool

    /// Makes a description of the first one in a message.
    public init(line: Int?, isLineFeed: Bool) {
        self.line = line
        self.isLineFeed = isLineFeed
    }
}

/// A reply of the class 4yz or 5yz, and the step that it refused.
public struct Refusal: Hashable, Sendable {
    /// The step; `nil` for commands without one.
    public var stage: DialogueStage?
    /// The address of the sender or recipient that was refused, without angle brackets, as it was parsed.
    public var address: String?
    /// The reply.
    public var reply: Reply
    /// Whether an interception chose the reply.
    public var isInjected = false
    /// The first CR or LF that stood alone, for a message that was refused for it.
    public var bareNewline: BareNewline?

    /// Makes a refusal.
    public init(stage: DialogueStage?, address: String? = nil, reply: Reply) {
        self.stage = stage
        self.address = address
        self.reply = reply
    }
}
