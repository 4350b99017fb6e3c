import ProcessSupport
import Testing

@testable import SMTPCore

@Suite("Address literals", .timed)
struct AddressLiteralTests {
    @Test(arguments: [
        "192.0.2.1", "0.0.0.0", "255.255.255.255", "IPv6:2001:db8::1", "IPv6:::", "IPv6:::1", "IPv6:1::",
        "IPv6:1:2:3:4:5:6:7:8", "IPv6:::ffff:192.0.2.1", "IPv6:1:2:3:4:5:6:192.0.2.1", "ipv6:2001:DB8:0:0:0:0:0:1",
        "IPv6:1:2:3:4:5:6:7::", "x400:anything", "tag-1:a",
    ])
    func `addresses are taken`(content: String) {
        #expect(AddressLiteral.isValid(content))
    }

    @Test(arguments: [
        "", "192.0.2", "192.0.2.256", "192.0.2.1.5", "192.0.2.", "1920.0.2.1", "a.b.c.d", "IPv6:", "IPv6::",
        "IPv6:1:2:3:4:5:6:7", "IPv6:1:2:3:4:5:6:7:8:9", "IPv6:1::2::3", "IPv6:12345::", "IPv6:g::", "IPv6::::",
        "IPv6:1:2:3:4:5:6:7:8::", "IPv6:192.0.2.1::", "IPv6:1:2:3:4:5:6:7:192.0.2.1", "IPv6:1:", ":x", "tag:", "t@g:x",
        "tag-:x",
    ])
    func `what is no address is refused`(content: String) {
        #expect(!AddressLiteral.isValid(content))
    }
}
