import CommandLineSupport
import ProcessSupport
import Testing

@Suite("Text of others", .timed)
struct SafeTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("Grüße 你好", "Grüße 你好"), ("\u{1B}]0;x\u{7}", "\\u{1b}]0;x\\u{7}"),
        ("a\u{9B}31m", "a\\u{9b}31m"), ("\u{202E}x", "\\u{202e}x"), ("a\u{2028}b", "a\\u{2028}b"),
        ("\u{7F}", "\\u{7f}"),
    ])
    func `what a terminal would act on is written out`(text: String, shown: String) {
        #expect(SafeText.visible(text) == shown)
        #expect(SafeText.visible(octets: text.utf8) == shown)
    }

    @Test(
        arguments: [
            ([0x61, 0xFF, 0x62], "a\\xFFb"), ([0xC3], "\\xC3"), ([0xC3, 0x28], "\\xC3("), ([0x00], "\\u{0}"),
            ([0xE2, 0x82], "\\xE2\\x82"), ([0xED, 0xA0, 0x80], "\\xED\\xA0\\x80"),
            ([0xC3, 0xA4, 0xF0, 0x9F, 0x98], "ä\\xF0\\x9F\\x98"),
        ] as [([UInt8], String)])
    func `what is not UTF-8 is written as octets`(octets: [UInt8], shown: String) {
        #expect(SafeText.visible(octets: octets) == shown)
    }

    @Test(arguments: [
        ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("你好吗", 6, "你好吗"), ("你好吗", 5, "你好…"), ("你好吗", 4, "你…"),
        ("e\u{301}e", 2, "e\u{301}e"),
        ("abc", 0, ""), ("", 0, ""),
    ])
    func `a cut counts columns`(text: String, columns: Int, cut: String) {
        #expect(SafeText.cut(text, to: columns) == cut)
        #expect(SafeText.width(SafeText.cut(text, to: columns)) <= columns)
    }
}
