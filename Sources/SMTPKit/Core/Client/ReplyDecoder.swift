/// Cuts what a server sends into replies, whatever the pieces in which it comes, within fixed bounds.
///
/// A line ends with CRLF; one that ends with LF alone is understood. What is not a reply is handed out as it is, so
/// that it can be shown, and no more of it is kept than ``maximumOctets``.
struct ReplyDecoder: Sendable {
    /// The most bytes of one reply that are kept, its line ends included. Over: it is not a reply.
    static let maximumOctets = 256 << 10
    /// The most replies that are recognized, and the size up to which they are.
    private static let maximumKnown = (count: 8, octets: 128)

    /// An item of the input.
    enum Item: Sendable {
        /// A whole reply, and its bytes.
        case reply(Reply, octets: [UInt8])
        /// Lines that are no reply, and as much of them as was kept.
        case malformed(ReplySyntaxError, octets: [UInt8])
    }

    private var parser = ReplyParser()
    /// The lines of the reply under way.
    private var octets: [UInt8] = []
    /// Where in ``octets`` the line under way begins.
    private var lineStart = 0
    /// Replies of one line that were received before, here or on other connections to the server: most replies repeat.
    var known = KnownReplies()
    /// Whether the rest of the line is thrown away.
    private var isSkipping = false

    /// Whether nothing has come of a next reply.
    var isEmpty: Bool { octets.isEmpty && !isSkipping }

    /// Looks for the next reply from `position` on, and moves `position` to the end of what was read.
    ///
    /// - Returns: `nil` when more bytes are needed.
    mutating func next(in input: Span<UInt8>, at position: inout Int) -> Item? {
        while position < input.count {
            let lineFeed = input.firstIndex(of: ASCII.lineFeed, in: position..<input.count)
            let end = lineFeed.map { $0 + 1 } ?? input.count
            let start = position
            position = end
            if isSkipping {
                isSkipping = lineFeed == nil
                continue
            }
            let room = ReplyParser.maximumLineLength + 2 - (octets.count - lineStart)
            let piece = input.extracting(start..<min(end, start + room))
            piece.withUnsafeBufferPointer { octets.append(contentsOf: $0) }
            guard end - start <= room else {
                isSkipping = lineFeed == nil
                return malformed(.lineTooLong)
            }
            guard lineFeed != nil else { return nil }
            if let item = endOfLine() { return item }
        }
        return nil
    }

    /// Gives up on what has come of a reply.
    ///
    /// - Returns: its bytes.
    mutating func takeRest() -> [UInt8] {
        defer { self = ReplyDecoder() }
        return octets
    }

    private mutating func endOfLine() -> Item? {
        if lineStart == 0, let index = known.replies.firstIndex(where: { $0.octets == octets }) {
            octets.removeAll(keepingCapacity: true)
            return .reply(known.replies[index].reply, octets: known.replies[index].octets)
        }
        let isFirstLine = lineStart == 0
        var end = octets.count - 1
        if end > lineStart, octets[end - 1] == ASCII.carriageReturn { end -= 1 }
        let range = lineStart..<end
        lineStart = octets.count
        do throws(ReplySyntaxError) {
            guard octets.count <= Self.maximumOctets else { throw .tooManyLines }
            let octets = octets
            guard let reply = try parser.read(line: octets.span.extracting(range)) else { return nil }
            self.octets = []
            lineStart = 0
            parser = ReplyParser()
            if isFirstLine, known.replies.count < Self.maximumKnown.count, octets.count <= Self.maximumKnown.octets {
                known.replies.append((octets, reply))
            }
            return .reply(reply, octets: octets)
        } catch {
            return malformed(error)
        }
    }

    private mutating func malformed(_ error: ReplySyntaxError) -> Item {
        defer {
            octets = []
            lineStart = 0
            parser = ReplyParser()
        }
        return .malformed(error, octets: octets)
    }
}

/// Replies of a server, read already, which other connections to it need not read again.
package struct KnownReplies: Sendable {
    /// Replies of one line, with their bytes.
    var replies: [(octets: [UInt8], reply: Reply)] = []
    /// The last reply that listed capabilities, and what it lists.
    var hello: (reply: Reply, capabilities: Capabilities)?

    /// Makes a set without replies.
    package init() {}
}
