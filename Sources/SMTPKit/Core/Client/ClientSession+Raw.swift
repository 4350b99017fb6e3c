/// Bytes that go out as they are.
extension ClientSession {
    /// Sends bytes without looking at whether they make sense, and follows what they mean.
    ///
    /// Each line, ended by LF, is taken for a command that will be answered, except within content, chunks and
    /// authentications.
    ///
    /// - Precondition: ``Configuration/isRaw``.
    public mutating func sendRaw(_ octets: [UInt8], into output: inout ClientOutput) {
        precondition(configuration.isRaw, "a session that is not raw sends its own commands")
        guard activity == .open else { return }
        output.octets += octets
        if sent.isInContent, configuration.isTraced { note(.content(octets.count), stage: .content, &output) }
        sent.append(octets)
        follow(&output)
    }

    /// Sends a line and its CRLF: a command, a response, or a line of content, in which a dot at its start is doubled
    /// unless it is the whole line.
    public mutating func sendRawLine(_ line: [UInt8], into output: inout ClientOutput) {
        let dot = [ASCII.dot]
        let isStuffed = expecting == .content && line.first == ASCII.dot && line != dot
        sendRaw((isStuffed ? dot : []) + line + [ASCII.carriageReturn, ASCII.lineFeed], into: &output)
    }

    /// Notes what was sent, as far as it is known what it is.
    mutating func follow(_ output: inout ClientOutput) {
        while let piece = sent.next() {
            switch piece {
            case .command(let line): sentCommand(line, &output)
            case .response(let line):
                sent.pause()
                expecting = .command
                let isCancelled = line == [UInt8(ascii: "*")]
                expectReply(
                    .authentication, line: "AUTH", shown: isCancelled ? "*" : "***", verb: .auth, isOwn: false, &output)
            case .endOfContent:
                expecting = .command
                expectReply(.endOfData, line: ".", verb: nil, isOwn: false, &output)
            }
        }
        if !sent.isInContent, expecting == .content, run == nil { expecting = .command }
        if sent.chunkRemaining > 0 {
            expecting = .chunk(sent.chunkRemaining)
        } else if case .chunk = expecting {
            expecting = .command
        }
    }

    private mutating func sentCommand(_ line: [UInt8], _ output: inout ClientOutput) {
        let words = line.split { $0 == ASCII.space || $0 == 9 }
        let word = words.first.map(Array.init) ?? []
        let verb = Verb(word.span)
        var purpose = AwaitedReply.Purpose(verb)
        switch purpose {
        case .data, .startTLS, .authentication: sent.pause()
        case .chunk:
            let size = words.count > 1 ? Int(String(decoding: words[1], as: UTF8.self)) : nil
            if words.last?.map(ASCII.uppercased).elementsEqual("LAST".utf8) == true { purpose = .endOfData }
            if let size { sent.beginChunk(size) }
        case .greeting, .hello, .mail, .rcpt, .endOfData, .reset, .quit, .xclient, .other: break
        }
        expectReply(purpose, line: mask.shown(line), verb: verb, isOwn: false, &output)
    }

    /// Notes that a reply is due.
    ///
    /// - Parameter shown: what the trace shows, where that is not the line itself.
    mutating func expectReply(
        _ purpose: AwaitedReply.Purpose, line: String, shown: String? = nil, verb: Verb?, isOwn: Bool,
        _ output: inout ClientOutput
    ) {
        commandCount += 1
        let command = SentCommand(number: commandCount, line: line, stage: purpose.stage, verb: verb)
        awaited.append(AwaitedReply(command: command, purpose: purpose, isOwn: isOwn))
        if configuration.isTraced { note(.sent(shown ?? line), stage: purpose.stage, &output) }
    }
}
