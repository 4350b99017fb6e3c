import ProcessSupport
import Testing

@testable import SMTPCore

@Suite("How commands break the grammar", .timed)
struct LoosenessTests {
    /// Lines that the lenient grammar allows, and what is said of each.
    private static let lines: [(String, Looseness)] = [
        (" NOOP", .leadingBlank), ("\tMAIL FROM:<a@b.example>", .leadingBlank), ("NOOP\t", .tab),
        ("MAIL FROM:<a@b.example>\tSIZE=1", .tab), ("EHLO a b", .blankInName), ("LHLO  a  b ", .blankInName),
        ("HELO under_score", .nameNotADomain), ("EHLO ::1", .nameNotADomain), ("EHLO bücher", .nameNotADomain),
        ("MAIL FROM: <a@b.example>", .blankAfterColon),
        ("RCPT TO:Joe <a@b.example>", .nameBeforePath), ("MAIL FROM:a@b.example", .noBrackets),
        ("MAIL FROM:root SIZE=1", .noBrackets), ("RCPT TO:mailto:a@b.example", .noBrackets),
        ("RCPT TO:<<a@b.example>>", .doubledBrackets), ("RCPT TO:<a@b.example>>", .doubledBrackets),
        ("RCPT TO:<a(c)@b.example>", .comment), ("RCPT TO:<a@b.example (c)>", .comment),
        ("RCPT TO:< a@b.example>", .blankInPath), ("RCPT TO:<a @b.example>", .blankInPath),
        ("MAIL FROM:< >", .blankInPath),
        ("MAIL FROM:<root>", .noDomain), ("RCPT TO:<ann>", .noDomain), ("RCPT TO:<a@b@c.example>", .severalAts),
        ("RCPT TO:<a@@c.example>", .severalAts), ("RCPT TO:<@b.example>", .noLocalPart),
        ("RCPT TO:<a@b.example.>", .trailingDot), ("RCPT TO:<a@under_score.example>", .looseDomain),
        ("RCPT TO:<a@\(String(repeating: "l", count: 64)).example>", .looseDomain),
        ("RCPT TO:<a..b@c.example>", .looseDots), ("RCPT TO:<.a@c.example>", .looseDots),
        ("RCPT TO:<a:b@c.example>", .unquotedLocalPart), ("RCPT TO:<a\\ b@c.example>", .unquotedLocalPart),
        ("RCPT TO:<\(String(repeating: "l", count: 65))@c.example>", .longPath),
        ("MAIL FROM:<a@b.example>  SIZE=1", .looseParameters),
    ]

    @Test(arguments: lines)
    func `the session names the first rule that is broken`(line: String, looseness: Looseness) {
        #expect(Self.remarks(on: line, .lenient) == [looseness])
    }

    @Test(arguments: [
        "NOOP x", "EHLO [192.0.2.1]", "MAIL FROM:<>", "MAIL FROM:<a@b.example> SIZE=1 ", "RCPT TO:<PostMaster>",
        "RCPT TO:<\"a@b (c)\"@d.example>", "RCPT TO:<@x.example:a@b.example>", "QUIT ", "RCPT TO:<\"\"@b.example>",
    ])
    func `a line that keeps the grammar gets no remark`(line: String) {
        #expect(Self.remarks(on: line, .lenient).isEmpty)
    }

    @Test func `each way has a line here, and a text of its own`() {
        #expect(Set(Self.lines.map(\.1)) == Set(Looseness.allCases))
        #expect(Set(Looseness.allCases.map(\.description)).count == Looseness.allCases.count)
    }

    /// The remarks of a session on a line, at a point where its verb may come.
    private static func remarks(on line: String, _ syntax: SyntaxPolicy) -> [Looseness] {
        let configuration = ServerSession.Configuration(
            serverProtocol: line.hasPrefix("LHLO") ? .lmtp : .esmtp, hostname: "mx.example", syntax: syntax,
            wantsRemarks: true, wantsSyntaxRemarks: true)
        var session = ServerSession(
            configuration: configuration, peer: Peer(address: .local, serverName: "mx.example"))
        var output = ServerOutput()
        session.start(into: &output)
        var lines = [line]
        let verb = line.drop { $0 == " " || $0 == "\t" }.prefix(4)
        if verb == "MAIL" || verb == "RCPT" { lines.insert("EHLO client.example", at: 0) }
        if verb == "RCPT" { lines.insert("MAIL FROM:<a@b.example>", at: 1) }
        for line in lines {
            let octets = Array("\(line)\r\n".utf8)
            session.receive(octets.span, into: &output)
        }
        return output.remarks.compactMap { if case .looseSyntax(_, let looseness) = $0 { looseness } else { nil } }
    }
}
