import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

/// `Tests/Traceability.md`, held against the tests that there are.
@Suite("Traceability", .timed)
struct TraceabilityTests {
    private static let tests = URL(filePath: #filePath).appending(path: "../..").standardizedFileURL

    /// The rows of all tables: id, clause, promise, tests.
    private static var rows: [[String]] {
        get throws {
            try String(contentsOf: tests.appending(path: "Traceability.md"), encoding: .utf8)
                .split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| id ") }
                .map { row in
                    row.dropFirst().dropLast().split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
                }
        }
    }

    @Test func `every promise has a name of its own, a clause and tests that exist`() throws {
        let rows = try Self.rows
        #expect(rows.count >= 80)
        #expect(Set(rows.map(\.first)).count == rows.count)
        let paths = try FileManager.default.subpathsOfDirectory(atPath: Self.tests.path)
        let files = Set(paths.map { ($0 as NSString).lastPathComponent })
        for row in rows {
            try #require(row.count == 4 && row.allSatisfy { !$0.isEmpty }, "\(row)")
            for shown in row[3].components(separatedBy: ", ") {
                let isThere =
                    shown.hasSuffix(".txt")
                    ? Transcript.all.contains { "\($0.name).txt" == shown } : files.contains("\(shown).swift")
                #expect(isThere, "\(row[0]): \(shown) is no test")
            }
        }
    }

    @Test func `every dialogue about a clause is named somewhere`() throws {
        let named = Set(try Self.rows.flatMap { $0[3].components(separatedBy: ", ") })
        let killers = Transcript.all.map { "\($0.name).txt" }.filter { $0.hasPrefix("killer") }
        #expect(!killers.isEmpty)
        #expect(Set(killers).isSubset(of: named))
    }
}
