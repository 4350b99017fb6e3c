import ProcessSupport
import Testing

@testable import SMTPCore

@Suite("Content decoder", .timed)
struct ContentDecoderTests {
    private struct Result: Equatable {
        var content: [UInt8]
        var violations: UInt8
        var length: Int
        var rest: [UInt8]?
    }

    /// Decodes bytes cut at the given places.
    private func decode(_ octets: [UInt8], policy: BareNewlinePolicy, cuts: [Int]) -> Result {
        var decoder = ContentDecoder(limits: Limits(), policy: policy, isContentWanted: true)
        var output = ServerOutput()
        var start = 0
        for end in cuts + [octets.count] {
            let piece = Array(octets[start..<end])
            if let used = decoder.decode(piece.span, from: 0, into: &output) {
                return Result(
                    content: output.content, violations: decoder.violations.rawValue, length: decoder.length,
                    rest: Array(octets[(start + used)...]))
            }
            start = end
        }
        return Result(content: output.content, violations: decoder.violations.rawValue, length: decoder.length)
    }

    @Test(arguments: [
        ("a\r\n.\r\n", "a\r\n"), (".\r\n", ""), ("..\r\n.\r\n", ".\r\n"), (".a\r\n.\r\n", "a\r\n"),
        ("...\r\n\r\n.\r\n", "..\r\n\r\n"), ("\r\n.\r\n", "\r\n"), ("a.\r\nb\r\n.\r\n", "a.\r\nb\r\n"),
    ])
    func `stuffed dots are taken off, at the start of lines only`(wire: String, content: String) {
        for cut in 0...wire.utf8.count {
            let result = decode(Array(wire.utf8), policy: .reject, cuts: [cut])
            #expect(result == Result(content: Array(content.utf8), violations: 0, length: content.utf8.count, rest: []))
        }
    }

    @Test(arguments: [
        "\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\r.\r\n", "\n.\r", "\r\n\0.\r\n", "\r\n.\0\r\n",
    ])
    func `nothing else is an end`(sequence: String) {
        for policy in BareNewlinePolicy.allCases {
            let wire = Array("a\(sequence)b".utf8)
            for cut in 0...wire.count {
                #expect(decode(wire, policy: policy, cuts: [cut]).rest == nil)
            }
        }
    }

    /// A byte-by-byte reading of the rules, to compare the block-wise one with.
    private func reference(_ octets: [UInt8], policy: BareNewlinePolicy) -> Result {
        var content: [UInt8] = []
        var violations: ContentDecoder.Violations = []
        var index = 0
        while index < octets.count {
            let isLineStart = index == 0 || (index >= 2 && octets[index - 2] == 13 && octets[index - 1] == 10)
            if isLineStart, octets[index...].starts(with: [46, 13, 10]) {
                let isRejected = policy == .reject && !violations.isEmpty
                return Result(
                    content: isRejected ? [] : content, violations: policy == .reject ? violations.rawValue : 0,
                    length: content.count, rest: Array(octets[(index + 3)...]))
            }
            if isLineStart, octets[index] == 46 {
                index += 1
                if index == octets.count { break }
            }
            let octet = octets[index]
            let next: UInt8? = index + 1 < octets.count ? octets[index + 1] : nil
            if policy == .normalize, octet == 46, index >= 2, octets[index - 1] == 46, octets[index - 2] == 10,
                index == 2 || octets[index - 3] != 13
            {
                // Of two dots after a lone LF one is stuffed.
                index += 1
                continue
            }
            if octet == 10, index == 0 || octets[index - 1] != 13 {
                violations.insert(.bareLineFeed)
                content += policy == .normalize ? [13, 10] : [10]
            } else if octet == 13, next != 10 {
                violations.insert(.bareCarriageReturn)
                content += policy == .normalize ? [13, 10] : [13]
            } else {
                content.append(octet)
            }
            index += 1
        }
        return Result(content: content, violations: violations.rawValue, length: content.count)
    }

    @Test(arguments: BareNewlinePolicy.allCases)
    func `random content is read as an octet-by-octet reading reads it`(policy: BareNewlinePolicy) {
        var random = Numbers(state: 0x5EED)
        let pieces = [
            "\r\n", "\r\n", "\r", "\n", ".", "\r\n.", "Received: x", "some words of text", "R", "\0", "\u{e9}",
        ]
        for round in 0..<3_000 {
            let tame = round % 3 == 0
            var text = ""
            for _ in 0..<Int(random.next() % 60) {
                let piece = pieces[Int(random.next() % UInt64(pieces.count))]
                text += tame && (piece == "\r" || piece == "\n") ? "tame" : piece
            }
            let octets = Array((text + "\r\n.\r\nNOOP\r\n").utf8)
            let expected = reference(octets, policy: policy)
            let cuts = (0..<3).map { _ in Int(random.next() % UInt64(octets.count)) }.sorted()
            #expect(decode(octets, policy: policy, cuts: cuts) == expected, "\(text.debugDescription) cut at \(cuts)")
            #expect(decode(octets, policy: policy, cuts: Array(1..<octets.count)) == expected)
        }
    }
}

/// Numbers that are the same in every run.
struct Numbers {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }
}
