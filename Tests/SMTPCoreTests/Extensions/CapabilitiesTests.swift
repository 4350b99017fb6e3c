import ProcessSupport
import SMTPCore
import Testing

@Suite("Capabilities", .timed)
struct CapabilitiesTests {
    @Test func `the list is read out of the reply and written into it`() {
        let reply = Reply(250, nil, lines: ["mx.example hello", "pipelining", "SIZE 1000", "AUTH PLAIN LOGIN"])
        let capabilities = Capabilities(reply)
        #expect(capabilities.greeting == "mx.example hello")
        #expect(capabilities.contains("PIPELINING"))
        #expect(capabilities["size"] == ["1000"])
        #expect(capabilities["AUTH"] == ["PLAIN", "LOGIN"])
        #expect(capabilities["CHUNKING"] == nil)
        #expect(capabilities.reply.lines == ["mx.example hello", "PIPELINING", "SIZE 1000", "AUTH PLAIN LOGIN"])
    }

    @Test func `the old form of AUTH is understood`() {
        #expect(Capabilities(Reply(250, nil, lines: ["x", "AUTH=LOGIN PLAIN"]))["AUTH"] == ["LOGIN", "PLAIN"])
    }

    @Test(arguments: [
        ("SIZE 1000", 1_000), ("SIZE 0", nil), ("SIZE", nil), ("SIZE many", nil), ("SIZE 18446744073709551616", nil),
        ("PIPELINING", nil),
    ])
    func `the size limit is the number after SIZE, and 0 means none`(line: String, limit: UInt64?) {
        #expect(Capabilities(Reply(250, nil, lines: ["mx.example", line])).sizeLimit == limit)
    }
}
