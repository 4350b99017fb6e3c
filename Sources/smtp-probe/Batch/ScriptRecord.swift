import SMTPKit

/// The events of a script, for the document of `--json`.
///
/// The transcript holds all connections of the script; TLS and what the server offers are those of the last one.
final class ScriptRecord {
    private let dialogue: Dialogue
    private let record = DialogueRecord()
    private let isLMTP: () -> Bool
    private var capabilities: (before: Capabilities?, after: Capabilities?)
    private var tls: TLSReport?
    private var recipients: [ProbeDocument.Recipient] = []
    /// The accepted recipients of the transaction under way, as places in ``recipients``.
    private var open: [Int] = []
    private var queueID: String?
    private var isOutOfSync = false
    /// The last connection that was made, whatever became of it.
    private var last: PollableConnection?

    /// Hears from now on what passes, before anybody else does.
    init(_ dialogue: Dialogue, isLMTP: @escaping () -> Bool) {
        self.dialogue = dialogue
        self.isLMTP = isLMTP
        let (onTrace, onEvent, onTLS) = (dialogue.onTrace, dialogue.onEvent, dialogue.onTLS)
        dialogue.onTrace = { [record] entry in
            record.append(entry)
            onTrace(entry)
        }
        dialogue.onEvent = { [unowned self] event in
            note(event)
            onEvent(event)
        }
        let onProgress = dialogue.onProgress
        dialogue.onProgress = { [unowned self] progress in
            switch progress {
            case .trying: record.finished(.resolve)
            case .connected:
                record.finished(.connect)
                last = dialogue.connection
            case .movingOn: break
            }
            onProgress(progress)
        }
        dialogue.onTLS = { [unowned self] report in
            tls = report
            onTLS(report)
        }
    }

    /// The document.
    ///
    /// - Parameter target: what was talked to last.
    func document(_ outcome: ProbeOutcome, _ target: Target?, _ mode: TLSOptions.Mode?, mx: Bool) -> ProbeDocument {
        var document = ProbeDocument(
            started: record.started, target: target.map { ProbeTarget($0, dialogue.connection ?? last, mx: mx) })
        if outcome.stage == .resolve { record.finished(.resolve) }
        document.duration = record.elapsed
        document.outcome = outcome
        document.outcome.isOutOfSync = isOutOfSync
        document.times = record.times
        document.capabilities = capabilities
        document.tlsMode = mode == .implicit ? "implicit" : tls != nil ? "starttls" : nil
        document.tls = tls
        document.recipients = recipients
        document.queueID = queueID
        document.entries = record.entries
        return document
    }

    // MARK: Events

    private func note(_ event: ClientEvent) {
        switch event {
        case .reply(let answered): note(answered)
        case .malformed: isOutOfSync = true
        case .failed(let error): if error.code == .outOfSync { isOutOfSync = true }
        case .startTLS, .finished, .stageFinished, .tlsSkipped, .prepared, .stepFailed, .contentWanted,
            .transactionFinished, .closed:
            return
        }
    }

    private func note(_ answered: ClientReply) {
        let reply = answered.reply
        guard let command = answered.command else {
            if reply.code != 421 { isOutOfSync = true }
            return
        }
        let isSuccess = reply.code.severity == .success
        switch command.stage {
        case .greeting, .proxy:
            capabilities = (nil, nil)
            tls = answered.isSecured ? tls : nil
            open = []
        case .hello:
            let offered = isSuccess ? dialogue.connection?.session.capabilities : nil
            if answered.isSecured { capabilities.after = offered } else { capabilities.before = offered }
            open = []
        case .mail, .reset: open = []
        case .rcpt:
            if isSuccess { open.append(recipients.count) }
            recipients.append(
                ProbeDocument.Recipient(address: ProbeDocument.Recipient.address(in: command.line), reply: reply))
        case .endOfData: noteDelivery(reply)
        case .connect, .startTLS, .handshake, .xclient, .authentication, .data, .content, .quit, .command:
            return
        }
    }

    /// With LMTP the reply is that for one recipient, else for all.
    private func noteDelivery(_ reply: Reply) {
        if let id = QueueIDReader.queueID(in: reply) { queueID = id }
        let delivered = isLMTP() ? Array(open.prefix(1)) : open
        for place in delivered { recipients[place].delivery = reply }
        open.removeFirst(delivered.count)
    }
}
