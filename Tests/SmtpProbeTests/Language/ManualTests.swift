import Foundation
import ProcessSupport
import Testing

@testable import smtp_probe

@Suite("The language in the manual")
struct ManualTests {
    @Test func `the page has every command`() throws {
        let page = try String(contentsOfFile: "\(BuiltTool.project)/man/smtp-probe.1", encoding: .utf8)
        for command in MetaCommand.allCases {
            let line = page.split(separator: "\n").first {
                $0 == ".It Sy :\(command.rawValue)" || $0.hasPrefix(".It Sy :\(command.rawValue) ")
            }
            #expect(line != nil, "\(command.rawValue) is not in the manual")
        }
    }
}
