import CommandLineSupport
import SMTPKit

/// The display and the effects of what the server sends.
extension Interpreter {
    // MARK: Display

    func display(_ entry: ClientTraceEntry) {
        if case .content(let count) = entry.item {
            contentCount += count
            return
        }
        if contentCount > 0, case .sent = entry.item {
            showSent("(\(contentCount) octets of content)")
            contentCount = 0
        }
        switch entry.item {
        case .sent(let line):
            showHeld()
            showSent(line)
        case .content, .secured: return
        // A reply is shown together with what is said of it.
        case .received: held.append(entry)
        case .malformed(let octets):
            showHeld()
            showReceived(octets, .bad)
        }
    }

    /// Shows the replies that wait for what is said of them: all, or the first.
    private func showHeld(onlyFirst: Bool = false) {
        while !held.isEmpty {
            let entry = held.removeFirst()
            guard case .received(let reply, let octets) = entry.item else { continue }
            if entry.stage == nil { console.complain("the server says, without being asked:") }
            showReceived(octets, reply.code.severity.style)
            if onlyFirst { return }
        }
    }

    private func showSent(_ line: String) {
        let text = "C: \(SafeText.visible(line))"
        log?.add(text)
        if !isTyped { console.say(text, .sent) }
    }

    private func showReceived(_ octets: [UInt8], _ style: Console.Style) {
        for line in octets.split(separator: 10, omittingEmptySubsequences: true) {
            let text = SafeText.visible(octets: line.last == 13 ? line.dropLast() : line)
            log?.add("S: \(text)")
            console.say(console.isInteractive ? text : "S: \(text)", style)
        }
    }

    // MARK: Meaning

    func note(_ event: ClientEvent) {
        if case .reply = event { showHeld(onlyFirst: true) } else { showHeld() }
        switch event {
        case .reply(let reply): note(reply)
        case .malformed(let error, let octets):
            let problem = SafeText.visible(error.description(of: octets))
            console.complain(problem)
            add(.malformed(problem), "out of order", nil, .protocolViolation)
        case .failed(let error): note(error)
        case .closed: console.note("the connection is closed")
        case .tlsSkipped(let reply):
            // A refusal was shown, and the dialogue goes on as it was asked to.
            console.complain(
                "going on without TLS: the server \(reply == nil ? "does not offer" : "refused") STARTTLS")
            if reply != nil { answers.removeLast() }
        case .startTLS, .finished, .stageFinished, .prepared, .stepFailed, .contentWanted, .transactionFinished: return
        }
    }

    private func note(_ answered: ClientReply) {
        let reply = answered.reply
        let latency = dialogue.lastProgress.duration(to: .now)
        if settings.timing { console.show("  (\(latency.short))", .faint) }
        guard let command = answered.command else {
            if reply.code != 421 { console.complain("out of sync: nobody asked for this reply") }
            let status = reply.code == 421 ? ExitStatus.closed : .protocolViolation
            return add(.reply(reply), "a reply that nobody asked for", nil, status, latency)
        }
        let isRefusal = reply.code.rawValue >= 400
        let accepted = dialogue.live?.session.acceptedRecipients ?? 0
        let stage = command.stage
        let status = isRefusal ? ExitStatus(stage, isSecured: answered.isSecured, accepted: accepted) : nil
        add(.reply(reply), command.line, stage, status, latency)
        if command.stage == .authentication, reply.code.severity == .success { mask.authenticated() }
        if command.stage == .quit, !isRefusal { hasSaidGoodbye = true }
        guard settings.explain else { return }
        if isRefusal { explain(reply, isBrief: true, about: command) }
        if console.isInteractive, let hint = Hints.hint(command.line, isRefused: isRefusal) { console.note(hint) }
    }

    private func note(_ error: SMTPError) {
        let isSecured = dialogue.connection?.session.tls != nil
        let outcome: Outcome = error.code == .timedOut ? .timeout : .closed
        let text = SafeText.visible(error.text(isSecured: isSecured))
        if console.isInteractive { console.complain(text) }
        let status = ExitStatus(error, isSecured: isSecured)
        add(outcome, text, error.stage, status, dialogue.lastProgress.duration(to: .now))
        if pending == nil {
            pending = Failure(
                status: status, text: text, stage: error.stage, isTemporary: ProbeOutcome.isTemporary(error))
        }
    }

    private func add(
        _ outcome: Outcome, _ line: String, _ stage: ClientStage?, _ status: ExitStatus?, _ latency: Duration = .zero
    ) {
        let answer = Answered(outcome: outcome, line: line, latency: latency, stage: stage, status: status)
        answers.append(answer)
        lastAnswer = answer
    }

    func noteTLS(_ report: TLSReport) {
        let failure = dialogue.handshakeFailure
        let problem = report.problems(beside: failure).first
        let verdict =
            report.isVerified
            ? "the certificate is good"
            : failure != nil
                ? "the certificate is refused"
                : problem.map { "the certificate is not good: \($0)" } ?? "the certificate was not looked at"
        let text = "\(report.properties.version), \(report.properties.cipherSuite), \(verdict)"
        console.note(SafeText.visible(text))
    }
}

extension ReplyCode.Severity {
    fileprivate var style: Console.Style {
        switch self {
        case .success, .intermediate: .good
        case .transient: .warning
        case .permanent: .bad
        }
    }
}
