/// The outcome for one recipient in a delivery report or a plain-text bounce.
package struct BounceRecipient: Hashable, Sendable {
    /// The address as the report gives it.
    package var address = ""
    /// The word of the report: `failed`, `delayed`, `delivered`, `relayed`, `expanded`; `failed` for a plain text.
    package var delivery = "failed"
    /// The server that answered, if the report names it.
    package var remoteHost: String?
    /// The reply or the explanation, on one line; may be empty.
    package var diagnostic = ""
    /// The field `Status`.
    var status: EnhancedStatus?

    /// The codes: those of the diagnostic, completed by the field `Status`.
    package var codes: (reply: ReplyCode?, status: EnhancedStatus?) {
        let pick = CodePicker.pick(in: diagnostic)
        guard let own = status else { return (pick?.reply, pick?.status) }
        guard let reply = pick?.reply, reply.severity != own.class.severity else {
            // X.0.0 in the diagnostic says less than a definite status.
            let isVague = pick?.status == nil || pick?.status?.condition == .otherUndefinedStatus
            return (pick?.reply, isVague ? own : pick?.status)
        }
        return (reply, pick?.status)
    }

    /// The codes as a question to the registry; the class alone where the report has no code.
    package var query: CodeQuery {
        let (reply, status) = codes
        if let known = CodePicker.Pick(reply: reply, status: status).query { return known }
        return switch delivery {
        case "delayed": .severity(.transient)
        case "delivered", "relayed", "expanded": .severity(.success)
        case _: .severity(.permanent)
        }
    }

    /// The text by which reason and provider are told.
    package var evidence: String { remoteHost.map { "host \($0) said: \(diagnostic)" } ?? diagnostic }
}
