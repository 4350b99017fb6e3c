import SMTPCore

/// Base64 in lines of 76 characters.
///
/// - SeeAlso: RFC 2045, section 6.8.
enum Base64Lines {
    /// The number of bytes that one line encodes.
    static let lineLength = 57
    private static let textLength = 76

    /// How long the text for so many bytes is, line ends included.
    static func encodedLength(_ count: Int) -> Int {
        let rest = count % lineLength
        return count / lineLength * (textLength + 2) + (rest == 0 ? 0 : (rest + 2) / 3 * 4 + 2)
    }

    /// The text for bytes that begin a line, each line ended with CRLF.
    static func encode(_ octets: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        var encoder = Base64Encoder()
        octets.withUnsafeBytes { encoder.append($0, to: &text) }
        encoder.finish(&text)
        var lines: [UInt8] = []
        lines.reserveCapacity(encodedLength(octets.count))
        var start = 0
        while start < text.count {
            let end = min(start + textLength, text.count)
            lines.append(contentsOf: text[start..<end])
            lines.append(13)
            lines.append(10)
            start = end
        }
        return lines
    }
}
