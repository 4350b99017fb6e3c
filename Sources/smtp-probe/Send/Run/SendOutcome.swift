import SMTPKit

/// How a dialogue ended.
struct SendOutcome {
    /// The status by the table; options may make another of it.
    var status: ExitStatus
    /// Where it ended, in the words of the JSON document; `nil` when everything was done.
    var stage: String?
    /// Why, in one line.
    var reason: String?
    /// Whether trying later may help; `nil` when all is well, or nobody can say.
    var isTemporary: Bool?
    /// Whether it was no longer known which reply answered what.
    var isOutOfSync = false

    /// All is well.
    static let done = SendOutcome(status: .done)
}

extension SendOutcome {
    /// A dialogue that broke off.
    ///
    /// - Parameters:
    ///   - isSecured: whether TLS was active.
    ///   - hasProxyHeader: whether a PROXY header came first, which servers refuse by closing.
    init(_ error: SMTPError, isSecured: Bool, hasProxyHeader: Bool) {
        status = Self.status(error, isSecured, hasProxyHeader)
        stage = error.stage?.rawValue
        reason = error.description
        isTemporary = Self.isTemporary(error)
        isOutOfSync = error.code == .outOfSync
    }

    private static func status(_ error: SMTPError, _ isSecured: Bool, _ hasProxyHeader: Bool) -> ExitStatus {
        switch error.code {
        case .notResolved, .connectFailed: return .connect
        case .timedOut: return .timeout
        case .protocolViolation, .outOfSync, .plaintextBehindStartTLS, .outOfOrder: return .protocolViolation
        case .tlsNotOffered, .tlsFailed: return .tls
        case .secretInClear, .authenticationFailed: return .authentication
        case .invalidArgument: return .usage
        case .closed where error.stage == .greeting && hasProxyHeader: return .proxy
        case _: return error.stage.map { status(at: $0, isSecured) } ?? .closed
        }
    }

    /// The status of a stage at which a server refused, or went away.
    static func status(at stage: ClientStage, _ isSecured: Bool) -> ExitStatus {
        switch stage {
        case .connect: .connect
        case .proxy: .proxy
        case .greeting: .banner
        case .hello: isSecured ? .helloAfterTLS : .hello
        case .startTLS, .handshake: .tls
        case .xclient: .xclient
        case .authentication: .authentication
        case .mail: .mail
        case .rcpt: .recipients
        case .data: .data
        case .content, .endOfData: .content
        case .quit: .quit
        case .reset, .command: .closed
        }
    }

    private static func isTemporary(_ error: SMTPError) -> Bool? {
        if let reply = error.reply { return reply.code.severity == .transient }
        return switch error.code {
        case .timedOut, .closed, .connectFailed, .serviceClosing: true
        case .notResolved: (error.underlying as? ResolverError)?.isTemporary
        case _: false
        }
    }

    /// A refusal by a reply.
    init(_ stage: ClientStage, _ reply: Reply, isSecured: Bool) {
        status = Self.status(at: stage, isSecured)
        self.stage = stage.rawValue
        reason = "the server refused \(stage): \(reply)"
        isTemporary = reply.code.severity == .transient
    }

    /// A transaction that went to its end.
    ///
    /// - Parameter end: where it was to end.
    init(_ outcome: TransactionOutcome, end: Transaction.End, isSecured: Bool) {
        if let refusal = outcome.refusal {
            self.init(refusal.stage, refusal.reply, isSecured: isSecured)
            if refusal.stage == .rcpt {
                isTemporary = outcome.recipients.allSatisfy { $0.reply?.code.severity == .transient }
            }
            return
        }
        let refused = outcome.recipients.filter { recipient in
            end == .content ? !recipient.isDelivered : end == .recipients && !recipient.isAccepted
        }
        self = .done
        guard !refused.isEmpty else { return }
        let replies = refused.compactMap { $0.isAccepted ? $0.delivery : $0.reply }
        status = .someRecipients
        stage = (refused.contains { $0.isAccepted } ? ClientStage.endOfData : .rcpt).rawValue
        reason =
            "\(refused.count) of \(outcome.recipients.count) recipients refused: \(replies.first.map { "\($0)" } ?? "")"
        isTemporary = replies.allSatisfy { $0.code.severity == .transient }
    }
}
