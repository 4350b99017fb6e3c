import ProcessSupport
import SMTPCore
import Testing

@Suite("Code query", .timed)
struct CodeQueryTests {
    @Test(arguments: [
        ("5.7.1", "5.7.1"), ("X.7.1", "X.7.1"), ("x.7.1", "X.7.1"), ("5.7", "5.7.x"), ("5.7.x", "5.7.x"),
        ("X.7", "X.7.x"), ("5.x.x", "5xx"), ("5.XXX.YYY", "5xx"), ("550", "550"), ("5xx", "5xx"), ("4XX", "4xx"),
        ("55x", "55x"), (" 5.1.1\n", "5.1.1"), ("101", "101"), ("EX_NOUSER", "EX_NOUSER"),
        ("ex_tempfail", "EX_TEMPFAIL"),
        ("5.999.999", "5.999.999"), ("2.0.0", "2.0.0"), ("354", "354"), ("3xx", "3xx"),
    ])
    func `a code or pattern is read`(text: String, expected: String) throws {
        #expect(try CodeQuery(exactly: text).description == expected)
    }

    @Test(arguments: [
        ("", CodeQuery.Problem.empty), ("  \t", .empty), ("5.01.1", .leadingZero), ("5.1.00", .leadingZero),
        ("0550", .leadingZero), ("05.1.1", .leadingZero), ("6.1.1", .unknownClass), ("3.1.1", .unknownClass),
        ("1.1.1", .unknownClass), ("600", .unknownClass), ("6xx", .unknownClass), ("5.1.1000", .numberTooBig),
        ("5000", .numberTooBig), ("5.18446744073709551616.1", .numberTooBig), ("5", .malformed), ("50", .malformed),
        ("5.", .malformed), (".7.1", .malformed), ("5..1", .malformed), ("5.1.1.1", .malformed), ("X.X.1", .malformed),
        ("5.x.1", .malformed), ("5x5", .malformed), ("5.1x.1", .malformed), ("X.x.x", .malformed), ("abc", .noCode),
        ("-5.1.1", .noCode), ("5,1,1", .noCode), ("EX_NONSENSE", .noCode), ("５.１.１", .noCode), ("\0", .noCode),
    ])
    func `what is no code is refused with the reason`(text: String, expected: CodeQuery.Problem) {
        #expect(throws: expected) { try CodeQuery(exactly: text) }
    }

    @Test func `every three-digit number and every status of three numbers is read back as written`() throws {
        for number in 200...599 {
            #expect(try CodeQuery(exactly: "\(number)") == .reply(UInt16(number)))
        }
        for kind in [2, 4, 5] {
            for subject in [0, 1, 7, 8, 99, 999] {
                for detail in [0, 1, 30, 100, 999] {
                    let text = "\(kind).\(subject).\(detail)"
                    #expect(try CodeQuery(exactly: text).description == text)
                }
            }
        }
    }
}
