import ProcessSupport
import SMTPCore
import Testing
import TranscriptSupport

@Suite("Transcripts", .timed)
struct TranscriptTests {
    @Test func `there are enough of them`() {
        #expect(Transcript.all.count >= 45)
    }

    @Test(arguments: Transcript.all)
    func `the server answers line by line as written`(transcript: Transcript) throws {
        #expect(try SessionRunner.mismatches(transcript) == [])
    }

    @Test(arguments: Transcript.all, [SessionRunner.Cut.whole, .byOctet])
    func `the pieces in which input comes change nothing`(transcript: Transcript, cut: SessionRunner.Cut) throws {
        let byLine = try SessionRunner.record(transcript, cut: .byLine)
        let other = try SessionRunner.record(transcript, cut: cut)
        #expect(String(decoding: other.replies, as: UTF8.self) == String(decoding: byLine.replies, as: UTF8.self))
        #expect(other.messages == byLine.messages)
        #expect(other.isClosed == byLine.isClosed)
    }

    @Test(arguments: [
        "C; NOOP", "S! closes", "@set colour red", "@hook nobody 550 No", "C!\\q", "C!\\xZZ", "@messages many",
    ])
    func `a file that is not understood is refused`(line: String) {
        #expect(throws: TranscriptParser.Failure.self) {
            try TranscriptParser.parse("# RFC\n\(line)\n", name: "broken")
        }
    }

    @Test(arguments: ["S: 250 2.0.0 No", "S~ ^251", "S* 250 -2.0.0", "S!close", "M: text", "@messages 1"])
    func `a server that answers otherwise is found out`(line: String) throws {
        let transcript = try TranscriptParser.parse(
            "# RFC\nS~ ^220\nC: NOOP\nS~ ^250\nC: NOOP\n\(line)\n", name: "wrong")
        #expect(try SessionRunner.mismatches(transcript) != [])
    }
}
