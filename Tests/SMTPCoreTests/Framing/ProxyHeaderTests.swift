import ProcessSupport
import Testing

@testable import SMTPCore

@Suite("Headers of proxies", .timed)
struct ProxyHeaderTests {
    private static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    private static func binary(_ command: UInt8, _ family: UInt8, _ rest: [UInt8]) -> [UInt8] {
        signature + [command, family, UInt8(rest.count >> 8), UInt8(rest.count & 0xFF)] + rest
    }

    private static let v4: [UInt8] = [192, 0, 2, 1, 198, 51, 100, 1, 0xC0, 0x00, 0, 25]
    private static let v6: [UInt8] =
        [0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [1] + [0x20, 0x01, 0x0D, 0xB8]
        + Array(repeating: 0, count: 11) + [2, 0xC0, 0x00, 0, 25]

    private static let known: [([UInt8], ProxyHeader)] = [
        (
            Array("PROXY TCP4 192.0.2.1 198.51.100.1 49152 25\r\n".utf8),
            ProxyHeader(source: .ip("192.0.2.1", port: 49_152), destination: .ip("198.51.100.1", port: 25))
        ),
        (
            Array("PROXY TCP6 2001:DB8::1 2001:db8:0::2 49152 25\r\n".utf8),
            ProxyHeader(source: .ip("2001:db8::1", port: 49_152), destination: .ip("2001:db8::2", port: 25))
        ),
        (Array("PROXY UNKNOWN\r\n".utf8), ProxyHeader()),
        (Array("PROXY UNKNOWN ffff:f...f:ffff 65535 whatever\r\n".utf8), ProxyHeader()),
        (
            binary(0x21, 0x11, v4),
            ProxyHeader(source: .ip("192.0.2.1", port: 49_152), destination: .ip("198.51.100.1", port: 25))
        ),
        (
            binary(0x21, 0x21, v6 + [0x04, 0, 3, 1, 2, 3]),
            ProxyHeader(source: .ip("2001:db8::1", port: 49_152), destination: .ip("2001:db8::2", port: 25))
        ),
        (binary(0x20, 0x11, v4), ProxyHeader()), (binary(0x20, 0x00, []), ProxyHeader()),
        (binary(0x21, 0x00, [1, 2, 3]), ProxyHeader()),
        (binary(0x21, 0x31, Array(repeating: 0, count: 216)), ProxyHeader()),
    ]

    @Test(arguments: known)
    func `a header is read, whatever comes behind and in whatever pieces`(octets: [UInt8], header: ProxyHeader) {
        #expect(ProxyHeader.parse((octets + Array("EHLO x\r\n".utf8)).span) == .header(header, length: octets.count))
        for count in octets.indices {
            #expect(ProxyHeader.parse(Array(octets[..<count]).span) == .incomplete, "\(count)")
        }
    }

    @Test(arguments: [
        "EHLO x\r\n", "PROXY\r\n", "PROXY \r\n", "PROXY TCP4\r\n", "PROXY TCP4 192.0.2.1 198.51.100.1 49152\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 49152 65536\r\n", "PROXY TCP4 192.0.2.256 198.51.100.1 49152 25\r\n",
        "PROXY TCP4 2001:db8::1 2001:db8::2 49152 25\r\n", "PROXY TCP6 192.0.2.1 198.51.100.1 49152 25\r\n",
        "PROXY TCP4 192.0.2.1  198.51.100.1 49152 25\r\n", "PROXY TCP4 192.0.2.1 198.51.100.1 49152 25 \r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 49152 25\n", "proxy TCP4 192.0.2.1 198.51.100.1 49152 25\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 -1 25\r\n", "PROXY UDP4 192.0.2.1 198.51.100.1 1 25\r\n", "\n", "\r\n\r\nX",
    ])
    func `what is no header of version 1 is none`(text: String) {
        #expect(ProxyHeader.parse(Array(text.utf8).span) == .malformed)
    }

    @Test func `version 1 has at most 107 octets`() {
        let room = ProxyHeader.maximumText - "PROXY UNKNOWN \r\n".utf8.count
        let longest = Array("PROXY UNKNOWN \(String(repeating: "x", count: room))\r\n".utf8)
        #expect(ProxyHeader.parse(longest.span) == .header(ProxyHeader(), length: 107))
        #expect(
            ProxyHeader.parse(Array("PROXY UNKNOWN \(String(repeating: "x", count: room))x\r\n".utf8).span)
                == .malformed)
        #expect(
            ProxyHeader.parse(Array("PROXY UNKNOWN \(String(repeating: "x", count: 1_000))".utf8).span) == .malformed)
    }

    @Test(arguments: [
        binary(0x11, 0x11, v4), binary(0x22, 0x11, v4), binary(0x21, 0x12, v4),
        binary(0x21, 0x11, Array(v4.dropLast())),
        binary(0x21, 0x21, Array(v6.dropLast())), binary(0x21, 0x41, v4),
        binary(0x21, 0x11, v4 + Array(repeating: 0, count: ProxyHeader.maximumBinary)),
    ])
    func `what is no header of version 2 is none`(octets: [UInt8]) {
        #expect(ProxyHeader.parse(octets.span) == .malformed)
    }

    @Test func `version 2 is taken up to its limit`() {
        let padding = [UInt8](repeating: 0, count: ProxyHeader.maximumBinary - 16 - Self.v4.count)
        let longest = Self.binary(0x21, 0x11, Self.v4 + padding)
        #expect(longest.count == ProxyHeader.maximumBinary)
        guard case .header(_, ProxyHeader.maximumBinary) = ProxyHeader.parse(longest.span) else {
            Issue.record("the longest header is not taken")
            return
        }
    }
}
