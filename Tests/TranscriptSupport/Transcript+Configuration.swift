package import SMTPCore

extension Transcript {
    /// The name of the server.
    package var hostname: String { settings[.hostname] ?? "mx.example" }

    /// The limits that the transcript sets.
    package var limits: Limits {
        var limits = Limits()
        func set(_ setting: Setting, _ apply: (Int) -> Void) {
            if let value = settings[setting].flatMap({ Int($0) }) { apply(value) }
        }
        set(.maxSize) { limits.messageSize = $0 }
        set(.maxRecipients) { limits.recipients = $0 }
        set(.maxErrors) { limits.badCommands = $0 }
        set(.maxLine) { limits.textLine = $0 }
        set(.commandLine) { limits.commandLine = $0 }
        set(.skippedLine) { limits.skippedLine = $0 }
        set(.receivedFields) { limits.receivedFields = $0 }
        return limits
    }

    /// What the transcript says of lone CR and LF.
    package var bareNewlines: BareNewlinePolicy {
        settings[.bareNewline].flatMap(BareNewlinePolicy.init(rawValue:)) ?? .reject
    }

    /// The extensions that are not offered.
    package var hidden: Set<ServiceExtension> {
        Set((settings[.hide] ?? "").split(separator: ",").compactMap { ServiceExtension(rawValue: String($0)) })
    }

    /// The configuration of a session.
    package var sessionConfiguration: ServerSession.Configuration {
        ServerSession.Configuration(
            hostname: hostname,
            limits: limits,
            bareNewlines: bareNewlines,
            hidden: hidden,
            decisions: decisions
        )
    }
}
