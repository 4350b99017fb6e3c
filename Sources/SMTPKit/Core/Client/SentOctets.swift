/// Follows bytes that were sent verbatim, to know which replies to expect.
///
/// The bytes after `DATA`, `AUTH` or `STARTTLS` are content, a response or a command, depending on the reply. They are
/// looked at when that has arrived.
struct SentOctets: Sendable {
    /// The meaning of the next bytes.
    private enum Place: Equatable {
        case commands
        /// Unknown until a reply comes.
        case undecided
        /// Content, of whose end `matched` bytes were sent.
        case content(matched: Int)
        case chunk(remaining: Int)
        case response
    }

    /// A piece that was found.
    enum Piece: Equatable {
        /// A command line, without its end.
        case command([UInt8])
        /// A line of an authentication.
        case response([UInt8])
        /// The end of a message.
        case endOfContent
    }

    private static let endOfData = Array("\r\n.\r\n".utf8)

    private var waiting: [UInt8] = []
    private var place = Place.commands

    /// Whether a line was begun and not ended.
    var isInLine: Bool { (place == .commands || place == .response) && !waiting.isEmpty }
    /// Whether content is due.
    var isInContent: Bool { if case .content = place { true } else { false } }
    /// How many bytes of a chunk are still to be sent; 0 outside of chunks.
    var chunkRemaining: Int { if case .chunk(let remaining) = place { remaining } else { 0 } }

    mutating func append(_ octets: [UInt8]) { waiting += octets }

    /// The next piece, as far as it can be told by now.
    mutating func next() -> Piece? {
        switch place {
        case .undecided: return nil
        case .commands: return nextLine().map(Piece.command)
        case .response: return nextLine().map(Piece.response)
        case .chunk(let remaining):
            let count = min(remaining, waiting.count)
            waiting.removeFirst(count)
            guard count == remaining else {
                place = .chunk(remaining: remaining - count)
                return nil
            }
            place = .commands
            return next()
        case .content(let matched):
            return endOfContent(matched)
        }
    }

    /// The meaning of what follows depends on a reply.
    mutating func pause() { place = .undecided }
    /// Commands follow.
    mutating func resume() { place = .commands }
    /// Content follows; it begins at the start of a line.
    mutating func beginContent() { place = .content(matched: 2) }
    /// A line of an authentication follows.
    mutating func beginResponse() { place = .response }
    /// So many bytes of a chunk follow.
    mutating func beginChunk(_ size: Int) { place = size > 0 ? .chunk(remaining: size) : .commands }

    private mutating func nextLine() -> [UInt8]? {
        guard let end = waiting.firstIndex(of: ASCII.lineFeed) else { return nil }
        var line = Array(waiting[..<end])
        if line.last == ASCII.carriageReturn { line.removeLast() }
        waiting.removeSubrange(...end)
        return line
    }

    private mutating func endOfContent(_ matched: Int) -> Piece? {
        var matched = matched
        for (index, octet) in waiting.enumerated() {
            if octet == Self.endOfData[matched] {
                matched += 1
            } else {
                matched = octet == ASCII.carriageReturn ? 1 : 0
            }
            guard matched == Self.endOfData.count else { continue }
            waiting.removeFirst(index + 1)
            place = .commands
            return .endOfContent
        }
        waiting = []
        place = .content(matched: matched)
        return nil
    }
}
