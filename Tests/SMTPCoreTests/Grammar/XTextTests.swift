import ProcessSupport
import SMTPCore
import Testing

@Suite("xtext", .timed)
struct XTextTests {
    @Test(arguments: [
        ("QQ314159", "QQ314159"), ("a+b=c", "a+2Bb+3Dc"), ("two words", "two+20words"), ("", ""), ("é", "+C3+A9"),
        ("\u{1}\u{7F}", "+01+7F"),
    ])
    func `text is encoded, and read back`(text: String, encoded: String) {
        #expect(XText.encode(text) == encoded)
        #expect(XText.decode(encoded) == text)
    }

    @Test(arguments: ["+", "+2", "+2b", "+GG", "a b", "a=b", "é", "+C3", "+C3x"])
    func `what is not xtext is refused`(text: String) {
        #expect(XText.decode(text) == nil)
    }
}
