import ProcessSupport
import Testing

@testable import SMTPCore

@Suite("Content encoder", .timed)
struct ContentEncoderTests {
    /// The content as it goes over the wire; `nil` when it is refused.
    private static func encode(
        _ text: String, _ policy: BareNewlinePolicy, stuffsDots: Bool = true, pieceSize: Int = .max
    ) -> String? {
        var encoder = ContentEncoder(policy, stuffsDots: stuffsDots)
        var output: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(pieceSize))
            rest = rest.dropFirst(pieceSize)
            guard encoder.encode(piece.span, into: &output) else { return nil }
        }
        guard encoder.finish(into: &output) else { return nil }
        return String(decoding: output, as: UTF8.self)
    }

    @Test(arguments: [
        ("", ""), ("a", "a\r\n"), ("a\r\n", "a\r\n"), ("a\nb\n", "a\r\nb\r\n"), ("a\rb", "a\r\nb\r\n"),
        ("a\r", "a\r\n"), ("\n\r\r\n", "\r\n\r\n\r\n"), (".", "..\r\n"), (".\r\n.a\r\n", "..\r\n..a\r\n"),
        ("a.\n.\n", "a.\r\n..\r\n"), ("\n.", "\r\n..\r\n"), ("\r.", "\r\n..\r\n"),
    ])
    func `lines end with CRLF, and dots at their start are doubled`(text: String, wire: String) {
        for size in [1, 2, Int.max] { #expect(Self.encode(text, .normalize, pieceSize: size) == wire) }
    }

    @Test(arguments: ["a\nb", "a\rb", "\n", "a\r", "\r\r\n"])
    func `lone newlines are refused, or left as they are`(text: String) {
        for size in [1, 2, Int.max] {
            #expect(Self.encode(text, .reject, pieceSize: size) == nil)
            #expect(Self.encode(text, .allow, stuffsDots: false, pieceSize: size) == text)
        }
    }

    @Test func `long content is the same in any pieces, and is read back as it was`() {
        var random = SeededGenerator()
        for _ in 0..<200 {
            let length = Int(random.next() % 400)
            let letters = Array("ab..\r\n\n".utf8)
            let text = (0..<length).map { _ in
                // Mostly text, so that blocks are passed over as well.
                let pick = random.next()
                return pick % 5 == 0 ? letters[Int(pick >> 8) % letters.count] : UInt8(ascii: "x")
            }
            let string = String(decoding: text, as: UTF8.self)
            let whole = Self.encode(string, .normalize)
            for size in [1, 3, 33, 64] { #expect(Self.encode(string, .normalize, pieceSize: size) == whole) }
            // What the server's decoder makes of it is the content with its lines ended by CRLF.
            var decoder = ContentDecoder(limits: Limits(), policy: .reject, isContentWanted: true)
            var output = ServerOutput()
            let wire = Array((whole ?? "").utf8) + Array(".\r\n".utf8)
            #expect(decoder.decode(wire.span, from: 0, into: &output) == wire.count)
            let unstuffed = Self.encode(string, .normalize, stuffsDots: false)
            #expect(String(decoding: output.content, as: UTF8.self) == unstuffed)
        }
    }
}
