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
