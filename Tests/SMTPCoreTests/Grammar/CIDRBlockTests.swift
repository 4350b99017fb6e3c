import ProcessSupport
import Testing

@testable import SMTPCore

@Suite("Networks", .timed)
struct CIDRBlockTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "127.0.0.2", false), ("10.0.0.0/8", "10.255.0.1", true),
        ("10.0.0.0/8", "11.0.0.1", false), ("192.0.2.128/25", "192.0.2.127", false), ("0.0.0.0/0", "8.8.8.8", true),
        ("192.0.2.128/25", "192.0.2.255", true), ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/32", "2001:db9::1", false), ("::1", "::1", true), ("::/0", "127.0.0.1", false),
        ("127.0.0.0/8", "::ffff:127.0.0.1", true), ("fe80::/10", "fe80::1%eth0", true), ("::/0", "fe80::1", true),
        ("127.0.0.1", "localhost", false), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:0.7.0.8", true),
    ])
    func `an address is in a network or not`(network: String, address: String, isInside: Bool) throws {
        #expect(try #require(CIDRBlock(network)).contains(address) == isInside)
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0.1/8", "::1/64", "::/129",
        "localhost", "10.0.0/8", "10.0.0.0/ 8", "[::1]",
    ])
    func `what is no network is refused`(text: String) {
        #expect(CIDRBlock(text) == nil)
    }

    @Test(arguments: [
        ("2001:db8:0:0:0:0:0:0", "2001:db8::"), ("0:0:0:0:0:0:0:1", "::1"), ("::", "::"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
        ("1:0:0:2:0:0:3:4", "1::2:0:0:3:4"), ("192.0.2.1", "192.0.2.1"), ("::FFFF:192.0.2.1", "::ffff:c000:201"),
    ])
    func `addresses are written in one way`(text: String, canonical: String) throws {
        #expect(IPAddressText.text(try #require(IPAddressText.octets(text))) == canonical)
    }

    @Test func `a network is written with its length`() throws {
        #expect("\(try #require(CIDRBlock("127.0.0.1")))" == "127.0.0.1/32")
        #expect("\(try #require(CIDRBlock("2001:DB8::/32")))" == "2001:db8::/32")
    }
}
