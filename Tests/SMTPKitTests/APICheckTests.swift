import Foundation
import ProcessSupport
import Testing

/// The public API is that of the baseline in `API`.
@Suite("API baseline", .blocking)
struct APICheckTests {
    private static let script = "\(BuiltTool.project)/Scripts/api-check"
    private static let baseline = "\(BuiltTool.project)/API"

    private static func check(_ folder: String) throws -> (status: Int32, lines: [Substring]) {
        let result = try ChildProcess.run([script, "--build", BuiltTool.folder, "--baseline", folder])
        #expect(result.errors.isEmpty, "\(result.errors)")
        return (result.status, result.output.split(separator: "\n"))
    }

    #if Service
    @Test func `the API is that of the baseline`() throws {
        let (status, lines) = try Self.check(Self.baseline)
        #expect(status == 0)
        #expect(lines == [], "if it is meant, name it in CHANGELOG.md and run Scripts/api-check --refresh")
    }

    @Test func `a lost symbol, a new case and a new requirement break, and another new symbol does not`() throws {
        let folder = try TemporaryFolder()
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.baseline) {
            try FileManager.default.copyItem(atPath: "\(Self.baseline)/\(name)", toPath: folder.file(name))
        }
        let text = String(decoding: folder.read("SMTPKit.txt"), as: UTF8.self)
        let lost = "struct Former | struct Former"
        let fresh = text.split(separator: "\n").filter { line in
            ["enum.case Endpoint.unix(path:) ", "method MessageStore.store(_:) ", "method FileStore.close() "]
                .contains(where: line.hasPrefix)
        }
        try #require(fresh.count == 3)
        let kept = text.split(separator: "\n").filter { !fresh.contains($0) }.map(String.init)
        try folder.write((kept + [lost]).sorted().joined(separator: "\n").utf8, to: "SMTPKit.txt")
        let (status, lines) = try Self.check(folder.path)
        #expect(status == 1)
        #expect(lines.contains { $0.hasPrefix("SMTPKit: gone or changed: struct Former") })
        #expect(lines.contains { $0.contains("a new case") && $0.contains("Endpoint.unix") })
        #expect(lines.contains { $0.contains("a new requirement without a default: method MessageStore.store") })
        #expect(lines.contains { $0.hasPrefix("SMTPKit: new: method FileStore.close()") })
        #expect(lines.last?.contains("3 changes may break programs") == true)
    }
    #endif
}
