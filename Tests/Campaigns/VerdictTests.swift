import Foundation
import ProcessSupport
import Testing

/// The comparison at the end of a campaign, which has to find each kind of fault.
@Suite("The verdict of campaigns", .blocking)
struct VerdictTests {
    /// Messages with the numbers 1 to 4: acknowledged, acknowledged, unknown, refused.
    private static func ledger() -> Ledger {
        let ledger = Ledger(seed: 7)
        for fate in [Ledger.Fate.acknowledged, .acknowledged, .unknown, .refused] { ledger.note(ledger.next(), fate) }
        return ledger
    }

    /// Returns an mbox with these messages.
    private static func mbox(_ numbers: [Int]) -> String {
        numbers.map { number in
            let content = String(decoding: CampaignMessage(number: number, seed: 7).withLineFeeds, as: UTF8.self)
            let lines = content.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                line.drop { $0 == ">" }.hasPrefix("From ") ? ">\(line)" : String(line)
            }
            return "From a@b.test Thu Jan  1 00:00:00 1970\n\(lines.joined(separator: "\n"))\n"
        }.joined()
    }

    /// Returns the faults of an mbox.
    private static func faults(_ mbox: String) -> [String] {
        var verdict = Verdict(ledger())
        verdict.compare(StoredContent(mbox: Array(mbox.utf8)), in: "mbox")
        return verdict.faults
    }

    @Test func `what is right has no fault`() {
        #expect(Self.faults(Self.mbox([1, 2])) == [])
        #expect(Self.faults(Self.mbox([2, 3, 1])) == [])
    }

    @Test func `what is lost, doubled, refused, changed, cut or strange is a fault`() {
        let right = Self.mbox([1, 2])
        let wrong = [
            "", Self.mbox([1]), Self.mbox([1, 2, 2]), Self.mbox([1, 2, 3, 3]), Self.mbox([1, 2, 4]),
            right.replacing("the end of 2", with: "the End of 2"), String(right.dropLast(1)), String(right.dropLast(5)),
            right + "From x\nSubject: other\n\n\n", "half\n\n" + right,
            right.replacing("Subject: campaign 1\n", with: ""),
        ]
        for mbox in wrong { #expect(!Self.faults(mbox).isEmpty, "\(mbox.suffix(200))") }
    }

    @Test func `a message in one of two outputs is a fault, unless a server was killed`() {
        for wasKilled in [false, true] {
            var verdict = Verdict(Self.ledger(), wasKilled: wasKilled)
            verdict.compare(StoredContent(mbox: Array(Self.mbox([1, 2, 3]).utf8)), in: "one")
            verdict.compare(StoredContent(mbox: Array(Self.mbox([1, 2]).utf8)), in: "two")
            verdict.compareOutputs()
            #expect(verdict.faults.isEmpty == wasKilled, "\(verdict.faults)")
        }
    }

    /// Returns the faults of an output other than an mbox.
    ///
    /// - Parameters:
    ///   - numbers: the messages in it.
    ///   - spoil: what happens to it before the comparison.
    private static func faults(
        _ output: OutputSet.Output, with numbers: [Int], spoil: (TemporaryFolder) throws -> Void = { _ in }
    ) throws -> [String] {
        let folder = try TemporaryFolder()
        for name in ["new", "tmp"] where output == .maildir {
            try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: false)
        }
        var lines = ""
        for number in numbers {
            let message = CampaignMessage(number: number, seed: 7)
            switch output {
            case .json: lines += "{\"raw_base64\":\"\(Data(message.content).base64EncodedString())\"}\n"
            case .maildir: try folder.write(message.withLineFeeds, to: "new/\(number)")
            case .mbox, .exec: try folder.write(message.withLineFeeds, to: "\(number)")
            case .dir: try folder.write(message.content, to: "\(number)")
            }
        }
        if output == .json { try folder.write(lines.utf8, to: "lines") }
        try spoil(folder)
        var verdict = Verdict(ledger())
        let stored = StoredContent(output, at: output == .json ? folder.file("lines") : folder.path)
        verdict.compare(stored, in: output.rawValue, runsFirst: output == .exec)
        return verdict.faults
    }

    @Test(arguments: [OutputSet.Output.json, .maildir, .dir, .exec])
    func `every output is compared`(output: OutputSet.Output) throws {
        #expect(try Self.faults(output, with: [1, 2, 3]) == [])
        #expect(try !Self.faults(output, with: [1]).isEmpty)
        #expect(try !Self.faults(output, with: [1, 2, 9]).isEmpty)
        // A command runs before the other outputs, so a message that they refuse may be in its files.
        #expect(try Self.faults(output, with: [1, 2, 4]).isEmpty == (output == .exec))
    }

    @Test func `what is half in a folder or in JSON is a fault`() throws {
        let file = try Self.faults(.maildir, with: [1, 2]) { try $0.write("half".utf8, to: "tmp/3") }
        #expect(file == ["maildir: 3 is left"])
        let part = try Self.faults(.dir, with: [1, 2]) { try $0.write("half".utf8, to: ".3.part") }
        #expect(part == ["dir: .3.part is left"])
        let changed = try Self.faults(.dir, with: [1, 2]) { try $0.write($0.read("1").dropLast(), to: "1") }
        #expect(changed.count == 1)
        let line = try Self.faults(.json, with: [1, 2]) {
            try $0.write($0.read("lines") + Array("{".utf8), to: "lines")
        }
        #expect(line == ["json: half a line of 1 bytes is left"])
        let none = try Self.faults(.json, with: [1, 2]) { folder in
            try folder.write(folder.read("lines") + Array("{\"path\":\"/none\"}\n".utf8), to: "lines")
        }
        #expect(none.contains("json: no file /none is left"))
    }
}
