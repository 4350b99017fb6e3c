/// Writes content with LF as line end, as files on Unix have it. A CR that is no part of a line end stays.
package struct LineFeedEncoder: Sendable {
    private var holdsReturn = false

    /// Starts to write.
    package init() {}

    /// Writes a piece of the content.
    package mutating func append(_ content: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        guard let first = content.first else { return }
        if holdsReturn, first != ASCII.lineFeed { output.append(ASCII.carriageReturn) }
        let octets = content.assumingMemoryBound(to: UInt8.self).span
        var start = 0
        var from = 0
        while let index = octets.firstIndex(of: ASCII.carriageReturn, in: from..<octets.count) {
            from = index + 1
            // Whether a CR at the end belongs to a line end is known when the next piece comes.
            guard from == octets.count || octets[from] == ASCII.lineFeed else { continue }
            output.append(contentsOf: content[start..<index])
            start = from
        }
        output.append(contentsOf: content[start...])
        holdsReturn = content.last == ASCII.carriageReturn
    }

    /// Writes what was held back, after the last piece.
    package mutating func finish(_ output: inout [UInt8]) {
        if holdsReturn { output.append(ASCII.carriageReturn) }
        holdsReturn = false
    }
}
