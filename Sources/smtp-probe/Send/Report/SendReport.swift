import CommandLineSupport
import SMTPKit

/// The report at the end, and the exit status.
struct SendReport {
    private let run: SendRun
    private let outcome: ProbeOutcome
    private let target: Target

    init(_ run: SendRun, _ outcome: ProbeOutcome, _ target: Target) {
        self.run = run
        self.outcome = outcome
        self.target = target
    }

    /// The outcome as the options want it counted.
    private var counted: ProbeOutcome {
        var outcome = outcome
        let transfer = run.command.transfer
        if transfer.partialOK, outcome.status == .someRecipients {
            outcome.status = .done
        }
        if transfer.exitTemp, outcome.status != .done, outcome.isTemporary == true { outcome.status = .temporary }
        return outcome
    }

    /// The exit status.
    var code: Int32 {
        guard run.command.transfer.nagios else { return counted.status.code }
        return NagiosLine.State(counted).rawValue
    }

    private var queueID: String? { run.transaction?.final.flatMap(QueueIDReader.queueID) }

    /// Says it.
    ///
    /// - Returns: whether programs that wait for it have it.
    func write() -> Bool {
        SignalPipe.finish()
        if run.command.transfer.nagios {
            let line = NagiosLine(counted, queueID: queueID, run.record, size: run.size, target: "\(target)")
            return StandardOutput.write(line.text)
        } else if run.command.common.output.json {
            return StandardOutput.write(document)
        } else {
            if let queueID, !run.command.common.output.quiet {
                say("=== Queued as \(SafeText.visible(queueID)).", to: 1)
            }
            if let reason = outcome.reason { say("smtp-probe: \(SafeText.visible(reason))", to: 2) }
            return true
        }
    }

    private func say(_ line: String, to descriptor: Int32) {
        // If standard output is closed, the exit status still tells the result.
        try? Descriptor.write("\(line)\n", to: descriptor)
    }

    private var document: String {
        var document = ProbeDocument(
            started: run.record.started,
            target: ProbeTarget(target, run.connection, mx: run.command.common.connection.mx))
        document.duration = run.record.elapsed
        document.outcome = counted
        document.times = run.record.times
        document.capabilities = run.capabilities
        document.tlsMode =
            run.tlsMode == .implicit ? "implicit" : run.tlsReport != nil ? "starttls" : nil
        document.tls = run.tlsReport
        document.recipients = (run.transaction?.recipients ?? []).map {
            ProbeDocument.Recipient(address: "\($0.recipient.path)", reply: $0.reply, delivery: $0.delivery)
        }
        document.queueID = queueID
        document.size = run.size
        document.entries = run.record.entries
        return document.text
    }
}
