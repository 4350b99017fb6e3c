import ProcessSupport
import SMTPCore
import Testing

@Suite("mbox encoder", .timed)
struct MboxEncoderTests {
    static func encode(_ format: MboxFormat, _ pieces: [[UInt8]]) -> [UInt8] {
        var output: [UInt8] = []
        var encoder = MboxEncoder(format)
        for piece in pieces { encoder.append(piece.span, to: &output) }
        encoder.finish(&output)
        return output
    }

    static func encode(_ format: MboxFormat, _ text: String) -> String {
        String(decoding: encode(format, [Array(text.utf8)]), as: UTF8.self)
    }

    @Test(arguments: [
        ("", "\n"), ("a", "a\n\n"), ("a\r\n", "a\n\n"), ("a\r\n\r\nb\r\n", "a\n\nb\n\n"), ("\r\n", "\n\n"),
        ("\r", "\r\n\n"), ("a\rb\r\n", "a\rb\n\n"), ("a\r\r\nb", "a\r\nb\n\n"), ("a\nb\r\n", "a\nb\n\n"),
        ("a\r\n\r", "a\n\r\n\n"), ("a\r\n\rb\r\n", "a\n\rb\n\n"), ("Fro", "Fro\n\n"), ("x\r\nFrom", "x\nFrom\n\n"),
        ("F\r\nFr\r\nFro\r\nFrom\r\nFFrom \r\n", "F\nFr\nFro\nFrom\nFFrom \n\n"),
        ("from x\r\nFrom:x\r\nx From y\r\n", "from x\nFrom:x\nx From y\n\n"), ("Fro\r", "Fro\r\n\n"),
    ])
    func `lines end in LF, and the last one is completed`(content: String, expected: String) {
        #expect(Self.encode(.mboxrd, content) == expected)
        #expect(Self.encode(.mboxo, content) == expected)
    }

    @Test(arguments: [
        ("From x\r\n\r\nFrom y\r\n", ">From x\n\n>From y\n\n"), ("a\nFrom y\r\n", "a\n>From y\n\n"),
        ("a\r\n>From y\r\n>>From z\r\n", "a\n>>From y\n>>>From z\n\n"), (">From ", ">>From \n\n"),
        ("a\r\n> From y\r\n>F\r\n>\r\n>>", "a\n> From y\n>F\n>\n>>\n\n"), ("From From From ", ">From From From \n\n"),
        ("\rFrom x\r\n", "\rFrom x\n\n"), ("\r\nFrom \r\nFrom \r\n", "\n>From \n>From \n\n"),
    ])
    func `mboxrd quotes every line that could be a quoted one`(content: String, expected: String) {
        #expect(Self.encode(.mboxrd, content) == expected)
    }

    @Test(arguments: [
        ("From x\r\n\r\nFrom y\r\n", ">From x\n\n>From y\n\n"),
        ("a\r\n>From y\r\n>>From z\r\n", "a\n>From y\n>>From z\n\n"),
    ])
    func `mboxo quotes only what starts with From`(content: String, expected: String) {
        #expect(Self.encode(.mboxo, content) == expected)
    }

    @Test(arguments: [
        ("A: b\r\n\r\nFrom y\r\n>From z\r\n", "A: b\n\nFrom y\n>From z\n\n"),
        ("From x\r\nA: b\r\n\r\nc", ">From x\nA: b\n\nc\n\n"),
        ("Content-Length: 5\r\n\r\nx\r\n", "Content-Length-Original: 5\n\nx\n\n"),
        ("content-LENGTH : 5\r\n\r\nContent-Length: 5\r\n", "content-LENGTH-Original : 5\n\nContent-Length: 5\n\n"),
        ("Content-Length\t: 5\nA: b\n\nx", "Content-Length-Original\t: 5\nA: b\n\nx\n\n"),
        ("Content-Length-X: 5\r\nContent-Lengt: 1\r\n\r\n", "Content-Length-X: 5\nContent-Lengt: 1\n\n\n"),
        ("A: b\r\n", "A: b\n\n\n"), ("", "\n\n"), ("\r\n", "\n\n"), ("\r\nFrom x", "\nFrom x\n\n"),
        ("\rA: b\r\n\r\nx", "\rA: b\n\nx\n\n"), ("\r\r\nContent\rLength: 3\r\n\r\n", "\r\nContent\rLength: 3\n\n\n"),
    ])
    func `mboxcl2 leaves the body alone and lets no other length stand`(content: String, expected: String) {
        #expect(Self.encode(.mboxcl2, content) == expected)
    }

