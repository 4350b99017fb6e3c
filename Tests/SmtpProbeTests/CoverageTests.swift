import Foundation
import ProcessSupport
import Testing

@testable import smtp_probe

@Suite("What the tests run", .blocking)
struct CoverageTests {
    /// The text of all tests beside this file.
    private static func tests() throws -> String {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let names =
            FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        let files = names.filter { $0.pathExtension == "swift" && $0.lastPathComponent != "CoverageTests.swift" }
        #expect(files.count > 20)
        return try files.map { try String(contentsOf: $0, encoding: .utf8) }.joined(separator: "\n")
    }

    @Test func `each option of the help is given somewhere`() async throws {
        let tests = try Self.tests()
        for command in [[], ["send"], ["check"]] {
            let help = try await Script.run(command + ["--help-all"]).output
            let options = help.split(separator: "\n").filter { $0.hasPrefix("  -") }
                .flatMap { $0.prefix { $0 != "<" }.split { " ,/".contains($0) }.filter { $0.hasPrefix("-") } }
            #expect(options.count > 20)
            for option in options {
                let isGiven = ["\"\(option)\"", "\"\(option) ", " \(option) ", "\"\(option)="].contains {
                    tests.contains($0)
                }
                #expect(isGiven, "\(option)")
            }
        }
    }

    @Test func `each command of the language is run somewhere`() throws {
        let tests = try Self.tests()
        for command in MetaCommand.all {
            let isRun = ["\"", "\\r"].contains { start in
                ["\"", " ", "\\r"].contains { tests.contains("\(start):\(command.name)\($0)") }
            }
            #expect(isRun, ":\(command.name)")
        }
    }
}
