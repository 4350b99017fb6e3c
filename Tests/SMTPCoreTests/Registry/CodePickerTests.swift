import SMTPCore
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite("Code picker")
struct CodePickerTests {
    /// A line of the corpus: the expected pick (`-` for none), a tab, the line.
    struct Sample: CustomTestStringConvertible, Sendable {
        let expected: String
        let line: String
        var testDescription: String { line }
    }

    static let corpus: [Sample] = Fixture.lines("log-lines.txt").compactMap { line in
        guard !line.isEmpty, !line.hasPrefix("#"), let tab = line.firstIndex(of: "\t") else { return nil }
        return Sample(expected: String(line[..<tab]), line: String(line[line.index(after: tab)...]))
    }

    private static func pick(_ line: String) -> String { CodePicker.pick(in: line)?.query?.description ?? "-" }

    @Test func `the corpus is large enough to mean something`() {
        #expect(Self.corpus.count >= 150)
        #expect(Self.corpus.filter { $0.expected == "-" }.count >= 50)
    }

    @Test(arguments: corpus)
    func `the right code is picked from a line`(sample: Sample) {
        #expect(Self.pick(sample.line) == sample.expected)
    }

    @Test(arguments: corpus)
    func `what stands before and after a line changes nothing`(sample: Sample) {
        #expect(Self.pick(sample.line + "\r") == sample.expected)
        #expect(Self.pick(sample.line + " \t ") == sample.expected)
    }

    @Test func `no prefix and no suffix of any line traps`() {
        for sample in Self.corpus {
            let bytes = Array(sample.line.utf8)
            for cut in 0...bytes.count {
                let head = Array(bytes[..<cut])
                let tail = Array(bytes[cut...])
                _ = CodePicker.pick(in: head.span)
                _ = CodePicker.pick(in: tail.span)
            }
        }
    }

    @Test func `random bytes and random codes never trap`() {
        var random = SplitMix(state: 5321)
        let pieces = Array("5.1.1 2 4 5 550 421 X.7.1 .. -- __ #( ) [ ] : ; = dsn= Status: said: /@<>\r\n\t\"'%+x".utf8)
        for _ in 0..<20_000 {
            let length = Int(random.next() % 40)
            let noise = (0..<length).map { _ in
                random.next() % 4 == 0
                    ? UInt8(truncatingIfNeeded: random.next()) : pieces[Int(random.next() % UInt64(pieces.count))]
            }
            if let pick = CodePicker.pick(in: noise.span) { #expect(pick.query != nil) }
        }
    }

    @Test func `a pick is made of codes that stand in the line`() {
        for sample in Self.corpus {
            guard let pick = CodePicker.pick(in: sample.line) else { continue }
            if let status = pick.status { #expect(sample.line.contains(status.description)) }
            if let reply = pick.reply { #expect(sample.line.contains(reply.description)) }
        }
    }

    @Test func `a line that is not UTF-8 is read all the same`() {
        let line = [0xFF, 0xC3, 0x28, 0x20] + Array("550 5.1.1 <a\u{e9}@example.org>".utf8) + [0x80]
        #expect(CodePicker.pick(in: line.span)?.query?.description == "550 5.1.1")
    }
}

/// A small generator of numbers that are the same in every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Text files beside the tests.
enum Fixture {
    static func lines(_ name: String, beside file: String = #filePath) -> [String] {
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        guard let stream = fopen("/\(folder)/Fixtures/\(name)", "r") else { return [] }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        while case let byte = getc(stream), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }
}
