/// How a message came, as the `WITH` clause of a `Received` field says it.
///
///     Received: from a.example ([192.0.2.1]) by mx.example with ESMTPSA id 4F7A21C0; …
///
/// - SeeAlso: RFC 3848; RFC 6531, section 4.3.
public enum TransmissionProtocol: String, Hashable, Sendable, CaseIterable {
    /// SMTP without extensions.
    case smtp = "SMTP"
    /// SMTP with extensions.
    case esmtp = "ESMTP"
    /// SMTP with extensions, with authentication.
    case esmtpa = "ESMTPA"
    /// SMTP with extensions, over TLS.
    case esmtps = "ESMTPS"
    /// SMTP with extensions, over TLS, with authentication.
    case esmtpsa = "ESMTPSA"
    /// LMTP.
    case lmtp = "LMTP"
    /// LMTP, with authentication.
    case lmtpa = "LMTPA"
    /// LMTP, over TLS.
    case lmtps = "LMTPS"
    /// LMTP, over TLS, with authentication.
    case lmtpsa = "LMTPSA"
    /// SMTP with SMTPUTF8.
    case utf8smtp = "UTF8SMTP"
    /// SMTP with SMTPUTF8, with authentication.
    case utf8smtpa = "UTF8SMTPA"
    /// SMTP with SMTPUTF8, over TLS.
    case utf8smtps = "UTF8SMTPS"
    /// SMTP with SMTPUTF8, over TLS, with authentication.
    case utf8smtpsa = "UTF8SMTPSA"
    /// LMTP with SMTPUTF8.
    case utf8lmtp = "UTF8LMTP"
    /// LMTP with SMTPUTF8, with authentication.
    case utf8lmtpa = "UTF8LMTPA"
    /// LMTP with SMTPUTF8, over TLS.
    case utf8lmtps = "UTF8LMTPS"
    /// LMTP with SMTPUTF8, over TLS, with authentication.
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
