/// Turns the content of one message, as it came over the wire, into its place in an mbox.
///
/// The content is given in any number of pieces, cut anywhere; the bytes that come out do not depend
/// on the cuts. CRLF becomes LF, a CR that no LF follows stays, and lines that a reader would take for
/// the start of a message are quoted as the ``MboxFormat`` says, in the header as in the body. The
/// last line gets its LF if it has none, and one empty line ends the message.
///
///     var output: [UInt8] = []
///     MboxFormat.mboxrd.appendFromLine(sender: envelope.reversePath, date: now, to: &output)
///     var encoder = MboxEncoder(.mboxrd)
///     encoder.append(content, to: &output)
///     encoder.finish(&output)
public struct MboxEncoder: Sendable {
    /// The position of the encoder in the current line.
    enum Position {
        /// Where nothing can start that needs quoting.
        case middle
        /// After a line end.
        case lineStart
        /// After a line end and one or more `>`, which mboxrd quotes as well.
        case quoteRun
        /// After that many bytes of `From `, 1 to 4, which are held back.
        case from(Int)
        /// After that many bytes, 1 to 14, of a header line's `Content-Length`.
        case lengthName(Int)
        /// In the header, after a line end and a CR: with an LF, the header's end.
        case emptyLine
    }

    let format: MboxFormat
    var position = Position.lineStart
    /// Whether the last piece ended with a CR, which is written only once it is known that no LF follows.
    var holdsReturn = false
    /// The last byte written. A message starts after the LF of the line above it.
    var lastOctet = ASCII.lineFeed
    /// Whether the empty line that ends the header is yet to come. Kept for mboxcl2 alone.
    var isInHeader: Bool

    /// Makes an encoder for one message.
    public init(_ format: MboxFormat) { self.init(format, hasHeader: true) }

    /// Makes an encoder for one message.
    ///
    /// - Parameters:
    ///   - format: the dialect.
    ///   - hasHeader: whether the content begins with a header; without one, an empty line was written above it.
    package init(_ format: MboxFormat, hasHeader: Bool) {
        self.format = format
        isInHeader = hasHeader && format == .mboxcl2
    }

    /// Encodes a piece of the content.
    public mutating func append(_ content: Span<UInt8>, to output: inout [UInt8]) {
        content.withUnsafeBytes { append($0, to: &output) }
    }

    /// Encodes a piece of the content.
    package mutating func append(_ content: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        guard content.count > 0, let base = content.baseAddress else { return }
        output.append(addingCapacity: capacity(for: content.count)) { span in
            span.withUnsafeMutableBufferPointer { buffer, count in
                guard let start = buffer.baseAddress else { return }
                count = encode(base, content.count, to: UnsafeMutableRawPointer(start))
            }
        }
    }

    /// Ends the message: completes its last line and adds the empty one.
    ///
    /// The encoder must not be used again.
    public mutating func finish(_ output: inout [UInt8]) {
        if case .from(let matched) = position {
            output.append(contentsOf: Self.from.prefix(matched))
            lastOctet = 0
        }
        if holdsReturn {
            output.append(ASCII.carriageReturn)
            lastOctet = ASCII.carriageReturn
        }
        if lastOctet != ASCII.lineFeed { output.append(ASCII.lineFeed) }
        // A header without an end would swallow the empty line after the message, and `Content-Length` would count the
        // wrong bytes.
        if isInHeader { output.append(ASCII.lineFeed) }
        output.append(ASCII.lineFeed)
    }

    /// The most bytes that so many of the content can become, with room for whole blocks.
    ///
    /// Each `From ` line, 6 octets at least, grows by one. In the header of mboxcl2 each
    /// `Content-Length` line, 16 at least, grows by nine.
    private func capacity(for count: Int) -> Int {
        let growth = format == .mboxcl2 ? count : count / 6
        return count + growth + 2 * Self.blockSize
    }

    static let from: [UInt8] = Array("From ".utf8)
    static let lengthName: [UInt8] = Array("CONTENT-LENGTH".utf8)
    static let lengthSuffix: [UInt8] = Array("-Original".utf8)
    static let blockSize = 32
}
