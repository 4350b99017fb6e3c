import SMTPCore

/// The form that messages take in a file or a stream: added fields, then the content, in a layout.
struct StoredForm: Sendable {
    /// The layouts.
    enum Layout: Sendable {
        /// Framed as an mbox, with LF.
        case mbox(MboxFormat)
        /// As it came, with CRLF.
        case wire
        /// As it came, but with LF.
        case lines
        /// An object on a line.
        case json(JSONRecord)
        /// In a form that the given function writes.
        case other(@Sendable (Message, inout [UInt8]) throws -> Void)
    }

    /// The layout.
    var layout: Layout
    /// Which fields are put above a message.
    var added = AddedFields()

    /// How a record begins: what a reader tells the start of a message by.
    var recordStart: String {
        switch layout {
        case .mbox: "From "
        case .json: "{"
        case .wire, .lines, .other: ""
        }
    }

    /// Appends a whole message.
    ///
    /// - Throws: ``StoreError`` when the content cannot be read.
    func append(_ message: Message, to output: inout [UInt8]) throws {
        try requireContent(message)
        try appendHead(message, to: &output)
        switch layout {
        case .mbox(let format):
            var encoder = MboxEncoder(format, hasHeader: try message.content.beginsWithHeader)
            try message.content.forEachChunk { encoder.append($0, to: &output) }
            encoder.finish(&output)
        case .lines:
            var encoder = LineFeedEncoder()
            try message.content.forEachChunk { encoder.append($0, to: &output) }
            encoder.finish(&output)
        case .wire: try message.content.forEachChunk { output.append(contentsOf: $0) }
        case .json(let record): try record.append(message, to: &output)
        case .other(let append): try append(message, &output)
        }
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
        func pass(isLast: Bool = false) throws {
            try body(buffer, isLast)
            buffer.removeAll(keepingCapacity: true)
        }
        try appendHead(message, to: &buffer)
        switch layout {
        case .mbox(let format):
            var encoder = MboxEncoder(format, hasHeader: try message.content.beginsWithHeader)
            try message.content.forEachChunk { chunk in
                encoder.append(chunk, to: &buffer)
                try pass()
            }
            encoder.finish(&buffer)
        case .lines:
            var encoder = LineFeedEncoder()
            try message.content.forEachChunk { chunk in
                encoder.append(chunk, to: &buffer)
                try pass()
            }
            encoder.finish(&buffer)
        case .wire:
            try message.content.forEachChunk { chunk in
                buffer.append(contentsOf: chunk)
                try pass()
            }
        case .json(let record):
            try record.append(message, to: &buffer) { piece in
                try body(piece, false)
                piece.removeAll(keepingCapacity: true)
            }
        case .other(let append): try append(message, &buffer)
        }
        try pass(isLast: true)
    }

    private func appendHead(_ message: Message, to output: inout [UInt8]) throws {
        switch layout {
        case .mbox(let format):
            format.appendFromLine(sender: message.envelope.reversePath, date: message.receivedAt, to: &output)
            let start = output.count
            if format == .mboxcl2 {
                var length = MboxBodyLength(hasHeader: try message.content.beginsWithHeader)
                try message.content.forEachChunk { length.append($0) }
                format.appendLengthField(bodyLength: length.total, to: &output)
            }
            try appendFields(message, .lf, from: start, to: &output)
        case .lines: try appendFields(message, .lf, from: output.count, to: &output)
        case .wire: try appendFields(message, .crlf, from: output.count, to: &output)
        case .json, .other: break
        }
    }

    /// Appends the added fields. An empty line follows them when the content does not begin with a header, for its
    /// first line would be taken for a part of them.
    ///
    /// - Parameter start: where the fields above the content begin in the output.
    private func appendFields(
        _ message: Message, _ lineEnd: TraceFields.LineEnd, from start: Int, to output: inout [UInt8]
    ) throws {
        added.append(message, lineEnd, to: &output)
        guard output.count > start, try !message.content.beginsWithHeader else { return }
        if lineEnd == .crlf { output.append(UInt8(ascii: "\r")) }
        output.append(UInt8(ascii: "\n"))
    }

    private func requireContent(_ message: Message) throws {
        guard case .discarded = message.content else { return }
        throw StoreError(.unavailable, path: "message \(message.id)", reason: "the content was not kept for this store")
    }
}
