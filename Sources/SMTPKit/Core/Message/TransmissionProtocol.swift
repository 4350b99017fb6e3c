/// How a message came, as the `WITH` clause of a `Received` field says it.
///
///     Received: from a.example ([192.0.2.1]) by mx.example with ESMTPSA id 4F7A21C0; …
///
/// - SeeAlso: RFC 3848; RFC 6531, section 4.3.
public enum TransmissionProtocol: String, Hashable, Sendable, CaseIterable {
    case smtp = "SMTP"
    case esmtp = "ESMTP"
    case esmtpa = "ESMTPA"
    case esmtps = "ESMTPS"
    case esmtpsa = "ESMTPSA"
    case lmtp = "LMTP"
    case lmtpa = "LMTPA"
    case lmtps = "LMTPS"
    case lmtpsa = "LMTPSA"
    case utf8smtp = "UTF8SMTP"
    case utf8smtpa = "UTF8SMTPA"
    case utf8smtps = "UTF8SMTPS"
    case utf8smtpsa = "UTF8SMTPSA"
    case utf8lmtp = "UTF8LMTP"
    case utf8lmtpa = "UTF8LMTPA"
    case utf8lmtps = "UTF8LMTPS"
    case utf8lmtpsa = "UTF8LMTPSA"

    /// The keyword for a session of the given properties.
    ///
    /// `HELO` has one keyword whatever else holds: it knows no extensions.
    public init(hello: Peer.HelloVerb, isSecured: Bool, isAuthenticated: Bool, isInternationalized: Bool) {
        switch (hello, isInternationalized) {
        case (.helo, _): self = .smtp
        case (.ehlo, false): self = Self.pick(isSecured, isAuthenticated, .esmtp, .esmtpa, .esmtps, .esmtpsa)
        case (.ehlo, true):
            self = Self.pick(isSecured, isAuthenticated, .utf8smtp, .utf8smtpa, .utf8smtps, .utf8smtpsa)
        case (.lhlo, false): self = Self.pick(isSecured, isAuthenticated, .lmtp, .lmtpa, .lmtps, .lmtpsa)
        case (.lhlo, true):
            self = Self.pick(isSecured, isAuthenticated, .utf8lmtp, .utf8lmtpa, .utf8lmtps, .utf8lmtpsa)
        }
    }

    private static func pick(
        _ isSecured: Bool,
        _ isAuthenticated: Bool,
        _ plain: Self,
        _ a: Self,
        _ s: Self,
        _ sa: Self
    ) -> Self {
        switch (isSecured, isAuthenticated) {
        case (false, false): plain
        case (false, true): a
        case (true, false): s
        case (true, true): sa
        }
    }
}
