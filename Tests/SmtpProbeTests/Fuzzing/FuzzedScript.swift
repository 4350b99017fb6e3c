import FuzzSupport
import SMTPKit

@testable import smtp_probe

/// A line of a script is read the same with blanks around its arguments, and a line that is content is sent as it is.
enum FuzzedScript {
    static func check(_ input: FuzzInput) throws {
        var input = input
        let choice = input.byte()
        let line = input.bytes
        let content = try ScriptLine(line, isContent: true)
        try expect(content == .wire(line), "content is not sent as it is")
        _ = ScriptLine.mayHoldSecret(line)
        let text = input.text
        _ = Hints.hint(text, isRefused: choice & 1 == 0)
        if let octets = try? QuotedOctets.parse(text) { try checkQuoted(octets) }
        if choice & 2 != 0, let expectation = try? Expectation(text) {
            try expect(!expectation.isMet(by: .timeout) || expectation.subject == .timeout, "a timeout meets \(text)")
            _ = expectation.isMet(by: .reply(.mailboxNotFound))
        }
        guard let read = try? ScriptLine(line, isResponse: choice & 4 != 0, hasComments: choice & 8 != 0) else {
            return
        }
        switch read {
        case .wire(let octets): try expect(octets.count <= line.count, "more is sent than there is")
        case .meta(let command, let arguments):
            let again = try ScriptLine(Array(":\(command.name)  \(arguments) ".utf8))
            try expect(again == read, "\(text) is read as another command with blanks around its arguments")
        case .shell, .nothing: break
        }
    }

    private static func checkQuoted(_ octets: [UInt8]) throws {
        let digits = Array("0123456789abcdef")
        let written = octets.map { "\\x\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined()
        try expect(try QuotedOctets.parse("\"\(written)\"") == octets, "bytes in quotation marks are read as others")
    }
}
