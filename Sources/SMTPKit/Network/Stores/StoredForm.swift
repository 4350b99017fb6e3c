import SMTPCore

/// The form that messages take in a file or a stream: trace fields, then the content, as an mbox or as it is.
struct StoredForm: Sendable {
    /// The layout; `nil` is the message as it came, with CRLF.
    var mbox: MboxFormat?
    /// Which fields are put above a message.
    var trace: TraceFields.Policy

    /// What a message is likely to need beside its content.
    static let overhead = 512

    /// Appends a whole message.
    ///
    /// - Throws: ``StoreError`` when the content cannot be read.
    func append(_ message: Message, to output: inout [UInt8]) throws {
        try requireContent(message)
        try appendHead(message, to: &output)
        guard let mbox else {
            try message.content.forEachChunk { output.append(contentsOf: $0) }
            return
        }
        var encoder = MboxEncoder(mbox)
        try message.content.forEachChunk { encoder.append($0, to: &output) }
        encoder.finish(&output)
    }

    /// Gives a message piece by piece, for one that is too large for memory.
    ///
    /// - Parameter body: takes a piece, and whether it is the last.
    /// - Throws: ``StoreError`` when the content cannot be read, and what `body` throws.
    func forEachPiece(
        of message: Message,
        _ body: (_ piece: [UInt8], _ isLast: Bool) throws -> Void
    ) throws {
        try requireContent(message)
        var buffer: [UInt8] = []
        try appendHead(message, to: &buffer)
        var encoder = mbox.map { MboxEncoder($0) }
        try message.content.forEachChunk { chunk in
            if encoder == nil {
                buffer.append(contentsOf: chunk)
            } else {
                encoder?.append(chunk, to: &buffer)
            }
            try body(buffer, false)
            buffer.removeAll(keepingCapacity: true)
        }
        encoder?.finish(&buffer)
        try body(buffer, true)
    }

    private func appendHead(_ message: Message, to output: inout [UInt8]) throws {
        mbox?.appendFromLine(sender: message.envelope.reversePath, date: message.receivedAt, to: &output)
        if let mbox, mbox == .mboxcl2 {
            var length = MboxBodyLength()
            try message.content.forEachChunk { length.append($0) }
            mbox.appendLengthField(bodyLength: length.total, to: &output)
        }
        message.traceFields(trace).append(to: &output, lineEnd: mbox == nil ? .crlf : .lf)
    }

    private func requireContent(_ message: Message) throws {
        guard case .discarded = message.content else { return }
        throw StoreError(.unavailable, path: "message \(message.id)", reason: "the content was not kept for this store")
    }
}
