/// The usual way to content: groups of `RCPT`, which come by the hundred, and `DATA`.
extension ServerSession {
    /// Whether ``readRecipientsAndData(_:from:_:)`` may be tried.
    @inline(__always)
    var mayReadRecipients: Bool {
        (phase == .mail || phase == .recipients) && configuration.readsRecipients && stopping == .no
            && interception == nil && framer.isAtLineStart
    }

    /// Accepts the recipients at the start of the input, and carries out a `DATA` that follows.
    ///
    /// It reads whole lines of the usual form (``PlainPath``) without parameters. It stops at any other line.
    /// It stops at a line that might be refused, too. The lines are not framed before.
    ///
    /// - Returns: the index after the last line that was used up. Any other line is read and answered at leisure.
    mutating func readRecipientsAndData(
        _ octets: Span<UInt8>, from start: Int, _ output: inout ServerOutput
    ) -> Int {
        var next = start
        if octets.count &- start > 4, isRecipient(octets, at: start) {
            next = readRecipients(octets, from: start, &output)
        }
        guard octets.count &- next >= 6, isData(octets, at: next), mayCome(.data) else { return next }
        isLineASCII = true
        begin(.data)
        data(&output)
        return next &+ 6
    }

    private mutating func readRecipients(
        _ octets: Span<UInt8>, from start: Int, _ output: inout ServerOutput
    ) -> Int {
        guard mayCome(.rcpt), let known = envelope?.recipients.count else { return start }
        let limits = configuration.limits
        let most = min(limits.recipients - known, limits.recipientCommands - recipientCount)
        // They grow outside of the envelope, where growth costs less.
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

    /// Whether a line is `DATA` with its CRLF.
    @inline(__always)
    private func isData(_ octets: Span<UInt8>, at index: Int) -> Bool {
        let word = octets.withUnsafeBytes {
            UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: index, as: UInt32.self))
        }
        return word & 0xDFDF_DFDF == 0x4441_5441 && octets[index &+ 4] == ASCII.carriageReturn
            && octets[index &+ 5] == ASCII.lineFeed
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

/// Room for recipients, which the next transaction takes over.
extension ServerSession {
    /// How many recipients an idle session keeps room for.
    private static let spareRecipients = 4

    /// Takes the room of the recipients of a transaction that is over. Where content is kept, messages keep it.
    mutating func keepRecipients() {
        guard !configuration.isContentWanted, let capacity = envelope?.recipients.capacity,
            1...Self.spareRecipients ~= capacity
        else { return }
        envelope?.recipients.exchange(with: &spareRecipients)
        spareRecipients.removeAll(keepingCapacity: true)
    }
}

extension Array {
    /// Swaps the elements of two arrays, one of which may be in an optional value.
    @inline(__always)
    mutating func exchange(with other: inout [Element]) { swap(&self, &other) }
}
