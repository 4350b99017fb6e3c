/// The answers to decisions.
///
/// - Precondition: a decision is pending.
extension ServerSession {
    /// Answers a pending ``Decision``, and goes on with the input that waited for it.
    ///
    /// ``Verdict/accept`` refuses an authentication, because it names no user.
    public mutating func resolve(_ verdict: Verdict, into output: inout ServerOutput) {
        resolve(answer: DecisionAnswer(verdict), into: &output)
    }

    /// Answers a pending ``Decision/message``.
    public mutating func resolveMessage(_ verdict: MessageVerdict, into output: inout ServerOutput) {
        resolve(answer: DecisionAnswer(verdict), into: &output)
    }

    /// Answers a pending ``Decision/authenticate(_:)``.
    public mutating func resolveAuthentication(_ answer: SASLAnswer, into output: inout ServerOutput) {
        resolve(answer: .answer(answer), into: &output)
    }

    /// Answers a pending ``Decision/step(_:)``: intercepts it, or lets it pass with `nil`.
    public mutating func resolveStep(_ interception: Interception?, into output: inout ServerOutput) {
        resolve(answer: interception.map(DecisionAnswer.intercept) ?? .accept, into: &output)
    }
}

/// The effects of a decision.
extension ServerSession {
    mutating func carryOut(_ answer: DecisionAnswer, for decision: Decision, _ output: inout ServerOutput) {
        switch answer {
        case .close(let reply):
            close(with: reply, &output)
        case .reply(let reply) where reply.code == 421:
            // RFC 5321, section 3.8: 421 is the last word.
            close(with: reply, &output)
        case .reply(let reply) where decision.isStep:
            intercept(with: Interception(reply: reply), &output)
        case .reply(let reply):
            reply.code.severity == .success || reply.code.severity == .intermediate
                ? accept(decision, with: reply, &output) : reject(decision, with: reply, &output)
        case .accept:
            accept(decision, with: nil, &output)
        case .perRecipient(let replies) where decision == .message:
            if replies.contains(where: { $0.code.severity == .success }) { badCommands = 0 }
            endMessage(with: replies, &output)
            if replies.contains(where: { $0.code == 421 }) { close(with: nil, &output) }
        case .perRecipient:
            // Only messages have recipients to answer for.
            reject(decision, with: .localError, &output)
        case .answer(let answer):
            answered(answer, &output)
        case .intercept(let interception):
            intercept(with: interception, &output)
        case .queued(let id)
        where decision == .message && configuration.answersInOneWrite && interception == nil:
            endTransaction()
            badCommands = 0
            // Said once for each message: written without a detour by way of a reply.
            writeQueued(id, &output)
        case .queued(let id):
            accept(decision, with: .queued(as: id), &output)
        }
    }

    /// ``Reply/queued(as:)`` with letters in the place of a name of the usual length.
    private static let queued = {
        let length = 12
        let octets = Reply.queued(as: QueueID(rawValue: String(repeating: "x", count: length))).octets
        return (octets: octets, idIndex: octets.count - length - 2, idLength: length)
    }()

    private func writeQueued(_ id: QueueID, _ output: inout ServerOutput) {
        let (octets, idIndex, idLength) = Self.queued
        guard id.rawValue.utf8.count == idLength else {
            return output.replies.append(contentsOf: Reply.queued(as: id).octets)
        }
        let start = output.replies.count + idIndex
        output.replies.append(contentsOf: octets)
        var id = id.rawValue
        id.withUTF8 { letters in
            output.replies.withUnsafeMutableBytes { replies in
                let place = UnsafeMutableRawBufferPointer(rebasing: replies[start..<start + idLength])
                place.copyMemory(from: UnsafeRawBufferPointer(letters))
            }
        }
    }

    mutating func greet(with reply: Reply, _ output: inout ServerOutput) {
        activity = .commands
        send(reply, &output)
        begin(nil)
    }

    private mutating func accept(_ decision: Decision, with reply: Reply?, _ output: inout ServerOutput) {
        switch decision {
        case .connection:
            greet(with: reply ?? configuration.greeting, &output)
        case .hello(let verb, let name):
            abandonTransaction(.hello, &output)
            phase = .ready
            peer.heloVerb = verb
            peer.heloName = name
            send(reply ?? (verb == .helo ? configuration.heloReply : ehloReply), &output)
        case .sender(let path, let parameters):
            acceptSender(path, parameters, with: reply, &output)
        case .recipient(let recipient):
            acceptRecipient(recipient, with: reply ?? .recipientOK, &output)
        case .message:
            badCommands = 0
            endMessage(with: reply ?? .ok, &output)
        case .authenticate:
            // An answer without a verdict on the user is none.
            answered(.unavailable, &output)
        case .authenticationFailure:
            authenticationFailed(&output)
        case .verify:
            send(readable(reply ?? .cannotVerify), &output)
        case .expand:
            send(readable(reply ?? .cannotExpand), &output)
        case .step:
            goOn(&output)
        case .pause:
            carryOutInterception(&output)
        case .stall:
            close(with: nil, &output)
        }
    }

    mutating func acceptSender(
        _ path: consuming ReversePath, _ parameters: [ESMTPParameter], with reply: Reply?,
        _ output: inout ServerOutput
    ) {
        step.hasFailed = false
        var asked = 0
        var priority = 0
        if parameters.isEmpty {
            peer.isInternationalized = false
        } else {
            asked = parameters.value(of: "MT-PRIORITY").flatMap(TransferPriorityExtension.priority) ?? 0
            // RFC 6710, section 4.1: no positive priority from those who are not known.
            priority = peer.username == nil ? min(asked, 0) : asked
            peer.isInternationalized = parameters.contains { $0.keyword == ServiceExtension.smtpUTF8.rawValue }
        }
        envelope = Envelope(reversePath: path, parameters: parameters, priority: priority)
        envelope?.recipients.exchange(with: &spareRecipients)
        if rawPath != nil { envelope?.rawReversePath = rawPath }
        phase = .mail
        send(reply ?? (priority == asked ? .senderOK : .priorityLowered), &output)
    }

    mutating func acceptRecipient(
        _ recipient: consuming Envelope.Recipient, with reply: Reply, _ output: inout ServerOutput
    ) {
        // A message that has two has many, as often as not.
        if envelope?.recipients.count == 1 { envelope?.recipients.reserveCapacity(16) }
        envelope?.recipients.append(recipient)
        phase = .recipients
        send(reply, &output)
    }

    private var ehloReply: Reply { configuration.ehloReply(for: peer.tls, isXClientTrusted: isXClientTrusted) }

    private mutating func reject(_ decision: Decision, with reply: Reply, _ output: inout ServerOutput) {
        switch decision {
        case .connection:
            // RFC 5321, section 3.1: the client may still say QUIT.
            activity = .commands
            phase = .refused
        case .message:
            return endMessage(with: reply, &output)
        case .authenticate, .authenticationFailure:
            return endExchange(with: reply, &output)
        case .verify, .expand:
            return send(readable(reply), &output)
        case .hello, .sender, .recipient, .step, .pause, .stall:
            break
        }
        send(reply, &output)
    }

    /// Returns the reply to `VRFY` or `EXPN`, or a replacement for one in UTF-8 that the client has not said it can
    /// read (RFC 6531, section 3.7.4.2).
    private func readable(_ reply: Reply) -> Reply {
        guard !takesUTF8Reply, !reply.isASCII else { return reply }
        return reply.code.severity == .success ? .utf8ReplyNeeded : .utf8RefusalNeeded
    }
}
