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

    @Test(arguments: [33, 500, 4_096, 1_000_000])
    func `ordinary lines are passed over, and what lies between them is counted`(pieceSize: Int) {
        var random = SeededGenerator()
        for _ in 0..<200 {
            var content: [UInt8] = [13, 10]
            for _ in 0..<Int.random(in: 0...60, using: &random) {
                content += [UInt8](repeating: 65, count: Int.random(in: 0...120, using: &random))
                content +=
                    [[13, 10], [13, 10], [13, 10], [10], [13], [13, 13, 10], [10, 13]].randomElement(using: &random)
                    ?? []
            }
            content += [UInt8](repeating: 66, count: Int.random(in: 0...70, using: &random))
            let place = Int.random(in: 0..<content.count, using: &random)
            let is8bit = Bool.random(using: &random) && content[place] > 13
            if is8bit { content[place] = 0xC3 }
            var counter = ContentCounter()
            for start in stride(from: 0, to: content.count, by: pieceSize) {
                counter.count(content.span.extracting(start..<min(content.count, start + pieceSize)))
            }
            #expect(counter.facts.size == Self.encodedLength(content) && counter.facts.is8bit == is8bit)
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
        let size: UInt64 = 3 + 78 + 3
        #expect(counter.facts.size == size)
    }
}
