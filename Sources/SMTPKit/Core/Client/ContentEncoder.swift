/// Writes content as it goes over the wire: lines ended by CRLF, and dots at the start of lines doubled.
///
/// Bytes go on as they come; nothing is kept back.
///
/// - SeeAlso: RFC 5321, sections 2.3.8 and 4.5.2.
package struct ContentEncoder: Sendable {
    private enum Place {
        /// After a CRLF, or at the start of the content.
        case lineStart
        case text
        /// After a CR that may be half of a CRLF.
        case carriageReturn
    }

    private let policy: BareNewlinePolicy
    private let stuffsDots: Bool
    private var place = Place.lineStart

    /// - Parameters:
    ///   - policy: what becomes of a lone CR or LF.
    ///   - stuffsDots: whether dots are doubled and the last line is always ended, as `DATA` demands.
    init(_ policy: BareNewlinePolicy, stuffsDots: Bool) {
        self.policy = policy
        self.stuffsDots = stuffsDots
    }

    /// Writes a piece.
    ///
    /// - Returns: `false` when a lone CR or LF is not to be sent.
    mutating func encode(_ octets: Span<UInt8>, into output: inout [UInt8]) -> Bool {
        octets.withUnsafeBufferPointer { encode($0, into: &output) }
    }

    private mutating func encode(_ octets: UnsafeBufferPointer<UInt8>, into output: inout [UInt8]) -> Bool {
        output.reserveCapacity(output.count + octets.count + octets.count / 32)
        if policy == .allow, !stuffsDots {
            output.append(contentsOf: octets)
            return true
        }
        var index = 0
        // What lies between here and `index` is to be written as it is.
        var run = 0
        let lastBlock = octets.count - ContentScanner.reach
        while index < octets.count {
            let octet = octets[index]
            switch place {
            case .carriageReturn:
                if octet == ASCII.lineFeed {
                    place = .lineStart
                    index += 1
                } else {
                    guard bareNewline(missing: ASCII.lineFeed, octets, &run, index, &output) else { return false }
                }
            case .lineStart, .text:
                if octet == ASCII.lineFeed {
                    guard bareNewline(missing: ASCII.carriageReturn, octets, &run, index, &output) else { return false }
                    index += 1
                    continue
                }
                if octet == ASCII.dot, place == .lineStart, stuffsDots {
                    output.append(contentsOf: UnsafeBufferPointer(rebasing: octets[run..<index]))
                    output.append(ASCII.dot)
                    run = index
                }
                let quiet =
                    index <= lastBlock ? ContentScanner.quietLength(in: octets, from: index, inHeader: false) : 0
                index += max(quiet, 1)
                passed(octets[index - 1])
            }
        }
        output.append(contentsOf: UnsafeBufferPointer(rebasing: octets[run..<index]))
        return true
    }

    /// Ends the last line.
    ///
    /// - Returns: `false` when a lone CR is not to be sent.
    mutating func finish(into output: inout [UInt8]) -> Bool {
        defer { place = .lineStart }
        switch (place, policy) {
        case (.lineStart, _): return true
        case (.carriageReturn, .reject): return false
        case (.carriageReturn, .normalize): output.append(ASCII.lineFeed)
        case (.text, .reject), (.text, .normalize): output += [ASCII.carriageReturn, ASCII.lineFeed]
        case (.carriageReturn, .allow), (.text, .allow):
            if stuffsDots { output += [ASCII.carriageReturn, ASCII.lineFeed] }
        }
        return true
    }

    /// Everything up to and with `octet` needs no attention.
    private mutating func passed(_ octet: UInt8) {
        switch octet {
        case ASCII.carriageReturn: place = .carriageReturn
        case ASCII.lineFeed: place = .lineStart
        case _: place = .text
        }
    }

    /// Half a line end was found: `missing`, its other half, belongs at `index`.
    private mutating func bareNewline(
        missing: UInt8, _ octets: UnsafeBufferPointer<UInt8>, _ run: inout Int, _ index: Int, _ output: inout [UInt8]
    ) -> Bool {
        switch policy {
        case .reject: return false
        case .allow: place = .text
        case .normalize:
            output.append(contentsOf: UnsafeBufferPointer(rebasing: octets[run..<index]))
            output.append(missing)
            run = index
            place = .lineStart
        }
        return true
    }
}

/// Whole messages, encoded once to be sent many times.
extension ContentEncoder {
    /// Returns content as it is sent: with `DATA`, dots are doubled and the final dot is added; in a chunk, only line
    /// ends change.
    ///
    /// A lone CR or LF becomes a CRLF.
    package static func encoded(_ content: [UInt8], as transfer: Transaction.Transfer) -> [UInt8] {
        var encoder = ContentEncoder(.normalize, stuffsDots: transfer == .data)
        var output: [UInt8] = []
        // Nothing is refused when line ends are normalized.
        _ = encoder.encode(content.span, into: &output)
        _ = encoder.finish(into: &output)
        if transfer == .data { output += [ASCII.dot, ASCII.carriageReturn, ASCII.lineFeed] }
        return output
    }
}
