import ProcessSupport
import Testing

@testable import SMTPCore

@Suite("Facts of content", .timed)
struct ContentFactsTests {
    /// The length on the wire as the encoder makes it, without doubled dots.
    private static func encodedLength(_ content: [UInt8]) -> UInt64 {
        var encoder = ContentEncoder(.normalize, stuffsDots: false)
        var output: [UInt8] = []
        _ = encoder.encode(content.span, into: &output)
        _ = encoder.finish(into: &output)
        return UInt64(output.count)
    }

    @Test(arguments: [1, 7, 31, 32, 33, 1_000_000])
    func `the size is that of the encoded content, whatever the pieces`(pieceSize: Int) {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            let length = Int.random(in: 0...700, using: &random)
            let alphabet: [UInt8] = [13, 10, 65, 46, 66, 67, 68, 69]
            let content = (0..<length).map { _ in alphabet.randomElement(using: &random) ?? 65 }
            var counter = ContentCounter()
            for start in stride(from: 0, to: content.count, by: pieceSize) {
                counter.count(content.span.extracting(start..<min(content.count, start + pieceSize)))
            }
            #expect(counter.facts.size == Self.encodedLength(content), "\(content)")
        }
    }

    @Test func `8-bit octets are found in header and body`() {
        let plain = String(repeating: "x", count: 100)
        for (text, is8bit, isInHeader) in [
            ("Subject: a\n\n\(plain)", false, false), ("Subject: a\n\n\(plain)ü\(plain)", true, false),
            ("Subject: ü\n\n\(plain)", true, true), ("Subject: a\r\n\r\nü", true, false), ("\nü", true, false),
        ] {
            let facts = ContentFacts(of: Array(text.utf8).span)
            #expect(facts.is8bit == is8bit && facts.hasInternationalHeader == isInHeader, "\(text)")
        }
    }

    @Test func `lines that are known by their length only are counted`() {
        var counter = ContentCounter()
        counter.count(Array("a\n".utf8).span)
        counter.countLines(ofLength: 78)
        counter.count(Array("b".utf8).span)
        #expect(counter.facts.size == 3 + 78 + 3)
    }
}
