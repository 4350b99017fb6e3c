import SMTPKit

/// What passes in a script, for the document of `--json`.
///
/// The transcript holds all connections of the script; TLS and what the server offers are those of the last one.
final class ScriptRecord {
    private let dialogue: Dialogue
    private let record = DialogueRecord()
    private let isLMTP: () -> Bool
    private var capabilities: (before: Capabilities?, after: Capabilities?)
    private var tls: TLSReport?
    private var times: [(stage: String, time: Duration)] = []
    private var recipients: [ProbeDocument.Recipient] = []
    /// The accepted recipients of the transaction under way, as places in ``recipients``.
    private var open: [Int] = []
    private var queueID: String?
    private var isOutOfSync = false

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
        dialogue.onTLS = { [unowned self] report in
            tls = report
            onTLS(report)
        }
    }

    /// The document.
    ///
    /// - Parameter target: what was talked to last.
    func document(_ outcome: ProbeOutcome, _ target: Target?, _ mode: TLSOptions.Mode?) -> ProbeDocument {
        var document = ProbeDocument(started: record.started, target: target.map { "\($0)" })
        document.duration = record.elapsed
        document.outcome = outcome
        document.outcome.isOutOfSync = isOutOfSync
        document.times = times
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
        add(dialogue.lastProgress.duration(to: .now), to: Self.stage(command.stage, answered.isSecured))
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
            recipients.append(ProbeDocument.Recipient(address: Self.address(in: command.line), reply: reply))
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

    private func add(_ time: Duration, to stage: String) {
        if let place = times.firstIndex(where: { $0.stage == stage }) {
            times[place].time += time
        } else {
            times.append((stage, time))
        }
    }

    /// The stage by its name in the document.
    private static func stage(_ stage: ClientStage, _ isSecured: Bool) -> String {
        switch stage {
        case .connect, .xclient, .quit: stage.rawValue
        case .proxy, .greeting: "banner"
        case .hello: isSecured ? "ehlo_tls" : "ehlo"
        case .startTLS, .handshake: "tls"
        case .authentication: "auth"
        case .mail, .rcpt, .data, .content, .endOfData: "transaction"
        case .reset, .command: "commands"
        }
    }

    /// What stands between the angle brackets of `RCPT TO:<ann@example.net> NOTIFY=NEVER`, or behind the colon.
    private static func address(in line: String) -> String {
        let path = line.drop { $0 != ":" }.dropFirst()
        guard let start = path.firstIndex(of: "<"), let end = path.lastIndex(of: ">"), start < end else {
            return path.trimmingBlanks
        }
        return String(path[path.index(after: start)..<end])
    }
}
