import ProcessSupport
import SMTPCore
import Testing

@Suite("Commands", .timed)
struct CommandTests {
    private func parse(_ line: String, _ policy: SyntaxPolicy = .lenient) throws(SyntaxError) -> Command {
        let octets = Array(line.utf8)
        return try CommandParser(policy: policy).parse(octets.span)
    }

    private static func mailbox(_ local: String, _ domain: String) -> Mailbox {
        Mailbox(localPart: local, domain: .name(domain))
    }

    private static let pairs: [(String, Command)] = [
        ("HELO a.example", .helo("a.example")),
        ("EHLO [192.0.2.1]", .ehlo("[192.0.2.1]")),
        ("LHLO a.example", .lhlo("a.example")),
        ("MAIL FROM:<>", .mail(.null, [])),
        ("MAIL FROM:<a@b.example>", .mail(.mailbox(mailbox("a", "b.example")), [])),
        ("MAIL FROM:<\"a b\"@b.example>", .mail(.mailbox(mailbox("a b", "b.example")), [])),
        ("MAIL FROM:<\"a\\\"b\\\\\"@b.example>", .mail(.mailbox(mailbox("a\"b\\", "b.example")), [])),
        (
            "MAIL FROM:<A.b@b.example> SIZE=10 BODY=8BITMIME SMTPUTF8",
            .mail(
                .mailbox(mailbox("A.b", "b.example")),
                [ESMTPParameter("SIZE", "10"), ESMTPParameter("BODY", "8BITMIME"), ESMTPParameter("SMTPUTF8")])
        ),
        ("RCPT TO:<postmaster>", .rcpt(.postmaster("postmaster"), [])),
        ("RCPT TO:<PostMaster>", .rcpt(.postmaster("PostMaster"), [])),
        (
            "RCPT TO:<a@[IPv6:::1]>",
            .rcpt(.mailbox(Mailbox(localPart: "a", domain: .literal("[IPv6:::1]"))), [])
        ),
        ("RCPT TO:<jörg@bücher.example>", .rcpt(.mailbox(mailbox("jörg", "bücher.example")), [])),
        ("DATA", .data), ("BDAT 0 LAST", .bdat(size: 0, isLast: true)), ("BDAT 10", .bdat(size: 10, isLast: false)),
        ("RSET", .rset), ("NOOP", .noop), ("QUIT", .quit),
        ("VRFY Smith", .vrfy("Smith")), ("EXPN list SMTPUTF8", .expn("list", takesUTF8: true)),
        ("EXPN list", .expn("list")), ("HELP", .help(nil)),
        ("HELP MAIL", .help("MAIL")),
        (
            "XCLIENT NAME=a+2Bb.example ADDR=IPV6:2001:db8::1 PORT=25 HELO=[UNAVAILABLE] PROTO=ESMTP",
            .xclient([
                .name("a+b.example"), .address("2001:db8::1"), .port(25), .hello(nil), .helloVerb(.ehlo),
            ])
        ),
        (
            "XCLIENT LOGIN=ann DESTADDR=192.0.2.1 DESTPORT=[UNAVAILABLE] PROTO=LMTP",
            .xclient([.login("ann"), .destinationAddress("192.0.2.1"), .destinationPort(nil), .helloVerb(.lhlo)])
        ),
    ]

    @Test(arguments: pairs)
    func `commands are read and written alike`(line: String, command: Command) throws {
        #expect(try parse(line) == command)
        #expect(try parse(line, .strict) == command)
        #expect(String(decoding: CommandSerializer.line(command), as: UTF8.self) == line + "\r\n")
    }

    @Test(arguments: [
        ("mail from:<a@b.example>", "MAIL FROM:<a@b.example>"),
        ("MAIL FROM: <a@b.example>", "MAIL FROM:<a@b.example>"),
        ("MAIL FROM:a@b.example SIZE=1", "MAIL FROM:<a@b.example> SIZE=1"),
        ("MAIL FROM:<a@b.example>  SIZE=1  ", "MAIL FROM:<a@b.example> SIZE=1"),
        ("RCPT TO:<@x.example,@y.example:a@b.example>", "RCPT TO:<a@b.example>"),
        ("RCPT TO:<a..b.@b.example>", "RCPT TO:<\"a..b.\"@b.example>"),
        ("RCPT TO:<a@under_score.example>", "RCPT TO:<a@under_score.example>"),
        ("MAIL FROM:<root>", "MAIL FROM:<root>"), ("MAIL FROM:< a@b.example. >", "MAIL FROM:<a@b.example>"),
        ("RCPT TO:<<a@b.example>> NOTIFY=NEVER", "RCPT TO:<a@b.example> NOTIFY=NEVER"),
        ("RCPT TO:Joe <a@b.example>", "RCPT TO:<a@b.example>"), ("MAIL FROM:root AUTH=<>", "MAIL FROM:<root> AUTH=<>"),
        ("EHLO a b", "EHLO a b"), ("EHLO bücher", "EHLO bücher"),
        ("RCPT TO:<a@@b.example>", "RCPT TO:<\"a@\"@b.example>"),
        ("RCPT TO:<a@b@c.example>", "RCPT TO:<\"a@b\"@c.example>"),
        ("MAIL FROM:<@b.example>", "MAIL FROM:<\"\"@b.example>"),
        ("MAIL FROM:<a:b@c.example>", "MAIL FROM:<\"a:b\"@c.example>"),
        ("RCPT TO:<a(c (d\\)))@b.example>", "RCPT TO:<a@b.example>"),
        ("RCPT TO:<a@b.example(c)>", "RCPT TO:<a@b.example>"),
        ("RCPT TO:<a\\ b@c.example>", "RCPT TO:<\"a b\"@c.example>"), ("RCPT TO:<a\\@b>", "RCPT TO:<\"a@b\">"),
        ("MAIL FROM:mailto:a@b.example SIZE=1", "MAIL FROM:<\"mailto:a\"@b.example> SIZE=1"),
        ("MAIL FROM:<a.\"b c\"@d.example>", "MAIL FROM:<\"a.b c\"@d.example>"),
        ("RCPT TO:<a:b@[192.0.2.1]>", "RCPT TO:<\"a:b\"@[192.0.2.1]>"),
        (" NOOP", "NOOP"), ("\tNOOP\t", "NOOP"),
        ("MAIL\tFROM:\t<a@b.example>\tSIZE=1", "MAIL FROM:<a@b.example> SIZE=1"),
        ("EHLO a\tb", "EHLO a b"),
        ("DATA ", "DATA"), ("NOOP any thing", "NOOP"), ("VRFY jörg smtputf8", "VRFY jörg SMTPUTF8"),
    ])
    func `what every server takes is taken`(line: String, canonical: String) throws {
        let command = try parse(line)
        #expect(String(decoding: CommandSerializer.line(command), as: UTF8.self) == canonical + "\r\n")
    }

