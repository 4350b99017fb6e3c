import FuzzSupport

@testable import SMTPCore

/// Content that a client encodes is what a server decodes, however either is cut, and its end is found once.
enum FuzzedContent {
    /// The server's reading of a message.
    private struct Decoded: Equatable {
        let content: [UInt8]
        /// How many bytes there are up to and with the end of the content.
        let end: Int
        let isClean: Bool
    }

    static func check(_ input: FuzzInput) throws {
        var input = input
        let choice = input.byte()
        let seed = input.byte()
        let content = input.bytes
        let policies: [BareNewlinePolicy] = [.normalize, .reject, .allow]
        let policy = policies[Int(choice) % 3]
        let whole = encode([content], policy)
        var cutter = Cutter(seed)
        try expect(whole == encode(cutter.pieces(of: content), policy), "the cuts of the client make a difference")
        guard let whole else {
            let reference = normalized(content)
            return try expect(policy == .reject && reference != ended(content), "the client refuses good content")
        }
        let command = Array("QUIT\r\n".utf8)
        let wire = whole + Array(".\r\n".utf8) + command
        // A server that allows a lone LF in lines still ends the content at CRLF . CRLF alone.
        let serverPolicy = choice & 0x40 == 0 ? BareNewlinePolicy.allow : .reject
        let decoded = try decode([wire], serverPolicy)
        let cut = try decode(cutter.pieces(of: wire), serverPolicy)
        try expect(decoded == cut, "the cuts of the server make a difference")
        try expect(decoded.end == wire.count - command.count, "the end is at \(decoded.end), not before the command")
        let expected = policy == .allow ? ended(content) : normalized(content)
        guard serverPolicy == .allow else {
            let isClean = normalized(expected) == expected
            return try expect(
                decoded.isClean == isClean, "the server takes \(isClean ? "good" : "bad") content for other")
        }
        try expect(decoded.content == expected, "the content is not what was sent")
    }

    /// - Returns: `nil` when the content is refused.
    private static func encode(_ pieces: [[UInt8]], _ policy: BareNewlinePolicy) -> [UInt8]? {
        var encoder = ContentEncoder(policy, stuffsDots: true)
        var output: [UInt8] = []
        for piece in pieces where !encoder.encode(piece.span, into: &output) { return nil }
        return encoder.finish(into: &output) ? output : nil
    }

    private static func decode(
        _ pieces: [[UInt8]], _ policy: BareNewlinePolicy
    ) throws -> Decoded {
        var limits = Limits()
        limits.messageSize = nil
        limits.textLine = nil
        limits.receivedFields = .max
        var decoder = ContentDecoder(limits: limits, policy: policy, isContentWanted: true)
        var output = ServerOutput()
        var before = 0
        for piece in pieces {
            if let end = decoder.decode(piece.span, from: 0, into: &output) {
                let isClean = decoder.violations.isEmpty
                // What was handed out of content that is refused is dropped.
                return Decoded(content: isClean ? output.content : [], end: before + end, isClean: isClean)
            }
            before += piece.count
        }
        throw FuzzFailure("the content has no end")
    }

    /// The content with CRLF for every line end, and one at the end.
    private static func normalized(_ content: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        for (index, byte) in content.enumerated() {
            if byte == 10, index == 0 || content[index - 1] != 13 { output.append(13) }
            output.append(byte)
            if byte == 13, index == content.count - 1 || content[index + 1] != 10 { output.append(10) }
        }
        return ended(output)
    }

    /// The content with a line end at its end.
    private static func ended(_ content: [UInt8]) -> [UInt8] {
        content.isEmpty || content.suffix(2) == [13, 10] ? content : content + [13, 10]
    }
}
