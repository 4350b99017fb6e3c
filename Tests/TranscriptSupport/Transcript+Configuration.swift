package import SMTPCore
import SMTPTLS

extension Transcript {
    /// The name of the server.
    package var hostname: String { settings[.hostname] ?? "mx.example" }

    /// The protocol that is spoken.
    package var serverProtocol: ServerProtocol {
        settings[.serverProtocol].flatMap(ServerProtocol.init(rawValue:)) ?? .esmtp
    }

    /// The limits that the transcript sets.
    package var limits: Limits {
        var limits = Limits()
        func set(_ setting: Setting, _ apply: (Int) -> Void) {
            if let value = settings[setting].flatMap({ Int($0) }) { apply(value) }
        }
        set(.maxSize) { limits.messageSize = $0 }
        set(.maxRecipients) { limits.recipients = $0 }
        set(.transactions) { limits.transactions = $0 }
        set(.recipientDomains) { limits.recipientDomains = $0 }
        set(.maxErrors) { limits.badCommands = $0 }
        set(.maxLine) { limits.textLine = $0 }
        set(.commandLine) { limits.commandLine = $0 }
        set(.skippedLine) { limits.skippedLine = $0 }
        set(.receivedFields) { limits.receivedFields = $0 }
        set(.authenticationLine) { limits.authenticationLine = $0 }
        set(.authenticationFailures) { limits.authenticationFailures = $0 }
        limits.authenticationDelay = .zero
        return limits
    }

    /// The transcript's policy for lone CR and LF.
    package var bareNewlines: BareNewlinePolicy {
        settings[.bareNewline].flatMap(BareNewlinePolicy.init(rawValue:)) ?? .reject
    }

    /// The extensions that are not offered.
    package var hidden: Set<ServiceExtension> { extensions(.hide) }

    /// The extensions that are offered beyond the usual.
    package var promised: Set<ServiceExtension> { extensions(.offer) }

    private func extensions(_ setting: Setting) -> Set<ServiceExtension> {
        Set((settings[setting] ?? "").split(separator: ",").compactMap { ServiceExtension(rawValue: String($0)) })
    }

    /// The networks whose clients may use `XCLIENT`.
    package var xclients: [CIDRBlock] {
        (settings[.xclient] ?? "").split(separator: ",").compactMap { CIDRBlock(String($0)) }
    }

    /// How much is let pass that the grammar does not allow.
    package var syntax: SyntaxPolicy { isSet(.strict) ? .strict : .lenient }

    /// The mechanisms of `AUTH`.
    package var mechanisms: [SASLMechanism] {
        (settings[.auth] ?? "").split(separator: ",").compactMap { SASLMechanism(name: $0) }
    }

    /// Whether a setting says `yes`.
    package func isSet(_ setting: Setting) -> Bool { settings[setting] == "yes" }

    /// The session's security policy.
    package var security: SecurityPolicy {
        var policy = SecurityPolicy()
        switch settings[.tls] {
        case "offered": policy.tls = .offered
        case "required": policy.tls = .required
        case _: policy.tls = .none
        }
        policy.mechanisms = mechanisms
        policy.allowsSecretsInClear = isSet(.authInClear)
        policy.requiresAuthentication = isSet(.requireAuth)
        policy.cryptography = settings[.chance] == "fixed" ? FixedChance() : OpenSSLCryptography()
        policy.saltKey = Secret("salt")
        return policy
    }

    /// The result of the handshake.
    var tlsProperties: Peer.TLSProperties {
        Peer.TLSProperties(
            version: "TLSv1.3", cipherSuite: "TLS_AES_256_GCM_SHA384", clientSubject: settings[.clientSubject])
    }

    /// The configuration of a session.
    package var sessionConfiguration: ServerSession.Configuration {
        ServerSession.Configuration(
            serverProtocol: serverProtocol,
            hostname: hostname,
            limits: limits,
            bareNewlines: bareNewlines,
            syntax: syntax,
            promised: promised,
            hidden: hidden,
            security: security,
            xclients: xclients,
            decisions: decisions
        )
    }
}
