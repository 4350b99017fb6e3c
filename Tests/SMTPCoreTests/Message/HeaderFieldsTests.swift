import SMTPCore
import Testing

@Suite("Header fields")
struct HeaderFieldsTests {
    static func parse(_ text: String, _ bounds: HeaderFields.Bounds = .init()) -> HeaderFields {
        let octets = Array(text.utf8)
        return HeaderFields(parsing: octets.span, bounds: bounds)
    }

    static func pairs(_ header: HeaderFields) -> [String] { header.fields.map { "\($0.name)=\($0.value)" } }

    @Test(arguments: [
        ("A: b\r\n\r\nC: d\r\n", ["A=b"]), ("A: b\nC:d\n\nE: f", ["A=b", "C=d"]), ("", []), ("\r\nA: b\r\n", []),
        ("A: b\r\n c\r\n\td\r\n\r\n", ["A=b c\td"]), ("A: b", ["A=b"]), ("A:\r\n b\r\n", ["A=b"]),
        ("A :b\r\n", ["A=b"]),
        ("no colon\r\n A: b\r\nC: d\r\n", []), (" x\r\nA: b\r\n", []), (": b\r\nC: d\r\n", []),
        ("A: b\r\nno field\r\nC: d\r\n", ["A=b"]), ("A: b\r\nno field", ["A=b"]),
        ("C: \u{FC}\r\nB\u{FC}: b\r\nA: b\r\n", ["C=\u{FC}"]), ("A: b:c  \r\n", ["A=b:c"]), ("A: \t \r\n", ["A="]),
    ])
    func `fields are unfolded, and what is none ends the header`(text: String, expected: [String]) {
        let header = Self.parse(text)
        #expect(Self.pairs(header) == expected)
        #expect(!header.isTruncated)
    }

    @Test
    func `names are found whatever their case`() {
        let header = Self.parse("Received: 1\r\nSUBJECT: x\r\nreceived: 2\r\n\r\n")
        #expect(header["subject"]?.value == "x")
        #expect(header.all("RECEIVED").map(\.value) == ["1", "2"])
        #expect(header["Subjec"] == nil)
    }

    @Test(arguments: [(2, false), (3, false), (1, true)])
    func `no more fields are read than allowed`(limit: Int, isTruncated: Bool) {
        let header = Self.parse("A: 1\r\nB: 2\r\n\r\n", .init(fields: limit))
        #expect(header.isTruncated == isTruncated)
        #expect(header.fields.count == min(limit, 2))
    }

    @Test(arguments: [(14, false), (13, true), (7, true)])
    func `no more octets are read than allowed`(limit: Int, isTruncated: Bool) {
        let header = Self.parse("A: 1\r\nB: 2\r\n\r\nbody", .init(octets: limit))
        #expect(header.isTruncated == isTruncated)
        #expect(Self.pairs(header).first == (limit == 7 ? nil : "A=1"))
    }

    @Test
    func `octets that are no text stay as they came`() {
        let octets: [UInt8] = Array("A: ".utf8) + [0xFF, 0xFE, 13, 10]
        #expect(HeaderFields(parsing: octets.span).fields.map(\.octets) == [[0xFF, 0xFE]])
    }
}
