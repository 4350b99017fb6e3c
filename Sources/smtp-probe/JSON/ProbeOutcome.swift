import CommandLineSupport
import SMTPKit

/// How a dialogue ended.
struct ProbeOutcome {
    /// The status by the table; options may make another of it.
    var status: ExitStatus
    /// Where it ended, in the words of the JSON document; `nil` when everything was done.
    var stage: StageName?
    /// Why, in one line.
    var reason: String?
    /// Whether a later attempt may succeed; `nil` after success, or when that is not known.
    var isTemporary: Bool?
    /// Whether it was no longer known which reply answered what.
    var isOutOfSync = false

    /// All is well.
    static let done = ProbeOutcome(status: .done)
}

extension ProbeOutcome {
    /// A dialogue that broke off.
    ///
    /// - Parameter isSecured: whether TLS was active.
    init(_ error: SMTPError, isSecured: Bool) {
        if let reply = error.reply, error.code == .refused, let stage = error.stage {
            self.init(stage, reply, isSecured: isSecured)
            return
        }
        self.init(
            status: ExitStatus(error, isSecured: isSecured),
            stage: error.code == .notResolved ? .resolve : error.stage.map { StageName($0, isSecured: isSecured) },
            reason: error.text(isSecured: isSecured), isTemporary: Self.isTemporary(error),
            isOutOfSync: error.code == .outOfSync)
    }

    /// Whether trying later may help, as far as an error tells.
    static func isTemporary(_ error: SMTPError) -> Bool? {
        if let reply = error.reply { return reply.code.severity == .transient }
        return switch error.code {
        case .timedOut, .closed, .connectFailed, .serviceClosing: true
        case .notResolved: (error.underlying as? ResolverError)?.isTemporary
        case _: false
        }
    }

    /// A refusal by a reply.
    init(_ stage: ClientStage, _ reply: Reply, isSecured: Bool) {
        status = ExitStatus(stage, isSecured: isSecured)
        self.stage = StageName(stage, isSecured: isSecured)
        reason = "the server refused \(stage): \(reply)"
        isTemporary = reply.code.severity == .transient
    }
}

extension ProbeOutcome {
    /// Creates the outcome of a script that a failure ended.
    init(_ failure: Failure) {
        status = failure.status
        stage = failure.stageName
        reason = failure.message
        isTemporary = failure.isTemporary
    }
}

extension ProbeOutcome {
    /// A wait that ended early.
    ///
    /// - Parameter stage: where in the dialogue that was.
    init(_ interruption: Dialogue.Interruption, _ stage: StageName?) {
        status = ExitStatus(interruption)
        self.stage = stage
        reason = interruption == .deadline ? "the time of --deadline is over" : "interrupted"
        isTemporary = interruption == .deadline ? true : nil
    }

    /// Says how a run ended that did not get as far as to have a report.
    ///
    /// - Returns: the exit status.
    func end(_ target: Target, _ output: OutputOptions) -> ExitStatus {
        SignalPipe.finish()
        if output.json {
            var document = ProbeDocument(started: .now, target: ProbeTarget(target, address: nil, exchanger: nil))
            document.outcome = self
            guard StandardOutput.write(document.text) else { return .usage }
        } else {
            try? Descriptor.write("smtp-probe: \(reason ?? "ended")\n", to: 2)
        }
        return status
    }
}
