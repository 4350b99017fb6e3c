/// The content of a message, from `354` to the reply behind its end.
extension ServerSession {
    /// - Returns: the index behind what was used up.
    mutating func processContent(
        _ octets: Span<UInt8>, from start: Int, _ output: inout ServerOutput
    ) -> Int {
        let end = content?.decode(octets, from: start, into: &output)
        contentLength = content?.length ?? 0
        guard let end else { return octets.count }
        let violations = content?.violations ?? []
        if configuration.isTraced { output.trace.append(.content(contentLength)) }
        content = nil
        activity = .commands
        guard let reply = Self.reply(to: violations) else {
            ask(.message, &output)
            return end
        }
        endMessage(with: reply, &output)
        return end
    }

    /// Says what became of a message, and ends its transaction.
    ///
    /// LMTP has one reply for each recipient, also where they are all the same (RFC 2033, section 4.2).
    mutating func endMessage(with reply: Reply, _ output: inout ServerOutput) {
        let count = configuration.serverProtocol == .lmtp ? envelope?.recipients.count ?? 1 : 1
        endTransaction()
        for _ in 0..<count { send(reply, &output) }
    }

    /// The same where recipients fare differently.
    mutating func endMessage(with replies: [Reply], _ output: inout ServerOutput) {
        guard replies.count == envelope?.recipients.count else { return endMessage(with: .localError, &output) }
        guard configuration.serverProtocol == .lmtp else {
            let refusal =
                replies.first { $0.code.severity == .transient } ?? replies.first { $0.code.severity == .permanent }
            return endMessage(with: refusal ?? replies.first ?? .localError, &output)
        }
        endTransaction()
        for reply in replies { send(reply, &output) }
    }

    /// The message under way comes to nothing.
    mutating func dropContent(_ output: inout ServerOutput) {
        content = nil
        output.content.removeAll()
        output.isContentDropped = true
    }

    /// The reply for what is wrong with a message: the worst first, so that it does not depend on
    /// the pieces in which the message came.
    private static func reply(to violations: ContentDecoder.Violations) -> Reply? {
        if violations.contains(.bareLineFeed) { return .bareLineFeed }
        if violations.contains(.bareCarriageReturn) { return .bareCarriageReturn }
        if violations.contains(.tooLarge) { return .messageTooLarge }
        if violations.contains(.lineTooLong) { return .textLineTooLong }
        if violations.contains(.routingLoop) { return .routingLoop }
        return nil
    }
}
