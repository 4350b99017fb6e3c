import CommandLineSupport
import SMTPKit
import Testing

@testable import smtpd_lite

@Suite("Values of options")
struct ValueTests {
    @Test(arguments: [
        ("0", 0), ("1000", 1000), ("1000B", 1000), ("512K", 524_288), ("10m", 10_485_760), ("2G", 2_147_483_648),
        ("512kB", 524_288), ("10M", 10_485_760), ("10MB", 10_485_760), ("10MiB", 10_485_760), ("1GIB", 1_073_741_824),
    ])
    func `a size is read`(text: String, octets: Int) throws {
        #expect(try ByteCount.parse(text) == octets)
    }

    @Test(arguments: [
        "", "K", "-1", "+1", "1.5M", "1T", " 1", "1 K", "1MBB", "1iB", "1Mi", "1 MB", "M1", "9999999999999999999",
        "9999999999999G", "0x10",
    ])
    func `what is no size is refused`(text: String) {
        #expect(throws: ValueError.self) { try ByteCount.parse(text) }
    }

    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("30s", .seconds(30)), ("5m", .seconds(300)), ("1h", .seconds(3600)),
        ("366m", .seconds(21_960)), ("30", .seconds(30)), ("1.5s", .milliseconds(1500)), ("0.5", .milliseconds(500)),
        ("1m30s", .seconds(90)), ("1h30m", .seconds(5400)), ("1h1m1s1ms", .milliseconds(3_661_001)),
        ("1.5h", .seconds(5400)), ("0.25ms", .microseconds(250)), ("1m0s", .seconds(60)),
        ("8784h", .seconds(31_622_400)),
        ("0.000001", .microseconds(1)),
    ])
    func `a duration is read`(text: String, duration: Duration) throws {
        #expect(try TimeSpan.parse(text) == duration)
    }

    @Test(arguments: [
        "", "s", "0", "0s", "0.0", "-1s", "1d", "5 s", "99999999999h", "8785h", "٣s", "1s1m", "1m30", "30s30s", "1.2.3",
        ".5", "1.", "1.s", "1e3", "0.0000001", "1S", "1ms1s", "1h2", "+1",
    ])
    func `what is no duration is refused`(text: String) {
        #expect(throws: ValueError.self) { try TimeSpan.parse(text) }
    }

    @Test(arguments: [
        ("2525", ListenAddress.tcp(host: "127.0.0.1", port: 2525)), ("0", .tcp(host: "127.0.0.1", port: 0)),
        ("192.0.2.1:25", .tcp(host: "192.0.2.1", port: 25)), ("[::1]:65535", .tcp(host: "::1", port: 65535)),
        ("localhost:0", .tcp(host: "localhost", port: 0)), ("unix:/run/smtp.sock", .unix(path: "/run/smtp.sock")),
    ])
    func `an address is read`(text: String, address: ListenAddress) throws {
        #expect(try ListenValue.parse(text) == ListenValue(address))
    }

    @Test(arguments: [("unix:a,mode=660", "a", 0o660), ("unix:a,b,mode=0600", "a,b", 0o600), ("unix:a,mode=0", "a", 0)])
    func `the mode of a UNIX socket is read`(text: String, path: String, mode: UInt32) throws {
        #expect(try ListenValue.parse(text) == ListenValue(.unix(path: path), mode: mode))
    }

    @Test(arguments: [
        "", "x", "host", "host:", "host:65536", "host:-1", "::1", "::1:25", "[]:25", "a b:25", "unix:",
        "unix:" + String(repeating: "x", count: 108), "1:2:3", "unix:a,mode=", "unix:a,mode=888", "unix:a,mode=1777",
        "unix:,mode=660", "unix:a,mode=rw",
    ])
    func `what is no address is refused`(text: String) {
        #expect(throws: ValueError.self) { try ListenValue.parse(text) }
    }

    @Test(arguments: ["mx.example", "localhost", "[192.0.2.1]", "[IPv6:2001:db8::1]", "my_host"])
    func `a name is taken`(text: String) throws {
        #expect(try HostName.parse(text) == text)
    }

    @Test(arguments: ["", "a b", "a\r\nb", ".example", "-x", "[]", "a:b", "bücher", String(repeating: "x", count: 256)])
    func `what is no name is refused`(text: String) {
        #expect(throws: ValueError.self) { try HostName.parse(text) }
    }

    @Test(arguments: ["\r\n", "\u{1B}[31m", "grüß", String(repeating: "x", count: 201)])
    func `a banner that would break the greeting is refused`(text: String) {
        #expect(throws: ValueError.self) { try ServerText.banner(text) }
    }

    @Test func `extensions are named in any case`() throws {
        #expect(try ExtensionList.parse("size,Pipelining") == [.size, .pipelining])
        #expect(throws: ValueError.self) { try ExtensionList.parse("SIZE,") }
        #expect(throws: ValueError.self) { try ExtensionList.parse("STARTTLSX") }
    }
}