    @Test(arguments: [
        "MAIL FROM: <a@b.example>", "MAIL FROM:a@b.example", "RCPT TO:<a..b@b.example>", "RCPT TO:<.a@b.example>",
        "RCPT TO:<a@under_score.example>", "EHLO a b", "EHLO bücher", "MAIL FROM:<a>", "MAIL FROM:<postmaster>",
        "MAIL FROM:<a@b.>", "RCPT TO:<<a@b.example>>", "RCPT TO:Joe <a@b.example>", "RCPT TO:< a@b.example>",
        "RCPT TO:<a@@b>", "MAIL FROM:<@b>", "RCPT TO:<a(c)@b>", " NOOP", "NOOP\t",
    ])
    func `the strict policy takes nothing that the grammar does not`(line: String) {
        #expect(throws: SyntaxError.self) { try parse(line, .strict) }
    }

    private static let faults: [(String, SyntaxError)] = [
        ("", .notACommand), (" ", .notACommand), ("WHAT", .unknownVerb), ("NOOPS", .unknownVerb),
        ("EHLO", .missingArgument), ("EHLO ", .missingArgument), ("MAIL", .missingArgument), ("RCPT", .missingArgument),
        ("VRFY", .missingArgument), ("MAIL FROM:", .missingArgument), ("MAIL TO:<a@b>", .invalidArgument),
        ("MAIL FROM", .invalidArgument),
        ("MAIL FROM:<a@>", .invalidPath), ("MAIL FROM:<@>", .invalidPath), ("MAIL FROM:<a@b", .invalidPath),
        ("MAIL FROM:<a b@c>", .invalidPath), ("MAIL FROM:<a,b@c>", .invalidPath), ("MAIL FROM:<a@-b>", .invalidPath),
        ("MAIL FROM:<a;b@c>", .invalidPath), ("MAIL FROM:<a(b@c>", .invalidPath), ("MAIL FROM:<a\\", .invalidPath),
        ("MAIL FROM:<[a]@b>", .invalidPath), ("MAIL FROM:<a@b@>", .invalidPath), ("MAIL FROM:<a@b<c>", .invalidPath),
        ("MAIL FROM:<a@b..c>", .invalidPath), ("MAIL FROM:<\"a@b>", .invalidPath),
        ("MAIL FROM:<a@[1.2.3]>", .invalidPath), ("MAIL FROM:<a@[1.2.3.4>", .invalidPath), ("RCPT TO:<>", .invalidPath),
        ("MAIL FROM:<a@b>SIZE=1", .unexpectedArgument), ("MAIL FROM:<a@b> =1", .invalidParameter),
        ("MAIL FROM:<a@b> SIZE=", .invalidParameter), ("MAIL FROM:<a@b> A=b=c", .invalidParameter),
        ("MAIL FROM:<a@b> -A", .invalidParameter), ("MAIL FROM:<a@b> A=1 a=2", .duplicateParameter),
        ("DATA now", .unexpectedArgument), ("RSET x", .unexpectedArgument), ("NOOP \0", .controlCharacter),
        ("NOOP \u{7F}", .controlCharacter), ("NOOP \u{B}", .controlCharacter),
    ]

    @Test(arguments: faults)
    func `each fault has its name`(line: String, fault: SyntaxError) {
        #expect(throws: fault) { try parse(line) }
    }

    @Test func `octets that are not UTF-8 are refused`() {
        let octets: [UInt8] = Array("RCPT TO:<".utf8) + [0xC3, 0x28] + Array("@b.example>".utf8)
        #expect(throws: SyntaxError.invalidUTF8) { try CommandParser().parse(octets.span) }
    }

    @Test func `nothing can be injected through a command`() {
        let line = CommandSerializer.line(.ehlo("a\r\nRSET\0"))
        #expect(String(decoding: line, as: UTF8.self) == "EHLO aRSET\r\n")
    }
}
