import ProcessSupport
import Testing

@testable import SMTPCore

@Suite("Plain paths", .timed)
struct PlainPathTests {
    private let parser = CommandParser()

    /// The result of reading a line in one pass: its address and the place after it.
    private func plain(_ line: String, _ parser: CommandParser? = nil) -> (mailbox: Mailbox, end: Int)? {
        let octets = Array(line.utf8)
        let verb: CommandParser.PathVerb = line.uppercased().hasPrefix("MAIL") ? .mail : .rcpt
        var (end, recentDomain) = (0, "")
        guard Verb.usual(octets.span) != nil,
            let mailbox = (parser ?? self.parser).plainMailbox(
                octets.span, verb, end: &end, recentDomain: &recentDomain)
        else { return nil }
        return (mailbox, end)
    }

    /// The address of a line by the whole grammar, and what was left out of it.
    private func general(_ line: String, _ parser: CommandParser? = nil) -> (mailbox: Mailbox?, raw: String?) {
        let octets = Array(line.utf8)
        var raw: String?
        guard let verb = try? (parser ?? self.parser).verb(of: octets.span) else { return (nil, nil) }
        switch try? (parser ?? self.parser).parse(octets.span, verb: verb, rawPath: &raw) {
        case .mail(.mailbox(let mailbox), _), .rcpt(.mailbox(let mailbox), _): return (mailbox, raw)
        case _: return (nil, raw)
        }
    }

    @Test(arguments: [
        "MAIL FROM:<sender@example.test>", "RCPT TO:<u0@example.test>", "rcpt to:<A.b+c@x-1.example>",
        "RCPT TO:<a@b> NOTIFY=NEVER", "MAIL FROM:<.a..b.@under_score.example> SIZE=1000 BODY=8BITMIME",
        "RCPT TO:<a@localhost>", "RCPT TO:<!#$%&'*+-/=?^_`{|}~@0.1>", "RCPT TO:<a@b--c.d>",
    ])
    func `the usual form is read in one pass, as the grammar has it`(line: String) throws {
        let plain = try #require(self.plain(line))
        #expect(plain.mailbox == general(line).mailbox)
        #expect(plain.end == line.utf8.firstIndex(of: UInt8(ascii: ">"))?.utf16Offset(in: line).advanced(by: 1))
    }

    @Test(arguments: [
        "RCPT TO: <a@b>", "RCPT  TO:<a@b>", "RCPT TO:a@b", "RCPT TO:<a@b", "RCPT TO:<a@b>>", "RCPT TO:<<a@b>>",
        "RCPT TO:<a@b.>", "RCPT TO:<a@.b>", "RCPT TO:<a@b..c>", "RCPT TO:<a@-b>", "RCPT TO:<a@b->", "RCPT TO:<a@b.-c>",
        "RCPT TO:<a@b-.c>", "RCPT TO:<a@>", "RCPT TO:<@b>", "RCPT TO:<a>", "RCPT TO:<>", "RCPT TO:<\"a\"@b>",
        "RCPT TO:<a@[192.0.2.1]>", "RCPT TO:<j\u{F6}rg@b>", "RCPT TO:<a@b\u{F6}>", "RCPT TO:<@c:a@b>", "RCPT TO:<a @b>",
        "RCPT TO:<a@b>X", "RCPT FROM:<a@b>", "RCPT TO:", "RCPT TO", "RCPT", "RCPT ", "RCPT TO:<a@b\u{7F}>",
    ])
    func `every other form is left to the grammar`(line: String) {
        #expect(plain(line) == nil)
    }

    @Test func `a domain that comes again is read as it is, and no other is taken for it`() {
        var (end, recentDomain) = (0, "")
        let domains = [
            "example.org", "example.org", "Example.org", "example.orgs", "example.or", "example.net", "a.example.org",
            "a-domain-that-fits-no-word.example", "a-domain-that-fits-no-word.example",
            "a-domain-that-fits-no-word.exampl",
        ]
        for domain in domains {
            let line = Array("RCPT TO:<a@\(domain)>".utf8)
            let mailbox = parser.plainMailbox(line.span, .rcpt, end: &end, recentDomain: &recentDomain)
            #expect(mailbox == Mailbox(localPart: "a", domain: .name(domain)))
            #expect(end == line.count)
        }
        for rest in ["example.org.", "example.org", "example.org>x", ">"] {
            recentDomain = "example.org"
            let line = Array("RCPT TO:<a@\(rest)".utf8)
            #expect(parser.plainMailbox(line.span, .rcpt, end: &end, recentDomain: &recentDomain) == nil)
        }
    }

    @Test(arguments: [("localPart", 20), ("domain", 20), ("path", 20)])
    func `no limit is passed over`(limit: String, length: Int) {
        var limits = Limits()
        switch limit {
        case "localPart": limits.localPart = length
        case "domain": limits.domain = length
        case _: limits.path = length
        }
        let parser = CommandParser(limits: limits)
        for count in 1...2 * length {
            for line in [
                "RCPT TO:<\(String(repeating: "a", count: count))@b>",
                "RCPT TO:<a@\(String(repeating: "b", count: count))>",
            ] {
                #expect((plain(line, parser) == nil) == (general(line, parser).mailbox == nil), "\(line)")
            }
        }
    }

    @Test func `chance finds no line that the two read differently`() {
        var generator = SeededGenerator()
        let pieces = [
            "a", "Z", "9", "_", "-", ".", "@", "<", ">", " ", "\"", "\\", "[", "]", ":", ",", "+", "=", "\u{E9}", "\t",
            "ab.cd",
            "example.org", "SIZE=1",
        ]
        var plainLines = 0
        for _ in 0..<20_000 {
            let start = Bool.random(using: &generator) ? "MAIL FROM:<a" : "RCPT TO:<a"
            let middle = generator.text(of: pieces, atMost: 4)
            let line = "\(start)\(middle)@b\(generator.text(of: pieces, atMost: 3))>"
            guard let plain = plain(line) else { continue }
            plainLines += 1
            let general = general(line)
            let octets = Array(line.utf8)
            let isWhole = (try? ParameterParser.parse(octets.span, from: plain.end, policy: .lenient)) != nil
            #expect(general.mailbox == (isWhole && parser.isPrintable(octets) ? plain.mailbox : nil), "\(line)")
            #expect(general.raw == nil, "\(line)")
        }
        #expect(plainLines > 1_000)
    }
}

extension CommandParser {
    /// Whether a line holds no control character and only whole characters.
    fileprivate func isPrintable(_ line: [UInt8]) -> Bool { (try? checkOctets(line.span)) != nil }
}
