/// The content of a message on its way to the server.
extension ClientSession {
    /// Whether content may be given. While the server has too many chunks to answer, it is better kept back.
    public var isContentWanted: Bool {
        guard let run, case .content(isRefused: false) = run.phase, !run.isEnded else { return false }
        switch run.transaction.transfer {
        case .data: return true
        case .chunks: return run.unansweredChunks < maximumUnansweredChunks || run.chunk.count < configuration.chunkSize
        }
    }

    private var maximumUnansweredChunks: Int {
        // With LMTP, how many replies the last one has depends on those before it.
        run?.isPipelined == true && !configuration.isLMTP ? configuration.maximumUnansweredChunks : 1
    }

    /// Gives a piece of the content. Lines may be cut anywhere.
    ///
    /// Does nothing when the server refused the message meanwhile.
    public mutating func sendContent(_ octets: Span<UInt8>, into output: inout ClientOutput) {
        guard case .content(isRefused: false) = run?.phase, activity == .open else { return }
        transaction?.contentCount += octets.count
        let isGood: Bool
        switch run?.transaction.transfer {
        case .data: isGood = run?.encoder.encode(octets, into: &output.octets) ?? true
        case .chunks, nil:
            var chunk: [UInt8] = []
            if let waiting = run?.chunk { chunk = waiting }
            run?.chunk = []
            isGood = run?.encoder.encode(octets, into: &chunk) ?? true
            run?.chunk = chunk
            sendChunks(&output)
        }
        // What was sent already cannot be taken back, but without its end it is no message.
        if !isGood { fail(SMTPError(.bareNewline, stage: .content), &output) }
    }

    /// There is no more content.
    public mutating func endContent(into output: inout ClientOutput) {
        guard case .content(isRefused: false) = run?.phase, run?.isEnded == false, activity == .open else { return }
        var end: [UInt8] = []
        let isGood = run?.encoder.finish(into: &end) ?? true
        guard isGood else { return fail(SMTPError(.bareNewline, stage: .content), &output) }
        if configuration.isTraced {
            note(.content(transaction?.contentCount ?? 0), stage: .content, &output)
        }
        switch run?.transaction.transfer {
        case .data, nil:
            output.octets += end
            expecting = .command
            run?.phase = .endOfData
            transaction?.isContentSent = true
            send(line: ".", .endOfData, nil, &output)
        case .chunks:
            run?.chunk += end
            run?.isEnded = true
            sendChunks(&output)
        }
    }

    /// Sends what is due of the chunk that was gathered.
    mutating func sendChunks(_ output: inout ClientOutput) {
        guard case .content(isRefused: false) = run?.phase else { return }
        while let waiting = run?.chunk.count, let isEnded = run?.isEnded,
            let unanswered = run?.unansweredChunks, unanswered < maximumUnansweredChunks,
            isEnded || waiting > configuration.chunkSize
        {
            let isLast = isEnded && waiting <= configuration.chunkSize
            let count = min(waiting, configuration.chunkSize)
            send(line: "BDAT \(count)" + (isLast ? " LAST" : ""), isLast ? .endOfData : .chunk, .bdat, &output)
            if let chunk = run?.chunk { output.octets += chunk[..<count] }
            run?.chunk.removeFirst(count)
            run?.unansweredChunks += 1
            guard !isLast else {
                transaction?.isContentSent = true
                run?.phase = .endOfData
                return
            }
        }
    }
}

/// Content that the driver sends by itself, encoded beforehand.
extension ClientSession {
    /// Notes that the driver sends encoded content after the bytes of the output.
    ///
    /// For `DATA`, the driver's last bytes end with the final dot and its line end.
    ///
    /// - Parameters:
    ///   - form: the place of the bytes in the message.
    ///   - count: their number.
    ///   - output: receives a `BDAT` command, if the form needs one.
    package mutating func sendEncoded(_ form: EncodedContent, count: Int, into output: inout ClientOutput) {
        guard activity == .open else { return }
        switch form {
        case .part:
            transaction?.contentCount += count
        case .end:
            guard case .content(isRefused: false) = run?.phase else { return }
            transaction?.contentCount += count
            endsEncoded(".", nil, &output)
        case .onlyChunk(let size):
            guard case .content(isRefused: false) = run?.phase else { return }
            transaction?.contentCount += size
            let line = "BDAT \(size) LAST"
            output.octets += line.utf8
            output.octets += [ASCII.carriageReturn, ASCII.lineFeed]
            run?.isEnded = true
            run?.unansweredChunks += 1
            endsEncoded(line, .bdat, &output)
        }
    }

    private mutating func endsEncoded(_ line: String, _ verb: Verb?, _ output: inout ClientOutput) {
        if configuration.isTraced { note(.content(transaction?.contentCount ?? 0), stage: .content, &output) }
        expecting = .command
        run?.phase = .endOfData
        transaction?.isContentSent = true
        expectReply(.endOfData, line: line, verb: verb, isOwn: true, &output)
    }
}

/// The place of encoded bytes in a message.
package enum EncodedContent: Hashable, Sendable {
    /// Content of `DATA` after which more follows, or the rest of a chunk.
    case part
    /// The end of the content of `DATA`, with the final dot.
    case end
    /// The beginning of a message that is one chunk of so many bytes. The rest follows as ``part``.
    case onlyChunk(Int)
}
