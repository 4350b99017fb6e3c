/// Which member of the family of protocols a server speaks.
///
///     C: LHLO client.example
///     S: 250-mx.example
///
/// - SeeAlso: RFC 5321, section 2.2.1; RFC 2033.
public enum ServerProtocol: String, Hashable, Sendable, CaseIterable {
    /// SMTP as it was before extensions: `HELO` alone, and nothing beyond it is offered.
    case smtp = "SMTP"
    /// SMTP with extensions: `EHLO`, and `HELO` for old clients.
    case esmtp = "ESMTP"
    /// LMTP: `LHLO` alone, and at the end of a message one reply for each recipient. Not for port 25.
    case lmtp = "LMTP"

    /// Whether a verb is part of the protocol. The three hellos tell the protocols apart.
    func knows(_ verb: Verb) -> Bool {
        switch verb {
        case .helo: self != .lmtp
        case .ehlo: self == .esmtp
        case .lhlo: self == .lmtp
        case .mail, .rcpt, .data, .bdat, .rset, .noop, .quit, .vrfy, .expn, .help, .startTLS, .auth, .xclient, .turn,
            .send,
            .soml, .saml, .etrn:
            true
        }
    }
}
