import ProcessSupport
import SMTPCore
import SMTPKit
import Testing

@Suite("Character sets of the system", .timed)
struct CharacterSetsTests {
    @Test(arguments: [
        ("koi8-r", [0xF0, 0xD2, 0xC9] as [UInt8], "При"), ("ISO-8859-15", [0xA4], "€"),
        ("iso-8859-1", [0x80, 0xFC], "€ü"),
        ("shift_jis", [0x93, 0xFA, 0x96, 0x7B], "日本"), ("gb2312", [0xD6, 0xD0], "中"), ("big5", [0xA4, 0xA4], "中"),
        ("iso-2022-jp", [0x1B, 0x24, 0x42, 0x46, 0x7C, 0x1B, 0x28, 0x42], "日"), ("utf-16le", [0x41, 0, 0xFC, 0], "Aü"),
        ("windows-1252", [0x93, 0x94], "“”"), ("utf-8", [0xC3, 0xBC, 0xFF], "ü\u{FFFD}"),
        ("no-such-set", [0xC3, 0xBC], "ü"),
        ("utf-16le//TRANSLIT", [0x41], "A"), ("../../etc/passwd", [0x41], "A"), ("", [0x41], "A"),
        ("shift_jis", [0x93], "\u{FFFD}"), ("shift_jis", [0xFF, 0x41], "\u{FFFD}A"),
    ])
    func `are read`(name: String, octets: [UInt8], text: String) {
        #expect(CharacterSets.system.text(octets, in: name) == text)
    }

    @Test func `a long text is read whole`() {
        let octets = [UInt8](repeating: 0xE4, count: 100_000)
        #expect(CharacterSets.system.text(octets, in: "iso-8859-2") == String(repeating: "ä", count: 100_000))
    }

    @Test func `random octets in any set are read somehow`() {
        var random = SeededGenerator()
        for name in ["utf-7", "iso-2022-kr", "hz-gb-2312", "euc-jp", "utf-32", "gb18030", "tis-620"] {
            for _ in 0..<50 {
                let octets = random.octets(atMost: 200)
                let text = CharacterSets.system.text(octets, in: name)
                #expect(text.unicodeScalars.count <= 2 * octets.count)
            }
        }
    }
}
