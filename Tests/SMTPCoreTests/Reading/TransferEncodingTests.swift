import ProcessSupport
import Testing

@testable import SMTPCore

@Suite("Transfer encodings", .timed)
struct TransferEncodingTests {
    private func decoded(_ text: String, _ encoding: TransferEncoding) -> String {
        String(decoding: encoding.decode(Array(text.utf8)[...]), as: UTF8.self)
    }

    @Test(arguments: [
        ("base64", TransferEncoding.base64), ("BASE64", .base64), (" Quoted-Printable ", .quotedPrintable),
        ("quoted-printable; x", .quotedPrintable), ("8bit", .identity), ("", .identity), ("x-uuencode", .identity),
    ])
    func `are named in any case`(name: String, encoding: TransferEncoding) {
        #expect(TransferEncoding(name) == encoding)
    }

    @Test(arguments: [
        ("a=3Db", "a=b"), ("=C3=BC", "ü"), ("=c3=bc", "ü"), ("long=\r\nline", "longline"), ("long=\nline", "longline"),
        ("soft= \t\r\nline", "softline"), ("blank \t\r\nnext", "blank\r\nnext"), ("end=", "end"), ("a=zz", "a=zz"),
        ("=4", "=4"), ("a b", "a b"), ("trailing  ", "trailing"), ("", ""),
    ])
    func `quoted-printable is read, also where it is wrong`(text: String, meaning: String) {
        #expect(decoded(text, .quotedPrintable) == meaning)
    }

    @Test(arguments: [
        ("SGVsbG8=", "Hello"), ("SGVs\r\nbG8=\r\n", "Hello"), ("SGVsbG8", "Hello"), ("SGVsbG8=SGVsbG8=", "HelloHello"),
        ("S G!V*s", "Hel"), ("====", ""), ("A", ""), ("", ""), ("SGVsbA==", "Hell"),
    ])
    func `base64 is read, also where it is wrong`(text: String, meaning: String) {
        #expect(decoded(text, .base64) == meaning)
    }

    @Test func `random octets are read somehow, and never grow`() {
        var random = SeededGenerator()
        for _ in 0..<500 {
            let octets = random.octets(atMost: 80)
            for encoding in [TransferEncoding.identity, .quotedPrintable, .base64] {
                #expect(encoding.decode(octets[...]).count <= octets.count)
            }
        }
    }
}
