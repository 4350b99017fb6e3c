import Foundation
import ProcessSupport
import Testing

/// The library serves programs of others: a message that named an option of this project's tools would mislead.
@Suite("Words of the library", .timed)
struct LibraryWordsTests {
    private static let tools = ["smtpd-lite", "smtp-probe", "smtp-codes"]

    @Test(arguments: ["SMTPKit/Core", "SMTPKit/TLS", "SMTPKit/Network", "SMTPTestKit", "SMTPKitService"])
    func `no text names a tool or an option`(folder: String) throws {
        let sources = URL(filePath: BuiltTool.project).appending(path: "Sources/\(folder)").path
        // The tables of the registry name their sources, one of which has the name of a tool.
        let files = try FileManager.default.subpathsOfDirectory(atPath: sources)
            .filter { $0.hasSuffix(".swift") && !$0.hasPrefix("Registry/Tables/") }
        #expect(!files.isEmpty)
        for file in files {
            let text = try String(contentsOfFile: "\(sources)/\(file)", encoding: .utf8)
            for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                #expect(Self.offender(in: line) == nil, "\(folder)/\(file):\(number + 1): \(line)")
            }
        }
    }

    @Test(arguments: [
        (#"Reply(521, "start with --bare-newline allow")"#, "--b"), (#"print("see smtpd-lite")"#, "smtpd-lite"),
        ("count -= 1 // as --count says", nil), (#"let line = "-- " + text"#, nil), ("/// `smtp-probe` does.", nil),
    ])
    func `a name is found in code, and none in comments`(line: String, offender: String?) {
        #expect(Self.offender(in: line[...]) == offender)
    }

    /// Returns a tool's name, or the beginning of an option, before a line's comment.
    private static func offender(in line: Substring) -> String? {
        let code = line.firstRange(of: /(^|\s)\/\//).map { line[..<$0.lowerBound] } ?? line
        if let tool = tools.first(where: code.contains) { return tool }
        return code.firstMatch(of: /(?:^|[\s"'(])(--[a-z])/).map { String($0.1) }
    }
}
