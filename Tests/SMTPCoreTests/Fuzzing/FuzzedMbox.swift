import FuzzSupport
import SMTPCore

/// A message in an mbox is the same however it comes, has one start, and in `mboxrd` can be read back.
enum FuzzedMbox {
    static func check(_ input: FuzzInput) throws {
        var input = input
        let choice = input.byte()
        let content = input.bytes
        let format = MboxFormat.allCases[Int(choice & 3) % MboxFormat.allCases.count]
        var cutter = Cutter(choice)
        let pieces = cutter.pieces(of: content)
        let written = encode(format, [content])
        try expect(written == encode(format, pieces), "the cuts make a difference")
        try expect(bodyLength([content]) == bodyLength(pieces), "the cuts make a difference to the length")
        try expect(written.suffix(1) == [10], "the message does not end a line")
        try expect(written.count < 2 || written.suffix(2) == [10, 10], "no empty line follows the message")
        let lines = written.split(separator: 10, omittingEmptySubsequences: false)
        if format != .mboxcl2 {
            try expect(!lines.contains { $0.starts(with: "From ".utf8) }, "a line looks like the start of a message")
        }
        guard format == .mboxrd else { return }
        // Its reader takes one `>` off, and the empty line at the end.
        let read = lines.map { line -> ArraySlice<UInt8> in
            let quotes = line.prefix { $0 == UInt8(ascii: ">") }.count
            return quotes > 0 && line.dropFirst(quotes).starts(with: "From ".utf8) ? line.dropFirst() : line
        }
        var back = Array(read.joined(separator: [10]).dropLast())
        var sent = withoutReturns(content)
        if sent.last != 10, !back.isEmpty { sent.append(10) }
        if content.isEmpty { back = sent }
        try expect(back == sent, "what is read is not what was written")
    }

    private static func encode(_ format: MboxFormat, _ pieces: [[UInt8]]) -> [UInt8] {
        var output: [UInt8] = []
        var encoder = MboxEncoder(format)
        for piece in pieces { encoder.append(piece.span, to: &output) }
        encoder.finish(&output)
        return output
    }

    private static func bodyLength(_ pieces: [[UInt8]]) -> UInt64 {
        var length = MboxBodyLength()
        for piece in pieces { length.append(piece.span) }
        return length.total
    }

    /// The content with LF for CRLF.
    private static func withoutReturns(_ content: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        for (index, byte) in content.enumerated()
        where byte != 13 || index + 1 >= content.count || content[index + 1] != 10 {
            output.append(byte)
        }
        return output
    }
}
