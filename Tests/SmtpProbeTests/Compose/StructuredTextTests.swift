import CommandLineSupport
import ProcessSupport
import Testing

@testable import smtp_probe

@Suite("Structured header fields", .timed)
struct StructuredTextTests {
    @Test(arguments: [
        (
            "Reply-To: Team: J\u{F6}rg <j@x.test>, ann@x.test;",
            "Reply-To: Team: =?utf-8?B?SsO2cmc=?= <j@x.test>, ann@x.test;"
        ),
        ("Reply-To: B\u{FC}ro: a@x.test;", "Reply-To: =?utf-8?B?QsO8cm8=?=: a@x.test;"),
        ("Reply-To: a@x.test (B\u{FC}ro)", "Reply-To: a@x.test (=?utf-8?B?QsO8cm8=?=)"),
        ("Reply-To: Team: a@b\u{FC}cher.test;", "Reply-To: Team: a@xn--bcher-kva.test;"),
        ("Reply-To: A (x) <a@b\u{FC}cher.test>", "Reply-To: \"A (x)\" <a@xn--bcher-kva.test>"),
        ("To: A <a@b\u{FC}cher.test>, b@x.test", "To: A <a@xn--bcher-kva.test>, b@x.test"),
        ("To: a@x.test (plain comment)", "To: a@x.test (plain comment)"),
        ("To: undisclosed-recipients:;", "To: undisclosed-recipients:;"),
        ("From: =?utf-8?Q?J=C3=B6rg?= <j@x.test>", "From: =?utf-8?Q?J=C3=B6rg?= <j@x.test>"),
        ("Subject: =?utf-8?B?w7w=?= and more", "Subject: =?utf-8?B?w7w=?= and more"),
        (
            "Content-Type: text/plain; charset=utf-8; name=\u{FC}.txt",
            "Content-Type: text/plain; charset=utf-8; name*=utf-8''%C3%BC.txt"
        ),
        (
            "Content-Disposition: attachment; filename=\"\u{FC}; 1.txt\"; size=3",
            "Content-Disposition: attachment; filename*=utf-8''%C3%BC%3B%201.txt; size=3"
        ),
        ("Content-Type: text/plain; name=\"a;b.txt\"", "Content-Type: text/plain; name=\"a;b.txt\""),
    ])
    func `are encoded where RFC 2047 and RFC 2231 allow it`(field: String, expected: String) throws {
        let text = String(decoding: try HeaderLine.parse(field).octets, as: UTF8.self)
        let unfolded = text.replacing("\r\n ", with: " ").replacing("\r\n", with: "")
        #expect(unfolded == expected)
        #expect(text.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 78 })
    }

    @Test(arguments: ["Message-ID: <\u{FC}@x.test>", "References: <a@\u{FC}.test>", "Date: f\u{FC}nf"])
    func `text beyond ASCII is refused where there is no form for it`(field: String) {
        #expect(throws: ValueError.self) { try HeaderLine.parse(field) }
    }

    @Test func `what only looks encoded is encoded`() throws {
        let text = String(decoding: try HeaderLine.parse("Subject: =?broken").octets, as: UTF8.self)
        #expect(!text.contains(" =?broken"))
    }
}
