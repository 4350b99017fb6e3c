/// The effects of replies.
extension ClientSession {
    /// - Parameter isLast: whether it is the last of the input.
    mutating func received(_ reply: Reply, _ octets: [UInt8], isLast: Bool, _ output: inout ClientOutput) {
        let answered = awaited.first
        if configuration.isTraced {
            note(.received(reply, octets: octets), stage: answered?.command.stage, &output)
        }
        if configuration.reportsReplies {
            output.events.append(
                .reply(ClientReply(reply: reply, octets: octets, command: answered?.command, isSecured: tls != nil)))
        }
        guard let answered else { return receivedUnasked(reply, &output) }
        let isComplete = isComplete(answered)
        if isComplete { awaited.removeFirst() }
        learn(reply, answered, isLast: isLast, isComplete: isComplete, &output)
        // What came with the last reply that is due was sent before the next command could be: it answers nothing, and
        // that command must not make it look as if it did.
        if isComplete, !isLast, awaited.isEmpty, activity == .open, leadsToCommand(reply, answered.purpose) {
            isOutOfSync = true
            return fail(SMTPError(.outOfSync, stage: answered.command.stage), &output)
        }
        if answered.isOwn, activity != .closed { advance(reply, answered.purpose, &output) }
        // RFC 5321, section 3.8: 421 may answer anything, and is the last word.
        guard reply.code == 421, activity != .closed else { return }
        isEnding = true
        if !configuration.isRaw {
            fail(SMTPError(.serviceClosing, stage: answered.command.stage, reply: reply), &output)
        }
    }

    /// Whether the step under way sends another command because of a reply.
    private func leadsToCommand(_ reply: Reply, _ purpose: AwaitedReply.Purpose) -> Bool {
        if preparationGoesOn(after: reply) { return true }
        return switch step {
        case .hello(let fallbackName): fallbackName != nil && reply.code.severity == .permanent
        case .transaction: reply.code != 421 && (purpose == .reset || purpose == .mail || purpose == .rcpt)
        case .none, .greeting, .simple, .startTLS, .authentication, .quit: false
        }
    }

    /// Whether a reply is the only one, or the last one, to what it answers.
    private mutating func isComplete(_ answered: AwaitedReply) -> Bool {
        guard configuration.isLMTP, answered.purpose == .endOfData else { return true }
        // RFC 2033, section 4.2: one for each recipient that was accepted.
        deliveryReplies += 1
        guard deliveryReplies >= acceptedRecipients else { return false }
        deliveryReplies = 0
        return true
    }

    private mutating func receivedUnasked(_ reply: Reply, _ output: inout ClientOutput) {
        if reply.code == 421 { isEnding = true } else { isOutOfSync = true }
        guard !configuration.isRaw || isBusy else { return }
        let code: SMTPError.Code
        switch reply.code.severity {
        case _ where reply.code == 421: code = .serviceClosing
        // A server that wants no more of the content before its end.
        case .transient, .permanent: code = run?.isInContent == true ? .refused : .outOfSync
        case .success, .intermediate: code = .outOfSync
        }
        fail(SMTPError(code, stage: stage, reply: reply), &output)
    }

    mutating func receivedNonsense(_ error: ReplySyntaxError, _ octets: [UInt8], _ output: inout ClientOutput) {
        if configuration.isTraced { note(.malformed(octets), stage: stage, &output) }
        isOutOfSync = true
        if configuration.isRaw, !isBusy {
            output.events.append(.malformed(error, octets: octets))
        } else {
            let reason = error.description(of: octets)
            fail(SMTPError(.protocolViolation, stage: stage, reason: reason, underlying: error), &output)
        }
    }

    /// Returns the capabilities that a reply lists, which were read before if the reply is the same.
    private mutating func listed(in reply: Reply) -> Capabilities {
        if let known = decoder.known.hello, known.reply == reply { return known.capabilities }
        let capabilities = Capabilities(reply)
        decoder.known.hello = (reply, capabilities)
        return capabilities
    }

    /// Takes in what a reply says of the server, whoever asked.
    private mutating func learn(
        _ reply: Reply, _ answered: AwaitedReply, isLast: Bool, isComplete: Bool, _ output: inout ClientOutput
    ) {
        let isSuccess = reply.code.severity == .success
        switch answered.purpose {
        case .greeting: greeting = reply
        case .hello(let isExtended):
            guard isSuccess else { return }
            hello = reply
            capabilities = isExtended ? listed(in: reply) : Capabilities(greeting: reply.lines[0])
            forgetTransaction()
        case .startTLS: learnStartTLS(isAccepted: reply.code == 220, isLast: isLast, answered, &output)
        case .authentication: learnAuthentication(reply, answered, &output)
        case .mail:
            guard isSuccess else { return }
            hasSender = true
            acceptedRecipients = 0
        case .rcpt: if isSuccess { acceptedRecipients += 1 }
        case .data:
            if reply.code.severity == .intermediate { expecting = .content }
            guard !answered.isOwn else { return }
            if reply.code.severity == .intermediate { sent.beginContent() } else { sent.resume() }
            follow(&output)
        case .endOfData: if isComplete { forgetTransaction() }
        case .reset: if isSuccess { forgetTransaction() }
        case .quit: isEnding = true
        case .xclient:
            // XCLIENT starts the session over: what answers it is a greeting.
            guard isSuccess else { return }
            forgetHello()
            greeting = reply
        case .chunk, .other: return
        }
    }

    private mutating func learnStartTLS(
        isAccepted: Bool, isLast: Bool, _ answered: AwaitedReply, _ output: inout ClientOutput
    ) {
        guard isAccepted, tls == nil else {
            if !answered.isOwn {
                sent.resume()
                follow(&output)
            }
            return
        }
        guard isLast else { return fail(SMTPError(.plaintextBehindStartTLS, stage: .startTLS), &output) }
        // The server forgets commands that were sent in clear after this one (RFC 3207, section 4.2).
        awaited.removeAll()
        sent = SentOctets()
        expecting = .command
        activity = .startingTLS
        output.events.append(.startTLS)
    }

    private mutating func learnAuthentication(
        _ reply: Reply, _ answered: AwaitedReply, _ output: inout ClientOutput
    ) {
        if let name = answered.command.line.split(separator: " ").dropFirst().first { mechanism = String(name) }
        if reply.code == 334 {
            expecting = .response(challenge: reply.lines[0])
        } else {
            expecting = .command
            if reply.code.severity == .success {
                authenticatedBy = mechanism
                mask.authenticated()
            }
        }
        guard !answered.isOwn else { return }
        if reply.code == 334 { sent.beginResponse() } else { sent.resume() }
        follow(&output)
    }
}
