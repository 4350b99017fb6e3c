/// Writes replies as they go over the wire.
///
///     S: 250-2.1.0 first line
///     S: 250 2.1.0 last line
///
/// - SeeAlso: RFC 5321, section 4.2.1; RFC 2034, section 4 (every line has the status).
enum ReplySerializer {
    /// The bytes of a reply.
    package static func octets(code: ReplyCode, status: EnhancedStatus?, lines: [String]) -> [UInt8] {
        let prefix = Array(code.description.utf8)
        let label = status.map { Array("\($0) ".utf8) } ?? []
        var octets: [UInt8] = []
        octets.reserveCapacity(lines.reduce(0) { $0 + $1.utf8.count + prefix.count + label.count + 3 })
        for (index, line) in lines.enumerated() {
            octets += prefix
            octets.append(index == lines.count - 1 ? ASCII.space : UInt8(ascii: "-"))
            octets += label
            let room = Reply.maximumLineLength - prefix.count - 1 - label.count - 2
            octets += cut(line.utf8, to: room)
            octets.append(ASCII.carriageReturn)
            octets.append(ASCII.lineFeed)
        }
        return octets
    }

    /// At most `room` bytes of a text, never half a character.
    private static func cut(_ text: String.UTF8View, to room: Int) -> Substring.UTF8View {
        guard text.count > room else { return text[...] }
        var end = text.index(text.startIndex, offsetBy: room)
        while end > text.startIndex, text[end] & 0xC0 == 0x80 { end = text.index(before: end) }
        return text[..<end]
    }
}
