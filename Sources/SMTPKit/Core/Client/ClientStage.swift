/// How far a client has come: what it does, or whose answer it awaits.
///
/// A stage names the time limit that holds (``ClientTimeouts``), and says where a dialogue failed.
public enum ClientStage: String, Hashable, Sendable, CaseIterable {
    /// Finding the address, and connecting to it.
    case connect
    /// The header that says on whose behalf a proxy connects, before anything else.
    case proxy
    /// The server's greeting (RFC 5321, section 3.1).
    case greeting
    /// `EHLO`, `HELO` or `LHLO`.
    case hello
    /// `STARTTLS` and its reply (RFC 3207, section 4).
    case startTLS = "starttls"
    /// The TLS handshake.
    case handshake
    /// `XCLIENT`, an extension of Postfix's.
    case xclient
    /// `AUTH` and its exchange (RFC 4954, section 4).
    case authentication = "auth"
    /// `MAIL`.
    case mail
    /// `RCPT`.
    case rcpt
    /// `DATA` and its `354`.
    case data
    /// The content of a message, from the `354` on; or chunks of `BDAT` but the last.
    case content
    /// The reply to a whole message, after the final dot or `BDAT … LAST`.
    case endOfData = "end-of-data"
    /// `RSET`.
    case reset = "rset"
    /// `QUIT`.
    case quit
    /// Any other command.
    case command
}

extension ClientStage: CustomStringConvertible {
    /// The stage in words that fit after "in answer to" or "during".
    public var description: String {
        switch self {
        case .connect: "the connection"
        case .proxy: "the PROXY header"
        case .greeting: "the greeting"
        case .hello: "the hello"
        case .startTLS: "STARTTLS"
        case .handshake: "the TLS handshake"
        case .xclient: "XCLIENT"
        case .authentication: "AUTH"
        case .mail: "MAIL"
        case .rcpt: "RCPT"
        case .data: "DATA"
        case .content: "the content"
        case .endOfData: "the end of the content"
        case .reset: "RSET"
        case .quit: "QUIT"
        case .command: "a command"
        }
    }
}
