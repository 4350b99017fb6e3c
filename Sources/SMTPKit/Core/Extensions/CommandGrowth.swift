/// How long a command line may be, its CRLF included, for those who go by the letter.
///
/// - SeeAlso: RFC 5321, section 4.5.3.1.4, and each extension's RFC.
enum CommandGrowth {
    /// The longest line of a verb where these extensions are offered.
    static func maximumLine(
        of verb: Verb, _ offered: Set<ServiceExtension>, _ limits: Limits, added: [ExtensionDefinition] = []
    ) -> Int {
        // The grammar of SASL sets no limit (RFC 4954, section 4).
        if verb == .auth { return limits.authenticationLine }
        guard verb == .mail || verb == .rcpt else { return 512 }
        return (offered.map(\.definition) + added).reduce(512) { length, definition in
            definition.parameters.reduce(length) { $0 + ($1.command.verb == verb ? $1.maximumLength : 0) }
        }
    }
}
