import Foundation
import ProcessSupport
import SMTPCore
import Testing
import TranscriptSupport

/// The tables of the documentation, held against the code.
@Suite("Documentation tables", .timed)
struct DocumentationTests {
    private static let project = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL

    private func article(_ name: String) throws -> String {
        let path = "Sources/SMTPKit/Core/Documentation.docc/\(name).md"
        return try String(contentsOf: Self.project.appending(path: path), encoding: .utf8)
    }

    @Test func `every extension has a row, with an RFC and with tests that exist`() throws {
        let rows = try article("SupportedExtensions").split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
        for offered in ServiceExtension.allCases {
            #expect(rows.contains { $0.hasPrefix("| `\(offered.rawValue)` | ") }, "\(offered.rawValue)")
        }
        let suites = try Self.suiteNames
        for row in rows {
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            try #require(cells.count == 4, "\(row)")
            #expect(cells[1].split(separator: ", ").allSatisfy { Int($0) != nil }, "\(row)")
            for shown in cells[3].components(separatedBy: ", ") {
                let exists =
                    shown.hasSuffix(".txt")
                    ? Transcript.all.contains { "\($0.name).txt" == shown } : suites.contains("\(shown).swift")
                #expect(exists, "\(shown) is no test")
            }
        }
    }

    @Test func `every limit has a row`() throws {
        let text = try article("LimitsByName")
        for case let name? in Mirror(reflecting: Limits()).children.map(\.label) {
            #expect(text.contains("| ``Limits/\(name)`` | "), "\(name)")
        }
    }

    private static var suiteNames: Set<String> {
        get throws {
            let tests = project.appending(path: "Tests").path
            let paths = try FileManager.default.subpathsOfDirectory(atPath: tests)
            return Set(paths.map { ($0 as NSString).lastPathComponent })
        }
    }
}
