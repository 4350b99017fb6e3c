import CommandLineSupport
import Foundation
import ProcessSupport
import Testing

@Suite("Lines for standard error", .timed)
struct ErrorOutputTests {
    @Test func `what is not read waits in bounded memory, and what is left out is counted`() async throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let output = ErrorOutput(descriptor: ends[1])
        let line = String(repeating: "x", count: 99)
        let count = 50_000
        for _ in 0..<count { output.say(line) }
        let reader = Task.detached { [end = ends[0]] in
            var text: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 1 << 16)
            while case let length = read(end, &piece, piece.count), length > 0 { text += piece[..<length] }
            return String(decoding: text, as: UTF8.self)
        }
        output.flush()
        output.say("the last")
        output.flush()
        close(ends[1])
        let text = await reader.value
        close(ends[0])
        var lines = text.split(separator: "\n")
        #expect(lines.popLast() == "the last")
        let notes = lines.filter { $0.hasPrefix("... ") }
        let omitted = notes.compactMap { Int($0.split(separator: " ")[1]) }.reduce(0, +)
        #expect(lines.count - notes.count + omitted == count)
        // The pipe holds some more.
        #expect((lines.count - notes.count) * 100 < ErrorOutput.mostWaiting + (1 << 18))
        #expect(omitted > 0)
    }
}
