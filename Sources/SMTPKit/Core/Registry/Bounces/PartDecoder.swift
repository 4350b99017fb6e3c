/// Decodes the lines of one part, base64 or quoted-printable, into lines of content.
struct PartDecoder {
    /// The longest line that is handed over whole.
    private static let limit = 1 << 16

    let encoding: TransferEncoding
    /// Decoded content without its line end yet, or base64 digits that do not make a group yet.
    private var pending: [UInt8] = []
    private var digits: [UInt8] = []

    init(_ encoding: TransferEncoding) { self.encoding = encoding }

    /// Decodes one line and hands over every line of content that is complete.
    mutating func decode(_ line: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) -> Void) {
        switch encoding {
        case .identity:
            body(line)
        case .quotedPrintable:
            let end = line.lastIndex { $0 != ASCII.space && $0 != 0x09 }.map { $0 + 1 } ?? line.startIndex
            let isSoft = end > line.startIndex && line[end - 1] == UInt8(ascii: "=")
            pending += encoding.decode(isSoft ? line[..<(end - 1)] : line[..<end])
            if !isSoft || pending.count > Self.limit {
                body(pending[...])
                pending = []
            }
        case .base64:
            digits += line.filter { !ASCII.isSpace($0) }
            let whole = digits.count & ~3
            let known = pending.count
            pending += encoding.decode(digits[..<whole])
            digits.removeFirst(whole)
            handOver(from: known, body)
        }
    }

    /// Hands over what is left at the end of the part.
    mutating func finish(_ body: (ArraySlice<UInt8>) -> Void) {
        if encoding == .base64 {
            let known = pending.count
            pending += encoding.decode(digits[...])
            handOver(from: known, body)
        }
        if !pending.isEmpty { body(pending[...]) }
        pending = []
        digits = []
    }

    /// Hands over every complete line.
    ///
    /// - Parameter known: the number of bytes that are known to hold no line end.
    private mutating func handOver(from known: Int, _ body: (ArraySlice<UInt8>) -> Void) {
        var start = 0
        while let end = pending[max(start, known)...].firstIndex(of: ASCII.lineFeed) {
            let hasReturn = end > start && pending[end - 1] == ASCII.carriageReturn
            body(pending[start..<(hasReturn ? end - 1 : end)])
            start = end + 1
        }
        pending.removeFirst(start)
        if pending.count > Self.limit {
            body(pending[...])
            pending = []
        }
    }
}

extension ASCII {
    fileprivate static func isSpace(_ byte: UInt8) -> Bool { byte == space || byte == 0x09 || byte == carriageReturn }
}
