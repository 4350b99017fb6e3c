/// The content of a message, from `354` to the reply after its end.
extension ServerSession {
    /// - Returns: the index after the last byte that was used up.
    mutating func processContent(
        _ octets: Span<UInt8>, from start: Int, _ output: inout ServerOutput
    ) -> Int {
        if chunk != nil {
            let next = processChunk(octets, from: start, &output)
            end(&output)
            return next
        }
        let hadLooseEnd = content?.hasLooseEnd ?? false
        let end = content?.decode(octets, from: start, into: &output)
        contentLength = content?.length ?? 0
        if !hadLooseEnd, content?.hasLooseEnd ?? false { remark(.looseEndOfData, &output) }
        guard let end else {
            if isInterceptionDue { carryOutAwaitedInterception(at: .content, &output) }
            return octets.count
        }
        if isInterceptionDue {
            carryOutAwaitedInterception(at: .contentEnd, &output)
        } else {
            contentEnded(&output)
        }
        return end
    }

    /// The end of the content has come.
    mutating func contentEnded(_ output: inout ServerOutput) {
        if configuration.isTraced { output.trace.append(.content(contentLength)) }
        endContent(&output)
    }

    /// Begins to read the content of a message. Whatever became of the message before, nothing of it is left.
    mutating func beginContent(_ framing: ContentDecoder.Framing, _ output: inout ServerOutput) {
        output.content.removeAll(keepingCapacity: true)
        output.isContentDropped = true
        contentLength = 0
        content = ContentDecoder(
            framing: framing,
            limits: configuration.limits,
            policy: configuration.bareNewlines,
            isContentWanted: configuration.isContentWanted
        )
    }

    /// All of the content came: asks what becomes of the message, unless something is wrong with it.
    mutating func endContent(_ output: inout ServerOutput) {
        let refusal = contentRefusal
        if configuration.isTraced, content?.hasBareNewlines ?? false { output.trace.append(.bareNewlines) }
        begin(.dot)
        bareNewline = content?.bareNewline
        if let bareNewline, refusal != .bareLineFeed, refusal != .bareCarriageReturn {
            remark(.bareNewline(bareNewline), &output)
        }
        let isAnswered = content?.violations.contains(.answered) ?? false
        content = nil
        activity = .commands
        forgetAwaitedContent()
        guard !isAnswered else { return endTransaction() }
        if intercepts(.dot) {
            interrupt(.dot, envelopeText, .message(refusal), &output)
        } else {
            messageEnded(refusal, &output)
        }
    }

    /// All of a message has come: it is kept, or refused.
    mutating func messageEnded(_ refusal: Reply?, _ output: inout ServerOutput) {
        if let refusal { endMessage(with: refusal, &output) } else { ask(.message, &output) }
    }

    /// Says what became of a message, and ends its transaction.
    ///
    /// LMTP has one reply for each recipient, also where they are all the same (RFC 2033, section 4.2).
    mutating func endMessage(with reply: Reply, _ output: inout ServerOutput) {
        let count = finalReplyCount
        endTransaction()
        for _ in 0..<count { send(reply, &output) }
    }

    /// How many replies a message gets.
    var finalReplyCount: Int { configuration.serverProtocol == .lmtp ? envelope?.recipients.count ?? 1 : 1 }

    /// The same where recipients fare differently.
    mutating func endMessage(with replies: [Reply], _ output: inout ServerOutput) {
        guard replies.count == envelope?.recipients.count else { return endMessage(with: .localError, &output) }
        guard configuration.serverProtocol == .lmtp else {
            let refusal =
                replies.first { $0.code.severity == .transient } ?? replies.first { $0.code.severity == .permanent }
            return endMessage(with: refusal ?? replies.first ?? .localError, &output)
        }
        let recipients = envelope?.recipients ?? []
        endTransaction()
        for (recipient, reply) in zip(recipients, replies) {
            if configuration.wantsRemarks { step.subject = .recipient(recipient.path) }
            send(reply, &output)
        }
    }

    /// The message under way, if there is one, comes to nothing.
    mutating func dropContent(_ output: inout ServerOutput) {
        guard content != nil else { return }
        content = nil
        output.content.removeAll()
        output.isContentDropped = true
    }

    /// The reply for what is wrong with a message: the worst first, so that it does not depend on
    /// the pieces in which the message came.
    var contentRefusal: Reply? {
        guard let violations = content?.violations else { return nil }
        if violations.contains(.bareLineFeed) { return .bareLineFeed }
        if violations.contains(.bareCarriageReturn) { return .bareCarriageReturn }
        if violations.contains(.tooLarge) { return .messageTooLarge }
        if violations.contains(.lineTooLong) { return .textLineTooLong }
        if violations.contains(.routingLoop) { return .routingLoop }
        return nil
    }
}
