/// A service extension that this server can offer.
///
/// Each has a file of its own in this folder with its keyword line and the rules of its parameters.
///
/// - SeeAlso: RFC 5321, section 2.2.
public enum ServiceExtension: String, Hashable, Sendable, CaseIterable {
    /// RFC 2920.
    case pipelining = "PIPELINING"
    /// RFC 1870.
    case size = "SIZE"
    /// RFC 6152.
    case eightBitMIME = "8BITMIME"
    /// RFC 3030, section 2.
    case chunking = "CHUNKING"
    /// RFC 3030, section 3. Offered with CHUNKING and 8BITMIME only.
    case binaryMIME = "BINARYMIME"
    /// RFC 6531.
    case smtpUTF8 = "SMTPUTF8"
    /// RFC 3461.
    case dsn = "DSN"
    /// RFC 6710.
    case transferPriority = "MT-PRIORITY"
    /// RFC 8689. Offered inside TLS.
    case requireTLS = "REQUIRETLS"
    /// RFC 9422.
    case limits = "LIMITS"
    /// RFC 2852. Offered where the application keeps the promise.
    case deliverBy = "DELIVERBY"
    /// RFC 4865. Offered where the application keeps the promise.
    case futureRelease = "FUTURERELEASE"
    /// RFC 7293. Offered where the application keeps the promise.
    case recipientValidSince = "RRVS"
    /// RFC 2034.
    case enhancedStatusCodes = "ENHANCEDSTATUSCODES"
    /// RFC 3207. Offered where the server has a certificate, and until TLS is established.
    case startTLS = "STARTTLS"
    /// RFC 4954. Offered when an authenticator is configured.
    case auth = "AUTH"
    /// Postfix, `XCLIENT_README`. Offered to those who are trusted.
    case xclient = "XCLIENT"
    /// RFC 5321, section 4.1.1.8.
    case help = "HELP"
    /// RFC 5321, section 4.1.1.6.
    case vrfy = "VRFY"
    /// RFC 5321, section 4.1.1.7. Offered only where an application answers it.
    case expn = "EXPN"

    /// The extensions that a server offers only when configured: they promise a treatment of messages that this library
    /// cannot ensure.
    public static let promises: Set<ServiceExtension> = [.deliverBy, .futureRelease, .recipientValidSince]
}
