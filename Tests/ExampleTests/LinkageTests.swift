#if Service
import Foundation
import ProcessSupport
import Testing

/// The modules that are linked into a program.
@Suite("Linkage of the service module", .timed)
struct LinkageTests {
    @Test func `a program that asks for it has it, and a tool that does not has not`() throws {
        // The module's name as it appears in mangled symbols.
        let mark = Data("14SMTPKitService".utf8)
        let example = try Data(contentsOf: URL(filePath: BuiltTool.path("content-filter")))
        #expect(example.range(of: mark) != nil)
        let tool = try Data(contentsOf: URL(filePath: BuiltTool.path("smtpd-lite")))
        #expect(tool.range(of: mark) == nil)
        #expect(tool.range(of: Data("16ServiceLifecycle".utf8)) == nil)
    }
}
#endif
