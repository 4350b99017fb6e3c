import Foundation
import ProcessSupport
import Testing

@testable import smtp_probe

@Suite("The language in the manual")
struct ManualTests {
    @Test func `the page has every command`() throws {
        let page = try String(contentsOfFile: "\(BuiltTool.project)/man/smtp-probe.1", encoding: .utf8)
        for command in MetaCommand.all {
            let line = page.split(separator: "\n").first {
                $0 == ".It Sy :\(command.name)" || $0.hasPrefix(".It Sy :\(command.name) ")
            }
            #expect(line != nil, "\(command.name) is not in the manual")
        }
    }
}
