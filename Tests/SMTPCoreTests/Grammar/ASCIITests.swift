import ProcessSupport
import Testing

@testable import SMTPCore

@Suite("Octet classes", .timed)
struct ASCIITests {
    @Test func `the table says what the grammar says`() {
        for octet in UInt8.min...UInt8.max {
            let octets = [octet]
            func isPart(of text: ASCII.AddressText) -> Bool {
                ASCII.endOfRun(of: text, in: octets.span, from: 0) == 1
            }
            #expect(isPart(of: .dotString) == (ASCII.isAtomText(octet) || octet == ASCII.dot), "\(octet)")
            let isLabelText =
                ASCII.isLetter(octet) || ASCII.isDigit(octet) || octet == UInt8(ascii: "-")
                || octet == UInt8(ascii: "_")
                || octet >= 0x80
            #expect(isPart(of: .label) == isLabelText, "\(octet)")
        }
    }
}
