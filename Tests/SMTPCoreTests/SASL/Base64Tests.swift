import ProcessSupport
import Testing

@testable import SMTPCore

@Suite("Base64", .timed)
struct Base64Tests {
    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `the vectors of the RFC hold both ways`(plain: String, encoded: String) {
        #expect(Base64.encode(plain.utf8) == octets(encoded))
        #expect(Base64.decode(octets(encoded)) == octets(plain))
    }

    @Test
    func `all octets survive`() {
        let all = (0...255).map { UInt8($0) }
        #expect(Base64.decode(Base64.encode(all)) == all)
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "====", "=Zg=", "Z===", "Zg==Zg==", "Zm9v Zm9v", "Zm9v\r\n", "Zm-_",
        "Zm9vé",
    ])
    func `what is not strictly base64 is refused`(text: String) {
        #expect(Base64.decode(octets(text)) == nil)
    }

    @Test
    func `a megabyte is decoded`() {
        let text = [UInt8](repeating: UInt8(ascii: "A"), count: 1 << 20)
        #expect(Base64.decode(text)?.count == 3 << 18)
    }
}
