/// The address a bounce is sent to, as given in `MAIL FROM`.
///
/// The empty path marks a message that must never itself be bounced.
///
///     C: MAIL FROM:<>
///     S: 250 2.1.0 Sender ok
///
/// - SeeAlso: RFC 5321, section 4.5.5.
public enum ReversePath: Hashable, Sendable {
    /// `<>`: the message has no sender to notify when delivery fails.
    case null
    /// `<local-part@domain>`.
    case mailbox(Mailbox)
}

extension ReversePath: CustomStringConvertible {
    /// The path without its angle brackets; empty for the null path.
    public var description: String {
        switch self {
        case .null: ""
        case .mailbox(let mailbox): mailbox.description
        }
    }
}

/// The address a message is for, as given in `RCPT TO`.
///
///     C: RCPT TO:<postmaster>
///     S: 250 2.1.5 Recipient ok
///
/// - SeeAlso: RFC 5321, section 4.1.1.3.
public enum ForwardPath: Hashable, Sendable {
    /// `<postmaster>` without a domain: the postmaster of whichever host is asked. The case that the
    /// peer wrote is kept.
    case postmaster(String)
    /// `<local-part@domain>`.
    case mailbox(Mailbox)
}

extension ForwardPath: CustomStringConvertible {
    /// The path without its angle brackets.
    public var description: String {
        switch self {
        case .postmaster(let text): text
        case .mailbox(let mailbox): mailbox.description
        }
    }
}
