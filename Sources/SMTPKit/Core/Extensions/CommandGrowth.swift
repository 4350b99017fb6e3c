/// How long a command line may be, its CRLF included, for those who go by the letter.
///
/// - SeeAlso: RFC 5321, section 4.5.3.1.4, and each extension's RFC.
enum CommandGrowth {
    /// The longest line of a verb where these extensions are offered.
    static func maximumLine(of verb: Verb, _ offered: Set<ServiceExtension>, _ limits: Limits) -> Int {
        // The grammar of SASL sets no limit (RFC 4954, section 4).
        if verb == .auth { return limits.authenticationLine }
        guard verb == .mail || verb == .rcpt else { return 512 }
        return 512 + offered.map(growth).reduce(0) { $0 + (verb == .mail ? $1.mail : $1.rcpt) }
    }

    private static func growth(by offered: ServiceExtension) -> (mail: Int, rcpt: Int) {
        switch offered {
        case .size: (SizeExtension.mailGrowth, 0)
        case .eightBitMIME: (BodyExtension.mailGrowth, 0)
        case .binaryMIME: (BodyExtension.binaryMailGrowth, 0)
        case .smtpUTF8: (SMTPUTF8Extension.mailGrowth, 0)
        case .auth: (AuthenticationExtension.mailGrowth, 0)
        case .dsn: (DeliveryStatusExtension.mailGrowth, DeliveryStatusExtension.rcptGrowth)
        case .transferPriority: (TransferPriorityExtension.mailGrowth, 0)
        case .requireTLS: (RequireTLSExtension.mailGrowth, 0)
        case .deliverBy: (DeliverBy.mailGrowth, 0)
        case .futureRelease: (FutureRelease.mailGrowth, 0)
        case .recipientValidSince: (0, RecipientValidSince.rcptGrowth)
        case .pipelining, .chunking, .limits, .enhancedStatusCodes, .startTLS, .xclient, .help, .vrfy, .expn: (0, 0)
        }
    }
}
