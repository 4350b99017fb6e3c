/// BDAT: content in chunks whose sizes are announced.
///
///     C: BDAT 1000
///     C: (a thousand octets)
///     S: 250 2.0.0 Ok, 1000 octets received
///     C: BDAT 0 LAST
///     S: 250 2.0.0 Ok: queued as 4F7A21C0
///
/// The bytes of a chunk are read whatever becomes of it: otherwise they would be taken for commands.
///
/// - SeeAlso: RFC 3030, section 2.
extension ServerSession {
    /// A chunk that is coming in.
    struct Chunk {
        var decoder: ChunkDecoder
        /// Whether no other follows.
        let isLast: Bool
        /// The answer, where it was clear from the command; `nil` where the bytes are content.
        var refusal: Reply?
    }

    /// A `BDAT` line.
    ///
    /// - Parameter refusal: what speaks against a chunk here.
    mutating func bdat(_ line: Span<UInt8>, _ refusal: Reply?, _ output: inout ServerOutput) {
        guard case .bdat(let size, let isLast) = try? configuration.parser.parse(line, verb: .bdat),
            size <= max(configuration.limits.discardedChunk, configuration.limits.messageSize ?? .max)
        else { return close(with: .invalidChunkSize, &output) }
        chunk = Chunk(decoder: ChunkDecoder(size: size), isLast: isLast, refusal: refusal)
        if refusal == nil, content == nil {
            beginContent(envelope?.body == .binaryMIME ? .binaryChunks : .chunks, &output)
            phase = .chunks
            if intercepts(.body) { return interrupt(.body, envelopeText, .content, &output) }
        }
        goOnWithContent(&output)
    }

    /// Reads on; a chunk of which nothing is to come is at its end.
    mutating func goOnWithContent(_ output: inout ServerOutput) {
        activity = .content
        if chunk?.decoder.remaining == 0 { endChunk(&output) }
    }

    /// Reads a chunk to its end, and answers this.
    mutating func refuseChunk(_ chunk: Chunk, _ output: inout ServerOutput) {
        self.chunk = chunk
        dropContent(&output)
        endTransaction()
        goOnWithContent(&output)
    }

    /// - Returns: the index after the last byte that was used up.
    mutating func processChunk(_ octets: Span<UInt8>, from start: Int, _ output: inout ServerOutput) -> Int {
        guard let taken = chunk?.decoder.take(from: octets, at: start) else { return octets.count }
        if chunk?.refusal == nil {
            _ = content?.decode(octets.extracting(taken), from: 0, into: &output)
            contentLength = content?.length ?? 0
        }
        if isInterceptionDue {
            carryOutAwaitedInterception(at: .content, &output)
        } else if chunk?.decoder.remaining == 0 {
            endChunk(&output)
        }
        return taken.upperBound
    }

    private mutating func endChunk(_ output: inout ServerOutput) {
        guard let chunk else { return }
        self.chunk = nil
        activity = .commands
        if configuration.isTraced { output.trace.append(.content(chunk.decoder.size)) }
        if let refusal = chunk.refusal { return refuseChunk(refusal, isLast: chunk.isLast, &output) }
        guard chunk.isLast else { return send(contentRefusal ?? .chunkReceived(chunk.decoder.size), &output) }
        content?.end(into: &output)
        contentLength = content?.length ?? 0
        endContent(&output)
    }

    private mutating func refuseChunk(_ refusal: Reply, isLast: Bool, _ output: inout ServerOutput) {
        // RFC 2033, section 4.3: in LMTP the last chunk has a reply for each recipient, thus none without any.
        guard configuration.serverProtocol == .lmtp, isLast, refusal == .noValidRecipients else {
            return refuse(refusal, &output)
        }
        endTransaction()
    }
}
