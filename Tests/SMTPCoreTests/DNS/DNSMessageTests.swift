import ProcessSupport
import SMTPCore
import Testing

@Suite("DNS messages", .timed)
struct DNSMessageTests {
    private static let question = DNSQuestion(id: 0x1234, name: "mx.example", kind: .mx)
    private static let name: [UInt8] = [2] + Array("mx".utf8) + [7] + Array("example".utf8) + [0]

    /// A response to the question, with records as bytes.
    private static func response(flags: (UInt8, UInt8) = (0x81, 0x80), kind: UInt8 = 15, _ records: [[UInt8]])
        -> [UInt8]
    {
        [0x12, 0x34, flags.0, flags.1, 0, 1, 0, UInt8(records.count), 0, 0, 0, 0] + name + [0, kind, 0, 1]
            + records.flatMap { $0 }
    }

    /// A record of the question's name.
    private static func record(_ kind: UInt8, _ data: [UInt8], name: [UInt8] = [0xC0, 12]) -> [UInt8] {
        name + [0, kind, 0, 1, 0, 0, 0, 9, UInt8(data.count >> 8), UInt8(data.count & 0xFF)] + data
    }

    private static func data(_ kind: UInt8, _ data: [UInt8]) throws(DNSMessageError) -> DNSRecord.Data? {
        try DNSMessage(parsing: response([record(kind, data)])).answers.first?.data
    }

    @Test func `each record type is read`() throws {
        #expect(try Self.data(1, [192, 0, 2, 1]) == .address("192.0.2.1"))
        #expect(
            try Self.data(28, [0x20, 1, 13, 184] + Array(repeating: 0, count: 11) + [1]) == .address("2001:db8::1"))
        #expect(try Self.data(5, [1, 97, 0xC0, 15]) == .name("a.example"))
        #expect(try Self.data(12, [0xC0, 12]) == .name("mx.example"))
        #expect(try Self.data(15, [0, 10, 0xC0, 12]) == .mailExchanger(preference: 10, host: "mx.example"))
        #expect(try Self.data(15, [0, 0, 0]) == .mailExchanger(preference: 0, host: ""))
        #expect(try Self.data(16, [2, 97, 98, 1, 99]) == .text(Array("abc".utf8)))
        #expect(
            try Self.data(52, [3, 1, 1, 0xAB]) == .association(usage: 3, selector: 1, matching: 1, data: [0xAB]))
        #expect(try Self.data(99, [1, 2, 3]) == nil)
    }

    @Test func `flags tell truncation, validation and the response code apart`() throws {
        let truncated = try DNSMessage(parsing: Self.response(flags: (0x83, 0x80), [[0xC0]]))
        #expect(truncated.isTruncated && truncated.answers.isEmpty)
        #expect(try DNSMessage(parsing: Self.response(flags: (0x81, 0xA0), [])).isAuthenticated)
        #expect(try DNSMessage(parsing: Self.response(flags: (0x81, 0x83), [])).code == 3)
    }

    @Test func `a response has to repeat number, name and type`() throws {
        let message = try DNSMessage(parsing: Self.response([]))
        #expect(message.answers(Self.question))
        #expect(message.answers(DNSQuestion(id: 0x1234, name: "MX.Example.", kind: .mx)))
        #expect(!message.answers(DNSQuestion(id: 0x1235, name: "mx.example", kind: .mx)))
        #expect(!message.answers(DNSQuestion(id: 0x1234, name: "my.example", kind: .mx)))
        #expect(!message.answers(DNSQuestion(id: 0x1234, name: "mx.example", kind: .a)))
    }

    @Test func `names that loop or are too long are refused`() {
        let loop: [UInt8] = [0xC0, 12 + 12 + 4]
        for name in [loop, [0xC0, 0xFF], [0x40, 0], [0xFF, 0xFF]] {
            #expect(throws: DNSMessageError.self) { () throws in
                try DNSMessage(parsing: Self.response([Self.record(1, [192, 0, 2, 1], name: name)]))
            }
        }
        let label = [UInt8](repeating: 63, count: 64)
        let long = label + label + label + label + label + [0]
        #expect(throws: DNSMessageError.invalidName) { () throws in
            try DNSMessage(parsing: Self.response([Self.record(5, long)]))
        }
    }

    @Test func `bytes of a name that are no label characters are escaped`() throws {
        #expect(try Self.data(5, [4, 97, 46, 7, 200, 0]) == .name("a\\.\\007\\200"))
    }

    @Test(
        arguments: [
            (1, [192, 0, 2]), (28, [1]), (15, [0]), (15, [0, 10, 0xC0, 12, 0]), (16, [5, 97]), (52, [3, 1]), (5, []),
        ] as [(UInt8, [UInt8])])
    func `a record of the wrong length is refused`(kind: UInt8, data: [UInt8]) {
        #expect(throws: DNSMessageError.self) { () throws in try Self.data(kind, data) }
    }

    @Test func `every prefix of a response is refused, and none is trapped on`() throws {
        let whole = Self.response([Self.record(15, [0, 10, 0xC0, 12]), Self.record(16, [2, 97, 98])])
        #expect(try DNSMessage(parsing: whole).answers.count == 2)
        for count in 0..<whole.count {
            #expect(throws: DNSMessageError.self) { () throws in try DNSMessage(parsing: Array(whole.prefix(count))) }
        }
    }

    @Test func `no more than a limit of records is kept`() throws {
        let record = Self.record(1, [192, 0, 2, 1])
        let message = try DNSMessage(parsing: Self.response(Array(repeating: record, count: 250)))
        #expect(message.answers.count == DNSMessage.maximumRecords)
    }

    @Test(
        arguments: [
            ("exa\\.ple.org", [[101, 120, 97, 46, 112, 108, 101], [111, 114, 103]], "exa\\.ple.org"),
            ("a\\.", [[97, 46]], "a\\."), ("a\\..", [[97, 46]], "a\\."), ("a.b.", [[97], [98]], "a.b"),
            ("a\\\\.b", [[97, 92], [98]], "a\\\\.b"), ("\\007\\200", [[7, 200]], "\\007\\200"),
            ("\\046", [[46]], "\\."), ("\\a", [[97]], "a"), ("\\999", [[92, 57, 57, 57]], "\\\\999"),
            ("a\\", [[97, 92]], "a\\\\"), ("\u{E4}", [[195, 164]], "\\195\\164"), ("", [], ""), (".", [], ""),
        ] as [(String, [[UInt8]], String)])
    func `a question has the labels of its name`(name: String, labels: [[UInt8]], text: String) throws {
        let question = DNSQuestion(id: 0x1234, name: name, kind: .mx)
        #expect(question.name == text)
        var octets = question.octets
        var expected: [UInt8] = []
        for label in labels { expected += [UInt8(label.count)] + label }
        expected += [0, 0, 15, 0, 1]
        #expect(Array(octets.dropFirst(12)) == expected)
        octets[2] |= 0x80
        #expect(try DNSMessage(parsing: octets).answers(question))
    }

    @Test func `a question asks for recursion and validation`() {
        #expect(Self.question.octets == [0x12, 0x34, 0x01, 0x20, 0, 1, 0, 0, 0, 0, 0, 0] + Self.name + [0, 15, 0, 1])
    }
}
