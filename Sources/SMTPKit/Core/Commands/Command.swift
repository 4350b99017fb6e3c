/// A command of the client.
///
/// - SeeAlso: RFC 5321, section 4.1.1.
public enum Command: Hashable, Sendable {
    /// `HELO name`.
    case helo(String)
    /// `EHLO name`.
    case ehlo(String)
    /// `LHLO name` (RFC 2033, section 4.1).
    case lhlo(String)
    /// `MAIL FROM:<reverse-path> parameters`.
    case mail(ReversePath, [ESMTPParameter])
    /// `RCPT TO:<forward-path> parameters`.
    case rcpt(ForwardPath, [ESMTPParameter])
    /// `DATA`.
    case data
    /// `BDAT size [LAST]`: the size of the chunk that follows, in bytes (RFC 3030, section 2).
    case bdat(size: Int, isLast: Bool)
    /// `RSET`.
    case rset
    /// `NOOP`, whose argument means nothing.
    case noop
    /// `QUIT`.
    case quit
    /// `VRFY user-or-address [SMTPUTF8]`: the parameter says that the reply may hold UTF-8 (RFC 6531, section 3.7.4.2).
    case vrfy(String, takesUTF8: Bool = false)
    /// `EXPN list [SMTPUTF8]`, likewise.
    case expn(String, takesUTF8: Bool = false)
    /// `HELP`, on a topic or in general.
    case help(String?)
    /// `STARTTLS` (RFC 3207, section 4).
    case startTLS
    /// `AUTH mechanism [initial-response]`, the response in base64 (RFC 4954, section 4).
    case auth(mechanism: String, initialResponse: Secret?)
    /// `XCLIENT attributes` (Postfix, `XCLIENT_README`).
    case xclient([XClientAttribute])
}

extension Command {
    /// The command's verb.
    public var verb: Verb {
        switch self {
        case .helo: .helo
        case .ehlo: .ehlo
        case .lhlo: .lhlo
        case .mail: .mail
        case .rcpt: .rcpt
        case .data: .data
        case .bdat: .bdat
        case .rset: .rset
        case .noop: .noop
        case .quit: .quit
        case .vrfy: .vrfy
        case .expn: .expn
        case .help: .help
        case .startTLS: .startTLS
        case .auth: .auth
        case .xclient: .xclient
        }
    }
}