    /// Line starts, line ends and everything that the dialects look for, at every distance from a block's edge.
    static let awkward: [UInt8] = {
        var content: [UInt8] = Array("Content-Length: 3\r\nFrom x\r\nSubject: y\r\ncontent-length: 9\r\n\r\n".utf8)
        for length in 0..<70 {
            content += [UInt8](repeating: UInt8(ascii: "a") + UInt8(length % 26), count: length)
            content += Array(
                ["\r\n", "\r\r\n", "\n", "\r", "\r\n>>From b\r\n", "\r\nFrom c\r\nFro\r\n"][length % 6].utf8
            )
        }
        return content
    }()

    /// The rules, once more, one byte at a time over the whole content.
    static func reference(_ format: MboxFormat, _ content: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        for (index, octet) in content.enumerated() {
            let isEnd = octet == 13 && index + 1 < content.count && content[index + 1] == 10
            if !isEnd { text.append(octet) }
        }
        if text.last != 10, !text.isEmpty { text.append(10) }
        var output: [UInt8] = []
        for line in text.split(separator: 10, omittingEmptySubsequences: false).dropLast() {
            let bare = format == .mboxrd ? line.drop { $0 == UInt8(ascii: ">") } : line
            if bare.starts(with: Array("From ".utf8)) { output.append(UInt8(ascii: ">")) }
            output += line + [10]
        }
        return output + [10]
    }

    @Test(arguments: [MboxFormat.mboxrd, .mboxo])
    func `the encoder agrees with the rules spelled out`(format: MboxFormat) {
        #expect(Self.encode(format, [Self.awkward]) == Self.reference(format, Self.awkward))
        for start in 0..<64 {
            let content = Array(Self.awkward[start...])
            #expect(Self.encode(format, [content]) == Self.reference(format, content))
        }
    }

    @Test(arguments: MboxFormat.allCases)
    func `the cuts between pieces do not matter`(format: MboxFormat) {
        let whole = Self.encode(format, [Self.awkward])
        for cut in 0...Self.awkward.count {
            let pieces = [Array(Self.awkward[..<cut]), Array(Self.awkward[cut...])]
            if Self.encode(format, pieces) != whole { Issue.record("cut at \(cut)") }
        }
        for size in [1, 2, 3, 5, 7, 31, 32, 33, 64, 100] {
            let pieces = stride(from: 0, to: Self.awkward.count, by: size).map {
                Array(Self.awkward[$0..<min($0 + size, Self.awkward.count)])
            }
            #expect(Self.encode(format, pieces) == whole, "pieces of \(size)")
        }
    }

    @Test(arguments: [
        "A: b\r\n\r\nFrom y\r\n>From z", "A: b\r\n\r\nx\r\n", "A: b\r\n", "", "\r\n", "\r\n\r",
        "A: b\n\nc\n\r\nd\r\r\ne\r",
        "\r\r\n\r\nx\r\n", "\rA\r\n\n\n",
    ])
    func `the body is as long as the length field says`(text: String) {
        let content = Array(text.utf8)
        for size in 1...max(content.count, 1) {
            var counter = MboxBodyLength()
            for start in stride(from: 0, to: content.count, by: size) {
                counter.append(content[start..<min(start + size, content.count)].span)
            }
            let encoded = Self.encode(.mboxcl2, [content])
            // After the header's end, and without the empty line that ends the message.
            var body = encoded[...]
            while let feed = body.firstIndex(of: 10) {
                let isEnd = feed == body.startIndex
                body = body[(feed + 1)...]
                if isEnd { break }
            }
            #expect(counter.total == UInt64(body.count - 1), "pieces of \(size)")
        }
    }
}
