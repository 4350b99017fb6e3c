import Foundation
import ProcessSupport
import SMTPCore
import SMTPKit
import Testing

@Suite("Character sets of the system")
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

    /// Some bytes in each encoding of the WHATWG, and their text in its indexes.
    private static let samples: [String: (octets: [UInt8], text: String)] = [
        "utf-8": ([0xC3, 0xBC, 0xE2, 0x82, 0xAC], "ü€"), "ibm866": (eight, "д├ї■"), "iso-8859-2": (eight, "¤Ăőţ"),
        "iso-8859-3": (eight, "¤\u{FFFD}ġŝ"), "iso-8859-4": (eight, "¤Ãõū"), "iso-8859-5": (eight, "ЄУѕў"),
        "iso-8859-6": (eight, "¤أ\u{FFFD}\u{FFFD}"), "iso-8859-7": (eight, "€Γυώ"),
        "iso-8859-8": (eight, "¤\u{FFFD}ץ\u{200F}"), "iso-8859-8-i": (eight, "¤\u{FFFD}ץ\u{200F}"),
        "iso-8859-10": (eight, "ĪÃõþ"), "iso-8859-13": (eight, "¤Ćõž"), "iso-8859-14": (eight, "ĊÃõŷ"),
        "iso-8859-15": (eight, "€Ãõþ"), "iso-8859-16": (eight, "€Ăőț"), "koi8-r": (eight, "╓цУЧ"),
        "koi8-u": (eight, "єцУЧ"), "macintosh": (eight, "§√ı˛"), "windows-874": (eight, "คร๕\u{FFFD}"),
        "windows-1250": (eight, "¤Ăőţ"), "windows-1251": (eight, "¤Гхю"), "windows-1252": ([0x80, 0xE9, 0x93], "€é“"),
        "windows-1253": (eight, "¤Γυώ"), "windows-1254": (eight, "¤Ãõş"),
        "windows-1255": (eight, "₪\u{5B3}ץ\u{200F}"), "windows-1256": (eight, "¤أُ\u{200F}"),
        "windows-1257": (eight, "¤Ćõž"), "windows-1258": (eight, "¤Ăơ₫"), "x-mac-cyrillic": (eight, "§√хю"),
        // Characters that only the supersets have.
        "gbk": ([0xD6, 0xD0, 0xE9, 0x46], "中镕"), "gb18030": ([0x81, 0x39, 0xF5, 0x33, 0xD6, 0xD0], "\u{3440}中"),
        "big5": ([0xA4, 0xA4, 0xF9, 0xD6], "中碁"), "euc-jp": ([0xC6, 0xFC, 0xAD, 0xA1], "日①"),
        "iso-2022-jp": ([0x1B, 0x24, 0x42, 0x46, 0x7C, 0x1B, 0x28, 0x42], "日"),
        "shift_jis": ([0x93, 0xFA, 0x87, 0x40, 0xFB, 0xFC], "日①髙"), "euc-kr": ([0xC7, 0xD1, 0x81, 0x41], "한갂"),
        "utf-16be": ([0, 0x41, 0, 0xFC], "Aü"), "utf-16le": ([0x41, 0, 0xFC, 0], "Aü"),
        "x-user-defined": ([0x41, 0x80, 0xFF], "A\u{F780}\u{F7FF}"),
        // The standard has no decoder for these; ASCII is the same in all of them.
        "replacement": ([0x41], "A"),
    ]
    private static let eight: [UInt8] = [0xA4, 0xC3, 0xF5, 0xFE]

    @Test func `all labels of the Encoding Standard are known`() throws {
        let table = try String(contentsOfFile: "\(BuiltTool.project)/Data/encoding-labels.tsv", encoding: .utf8)
        let rows = table.split(separator: "\n").dropFirst().map { $0.split(separator: "\t").map(String.init) }
        #expect(rows.count == 228)
        #expect(Set(rows.map { $0[1].lowercased() }) == Set(Self.samples.keys))
        for row in rows {
            let sample = try #require(Self.samples[row[1].lowercased()])
            #expect(CharacterSets.system.text(sample.octets, in: row[0]) == sample.text, "\(row[0])")
            #expect(
                CharacterSets.system.text(sample.octets, in: " \(row[0].uppercased())\t") == sample.text, "\(row[0])")
        }
    }

    @Test func `the table of labels is the one in Data`() throws {
        let run = try ChildProcess.run(["python3", "\(BuiltTool.project)/Scripts/generate-charset-labels", "--check"])
        #expect(run.status == 0, "\(run.errors)")
    }

    @Test(arguments: [
        // The last letter could have had a mark after it.
        ("windows-1255", [0xF9, 0xEC] as [UInt8], "של"), ("windows-1258", [0x61, 0xE2], "aâ"),
        ("windows-1258", [0x61], "a"),
        ("tcvn5712-1", [0x61], "a"),
    ])
    func `the last letter is there`(name: String, octets: [UInt8], text: String) {
        #expect(CharacterSets.system.text(octets, in: name) == text)
    }

    @Test(arguments: [
        ("utf-8", [0xEF, 0xBB, 0xBF, 0x41] as [UInt8]), ("iso-8859-1", [0xEF, 0xBB, 0xBF, 0x41]),
        ("utf-16", [0xFF, 0xFE, 0x41, 0]), ("utf-16", [0xFE, 0xFF, 0, 0x41]), ("utf-16be", [0xFE, 0xFF, 0, 0x41]),
        ("utf-16le", [0x41, 0]),
    ])
    func `a byte order mark is obeyed and not shown`(name: String, octets: [UInt8]) {
        #expect(CharacterSets.system.text(octets, in: name) == "A")
    }

    @Test func `a long text is read whole`() {
        let octets = [UInt8](repeating: 0xE4, count: 100_000)
        #expect(CharacterSets.system.text(octets, in: "iso-8859-2") == String(repeating: "ä", count: 100_000))
    }

    @Test func `random octets in any set are read somehow`() {
        for name in ["utf-7", "iso-2022-kr", "hz-gb-2312", "euc-jp", "utf-32", "gb18030", "tis-620"] {
            for _ in 0..<50 {
                let octets = (0..<Int.random(in: 0...200)).map { _ in UInt8.random(in: 0...255) }
                _ = CharacterSets.system.text(octets, in: name)
            }
        }
    }
}
