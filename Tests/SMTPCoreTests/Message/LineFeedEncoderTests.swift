import ProcessSupport
import Testing

@testable import SMTPCore

@Suite("Line feeds", .timed)
struct LineFeedEncoderTests {
    @Test(arguments: [
        ("", ""), ("a\r\nb\r\n", "a\nb\n"), ("a\rb", "a\rb"), ("a\nb", "a\nb"), ("\r\r\n", "\r\n"),
        ("\r\n\r\n", "\n\n"),
        ("a\r", "a\r"), ("\r", "\r"), ("a\r\r", "a\r\r"), ("0123456789\r\n0123456789\r\n", "0123456789\n0123456789\n"),
    ])
    func `line ends become LF in whatever pieces they come`(content: String, expected: String) {
        let octets = Array(content.utf8)
        for first in 0...octets.count {
            for second in first...octets.count {
                var encoder = LineFeedEncoder()
                var output: [UInt8] = []
                for piece in [octets[..<first], octets[first..<second], octets[second...]] {
                    piece.withUnsafeBytes { encoder.append($0, to: &output) }
                }
                encoder.finish(&output)
                #expect(String(decoding: output, as: UTF8.self) == expected)
            }
        }
    }
}
