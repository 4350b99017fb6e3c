import CommandLineSupport
import Glibc
import SMTPKit

/// One message's way, from the first look-up to `QUIT`.
final class SendRun {
    let command: SendCommand
    let record: DialogueRecord
    private let dialogue: Dialogue
    private let printer: DialoguePrinter?
    private var progress: TransferProgress?
    /// The server's capabilities before TLS, and inside.
    private(set) var capabilities: (before: Capabilities?, after: Capabilities?)
    /// The outcome of the handshake.
    private(set) var tlsReport: TLSReport?
    /// When TLS was to begin.
    private(set) var tlsMode = TLSOptions.Mode.none
    /// The connection, or the last one that was tried.
    var connection: PollableConnection? { dialogue.connection ?? last }
    private var last: PollableConnection?
    /// The size of the message on the wire, where it is known.
    private(set) var size: Int?

    init(_ command: SendCommand, _ dialogue: Dialogue, _ record: DialogueRecord, _ printer: DialoguePrinter?) {
        self.command = command
        self.dialogue = dialogue
        self.record = record
        self.printer = printer
        record.onEntry = { printer?.show($0) }
        dialogue.onTrace = { [unowned self] entry in
            progress?.clear()
            record.append(entry)
        }
        dialogue.onEvent = { [unowned self] in note($0) }
        dialogue.onTLS = { [unowned self] report in
            tlsReport = report
            printer?.show(report, dialogue.handshakeFailure)
        }
        dialogue.onProgress = { [unowned self] in note($0) }
    }

    /// The outcome of the transaction, however the dialogue ended.
    private(set) var transaction: TransactionOutcome?
    private var isSecured: Bool { dialogue.connection?.session.tls != nil }
    private var end: SendStage? { command.transfer.end }

    /// Goes the way.
    func run(_ plan: SendPlan, _ route: SendRoute) -> ProbeOutcome {
        tlsMode = route.route.tlsMode
        do {
            let outcome = try converse(plan, route)
            guard dialogue.isOpen else {
                // The message may be accepted, and the dialogue broken after it.
                return outcome.status == .done ? dialogue.failure.map(failure) ?? outcome : outcome
            }
            if command.transfer.dropAfter != nil, outcome.status == .done || transaction != nil {
                dialogue.close()
                return outcome
            }
            return quit(outcome)
        } catch {
            return quit(failure(error))
        }
    }

    private func failure(_ error: any Error) -> ProbeOutcome {
        switch error {
        case let error as SMTPError:
            if error.code == .notResolved { record.finished(.resolve) }
            return ProbeOutcome(error, isSecured: isSecured)
        case let interruption as Dialogue.Interruption:
            defer { dialogue.close() }
            return ProbeOutcome(interruption, dialogue.stageName)
        case let error:
            dialogue.close()
            return ProbeOutcome(status: .usage, stage: nil, reason: "\(error)")
        }
    }

    // MARK: Stages

    private func converse(_ plan: SendPlan, _ route: SendRoute) throws -> ProbeOutcome {
        try dialogue.open(route.route, awaitsGreeting: end != .connect)
        if end == .connect { return .done }
        try dialogue.prepare(route.plan)
        if let end, end.isReached(by: .auth) { return .done }
        return try transfer(plan)
    }

    private func note(_ progress: Dialogue.Progress) {
        switch progress {
        case .trying(let host):
            record.finished(.resolve)
            let places = host.path.map { ["unix:\($0)"] } ?? host.addresses
            printer?.say("Trying \(places.joined(separator: ", "))...")
        case .connected(let target):
            record.finished(.connect)
            last = dialogue.connection
            printer?.say("Connected to \(target.text).")
        case .movingOn(let error): printer?.say("\(error); trying the next host.")
        }
    }

    private func note(_ event: ClientEvent) {
        switch event {
        case .stageFinished(let stage, _):
            switch stage {
            case .hello:
                let offered = dialogue.connection?.session.capabilities
                if isSecured { capabilities.after = offered } else { capabilities.before = offered }
            case _: return
            }
        case .tlsSkipped(nil): printer?.say("Going on without TLS: the server does not offer STARTTLS.")
        case .tlsSkipped: printer?.say("Going on without TLS: the server refused STARTTLS.")
        case .reply, .malformed, .startTLS, .finished, .prepared, .stepFailed, .contentWanted, .transactionFinished,
            .failed, .closed:
            return
        }
    }

    private func transfer(_ plan: SendPlan) throws -> ProbeOutcome {
        let offered = dialogue.connection?.session.capabilities
        let content = try plan.content(allows8bit: offered?.contains("8BITMIME") == true)
        size = content.facts.size.map { Int(clamping: $0) }
        let end: Transaction.End =
            switch self.end {
            case .mail: .sender
            case .rcpt: .recipients
            case _: .content
            }
        var parameters = plan.mailParameters
        // Such a header is not valid without the extension (RFC 6532, section 3.2).
        let needsUTF8 = plan.isComposed && content.facts.hasInternationalHeader
        if needsUTF8, !parameters.contains(.internationalized) { parameters.append(.internationalized) }
        let transaction = Transaction(
            Envelope(reversePath: plan.reversePath, parameters: parameters, recipients: plan.recipients),
            transfer: command.transfer.bdat ? .chunks : .data, isPipelined: command.transfer.pipeline, end: end)
        let progress = TransferProgress(content.length, isShown: !command.common.output.quiet)
        self.progress = progress
        defer {
            progress.clear()
            self.transaction = dialogue.connection?.session.transaction
        }
        try dialogue.transfer(transaction, content, dropsContent: self.end == .data) { progress.add($0) }
        guard let outcome = dialogue.connection?.session.transaction else { return .done }
        // A transaction that is over has its outcome, also when the server closes after it.
        let isOver =
            switch end {
            case .sender: outcome.sender != nil
            case .recipients: outcome.recipients.allSatisfy { $0.reply != nil }
            case .content: !outcome.recipients.contains { $0.fate == .unknown }
            }
        if let failure = dialogue.failure, outcome.refusal == nil, !isOver { throw failure }
        if self.end == .data, outcome.refusal == nil { return .done }
        return ProbeOutcome(outcome, end: end, isSecured: isSecured)
    }

    /// Says goodbye, also after a failure; when all else is well, a refusal of that counts.
    private func quit(_ outcome: ProbeOutcome) -> ProbeOutcome {
        guard let connection = dialogue.live, !connection.session.isBusy, !connection.session.isOutOfSync else {
            dialogue.close()
            return outcome
        }
        var refusal: Reply?
        do {
            let replies = try dialogue.collectingReplies {
                try dialogue.perform { session, output throws(SMTPError) in try session.quit(into: &output) }
                try dialogue.wait { false }
            }
            refusal = replies.last?.reply
        } catch {
            return outcome.status == .done ? failure(error) : outcome
        }
        guard outcome.status == .done else { return outcome }
        if let failure = dialogue.failure { return self.failure(failure) }
        guard let refusal, refusal.code.severity != .success else { return outcome }
        return ProbeOutcome(.quit, refusal, isSecured: isSecured)
    }
}
