/// Groups of `RCPT` in their usual form, which come by the hundred.
extension ServerSession {
    /// Whether ``readRecipients(_:from:_:)`` may be tried.
    @inline(__always)
    var mayReadRecipients: Bool {
        (phase == .mail || phase == .recipients) && configuration.readsRecipients && stopping == .no
            && interception == nil && framer.isAtLineStart
    }

    /// Accepts the recipients at the start of the input, as far as each is named by a whole line of the usual form
    /// (``PlainPath``) without parameters, and nothing speaks against it. The lines are not framed before they are read.
    ///
    /// - Returns: the index after the last line that was used up. Any other line is read and answered at leisure.
    mutating func readRecipients(
        _ octets: Span<UInt8>, from start: Int, _ output: inout ServerOutput
    ) -> Int {
        guard octets.count &- start > 4, isRecipient(octets, at: start), mayCome(.rcpt),
            let known = envelope?.recipients.count
        else { return start }
        let limits = configuration.limits
        let most = min(limits.recipients - known, limits.recipientCommands - recipientCount)
        // Taken out, so that nobody else holds them while they grow.
        var recipients: [Envelope.Recipient] = []
        envelope?.recipients.exchange(with: &recipients)
        let next = octets.withUnsafeBufferPointer { buffer in
            var position = start
            var end = 0
            while recipients.count &- known < most, octets.count &- position > 4, isRecipient(octets, at: position) {
                let line = UnsafeBufferPointer(rebasing: buffer[position...])
                guard
                    let mailbox = configuration.parser.plainMailbox(
                        line, .rcpt, end: &end, recentDomain: &recentDomain), end &+ 2 <= line.count,
                    line[end] == ASCII.carriageReturn, line[end &+ 1] == ASCII.lineFeed,
                    end &+ 2 <= limits.commandLine
                else { break }
                // A message that has two has many, as often as not.
                if recipients.count == 1 { recipients.reserveCapacity(16) }
                recipients.append(Envelope.Recipient(.mailbox(mailbox)))
                position &+= end &+ 2
            }
            return position
        }
        let accepted = recipients.count - known
        if accepted > 0, configuration.wantsRemarks, let last = recipients.last {
            begin(.rcpt)
            step.subject = .recipient(last.path)
        }
        envelope?.recipients.exchange(with: &recipients)
        guard accepted > 0 else { return next }
        isLineASCII = true
        recipientCount += accepted
        phase = .recipients
        var unanswered = accepted
        while unanswered > 0 {
            let count = min(unanswered, Configuration.recipientReplies)
            output.replies.append(contentsOf: configuration.recipientsOK[..<(count * configuration.recipientOKLength)])
            unanswered -= count
        }
        return next
    }

    /// Whether a line begins with `RCPT` and a blank.
    @inline(__always)
    private func isRecipient(_ octets: Span<UInt8>, at index: Int) -> Bool {
        let word = octets.withUnsafeBytes {
            UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: index, as: UInt32.self))
        }
        return word & 0xDFDF_DFDF == 0x5243_5054 && octets[index &+ 4] == ASCII.space
    }
}

extension Array {
    /// Swaps the elements of two arrays, one of which may be in an optional value.
    @inline(__always)
    fileprivate mutating func exchange(with other: inout [Element]) { swap(&self, &other) }
}
