import Foundation
import ProcessSupport
import Testing

@Suite("Annotate", .blocking)
struct AnnotateTests {
    static let note = "  [550 5.1.1 permanent, give-up: Bad destination mailbox address]"

    private func annotate(_ input: Data, _ more: String...) throws -> Data {
        let run = try Tool.run(["--annotate"] + more, input: input)
        #expect(run.status == 0 && run.errors.isEmpty)
        return run.output
    }

    @Test func `an explanation is appended before the line end`() throws {
        let text = "connect from a[192.0.2.1]\nhost said: 550 5.1.1 no\r\nlast: 550 5.1.1 x"
        let expected = "connect from a[192.0.2.1]\nhost said: 550 5.1.1 no\(Self.note)\r\nlast: 550 5.1.1 x\(Self.note)"
        #expect(try annotate(Data(text.utf8)) == Data(expected.utf8))
    }

    @Test func `lines without a code are copied byte for byte`() throws {
        var random = SeededGenerator()
        var bytes = Data((0..<200_000).map { _ in UInt8.random(in: 0...255, using: &random) })
        // no digits, hence no codes
        bytes = Data(bytes.map { (0x30...0x39).contains($0) ? 0x0A : $0 })
        #expect(try annotate(bytes) == bytes)
        for sample in ["", "\n", "\r\n", "\n\n\n", "no line end", "a\0b\n", "\r"] {
            #expect(try annotate(Data(sample.utf8)) == Data(sample.utf8))
        }
    }

    @Test func `invalid UTF-8 stays as it is around an explanation`() throws {
        let line = Data([0xFF, 0xC3, 0x28]) + Data(" said: 550 5.1.1 ".utf8) + Data([0xFE, 0x80])
        #expect(try annotate(line + Data([0x0A])) == line + Data(Self.note.utf8) + Data([0x0A]))
    }

    @Test(arguments: [1, 65_535, 65_536, 65_537, 262_143, 262_144, 262_145, 10_000_000])
    func `a long line is copied whole, whatever its length`(length: Int) throws {
        let filler = Data(repeating: UInt8(ascii: "x"), count: length)
        #expect(try annotate(filler) == filler)
        let head = Data("said: 550 5.1.1 ".utf8)
        let after = Data("\nsaid: 550 5.1.1\n".utf8)
        let expected = head + filler + Data((Self.note + "\nsaid: 550 5.1.1\(Self.note)\n").utf8)
        #expect(try annotate(head + filler + after) == expected)
    }

    @Test func `a 10 MB line needs no more memory than a short one`() throws {
        let script = """
            (printf 'said: 550 5.1.1 '; head -c 10000000 /dev/zero | tr '\\0' x; echo) \
            | env time -f %M smtp-codes --annotate 2>&1 >/dev/null
            (echo 'said: 550 5.1.1 ') | env time -f %M smtp-codes --annotate 2>&1 >/dev/null
            """
        let peaks = try Tool.shell("bash", script).lines.compactMap { Int($0) }
        try #require(peaks.count == 2)
        #expect(peaks[0] < peaks[1] + 2048, "KiB: \(peaks)")
    }

    @Test func `only lines with a code are kept, or of one class`() throws {
        let log = Data("plain\nsaid: 550 5.1.1 a\nsaid: 421 4.7.0 b\n250 2.0.0 c\n".utf8)
        func codes(_ data: Data) -> [Substring] {
            String(decoding: data, as: UTF8.self).split(separator: "\n").map { $0.prefix { $0 != "[" } }
        }
        #expect(try codes(annotate(log, "--only")) == ["said: 550 5.1.1 a  ", "said: 421 4.7.0 b  ", "250 2.0.0 c  "])
        #expect(try codes(annotate(log, "--only", "transient")) == ["said: 421 4.7.0 b  "])
        #expect(try codes(annotate(log, "--only=permanent")) == ["said: 550 5.1.1 a  "])
        let long = Data(repeating: UInt8(ascii: "x"), count: 300_000)
        #expect(try annotate(long + Data([0x0A]) + log, "--only", "2") == annotate(log, "--only", "2"))
    }

    @Test func `every line is annotated at once, as behind tail -f`() async throws {
        let tool = try Companion(Tool.path, ["--annotate"])
        for number in 0..<20 {
            // The pipe stays open: the answer comes although nothing follows.
            tool.say("\(number) said: 550 5.1.1")
            #expect(try await tool.line() == "\(number) said: 550 5.1.1\(Self.note)")
        }
        let end = try await tool.finish()
        #expect(end.status == 0 && end.output.isEmpty)
    }

    @Test func `a log that tail follows is annotated as it grows`() throws {
        let run = try Tool.shell(
            "bash",
            """
            log=$(mktemp); echo 'said: 550 5.1.1 first' > "$log"
            exec 3< <(exec tail -n +1 -f "$log" 2>/dev/null); follower=$!
            exec 4< <(exec smtp-codes --annotate <&3)
            read -r one <&4; echo "$one"
            echo 'said: 421 4.7.0 second' >> "$log"
            read -r two <&4; echo "$two"
            kill -9 $follower; exec 3<&-; rm -f "$log"
            """
        )
        #expect(run.lines.count == 2 && run.lines[0].hasSuffix("mailbox address]"))
        #expect(run.lines.last?.contains("[421 4.7.0 transient, retry: ") == true)
    }

    @Test(arguments: ["--annotate", "--annotate --only", "--jsonl -", "--list"])
    func `a closed pipe ends the tool quietly`(options: String) throws {
        let run = try Tool.shell(
            "bash",
            "set -o pipefail; yes '550 5.1.1 x' 2>/dev/null | head -n 200000 2>/dev/null | smtp-codes \(options) | head -n 1 >/dev/null; echo ${PIPESTATUS[2]}"
        )
        #expect(run.text == "0\n" && run.errors.isEmpty)
    }

    @Test(arguments: ["--annotate", "--count", "-"])
    func `a closed or unreadable standard input is said and gives status 2`(option: String) throws {
        let closed = try Tool.shell("bash", "smtp-codes \(option) <&-; echo $?")
        #expect(closed.text.hasSuffix("2\n") && closed.errors.contains("standard input: cannot read"))
        let folder = try Tool.shell("bash", "smtp-codes \(option) </; echo $?")
        #expect(folder.text.hasSuffix("2\n") && folder.errors.contains("directory"))
    }

    @Test func `binary or endless input to the look-up has no code and is silent`() throws {
        let run = try Tool.run(["-b", "-"], input: Data(repeating: 0, count: 10_000_000))
        #expect(run.status == 1 && run.output.isEmpty && run.errors.isEmpty)
        let noise = try Tool.run(["--count"], input: Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 97) }))
        #expect(noise.status == 1 && noise.output.isEmpty)
    }

    @Test func `a full disk is said and gives status 2`() throws {
        let run = try Tool.shell("bash", "smtp-codes --list >/dev/full; echo $?")
        #expect(run.text == "2\n" && run.errors.contains("standard output: cannot write"))
    }
}
