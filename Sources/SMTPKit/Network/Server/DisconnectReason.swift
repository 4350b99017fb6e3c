public import SMTPCore

/// Why a connection ended.
public enum DisconnectReason: Hashable, Sendable {
    /// The client said `QUIT`.
    case quit
    /// The client closed or reset the connection, or the network did.
    case clientGone
    /// The server closed with this reply: a time limit, a limit, a hook, or its own end. Without one, it closed because
    /// the client took no replies, or a hook wanted it so.
    case closedByServer(Reply?)
    /// TLS was not established, or broke.
    case tlsFailed
}
