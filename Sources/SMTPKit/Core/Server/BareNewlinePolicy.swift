/// The treatment of a lone CR or LF.
///
/// Only CRLF ends a line. Servers that accepted a lone LF as a line end could be made to see the end of a message where
/// other servers saw none (SMTP smuggling, CVE-2023-51764 and related faults).
///
/// - SeeAlso: RFC 5321, section 2.3.8.
public enum BareNewlinePolicy: String, Hashable, Sendable, CaseIterable {
    /// Read the message to its true end, then refuse it with `550 5.5.2`. In a command: `521 5.5.2`, and close.
    case reject
    /// Turn each into CRLF. A lone LF also ends a command.
    case normalize
    /// Keep each as it is. A lone LF also ends a command.
    case allow
}
