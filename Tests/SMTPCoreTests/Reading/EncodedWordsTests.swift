import Testing

@testable import SMTPCore

@Suite("Encoded words")
struct EncodedWordsTests {
    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("a = b ?= c =? d", "a = b ?= c =? d"),
        // RFC 2047, section 8.
        ("=?ISO-8859-1?Q?a?=", "a"), ("=?ISO-8859-1?Q?a?= b", "a b"), ("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"),
        ("=?ISO-8859-1?Q?a?=  \t =?ISO-8859-1?Q?b?=", "ab"), ("=?ISO-8859-1?Q?a_b?=", "a b"),
        ("=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "a b"),
        ("=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu>", "Keith Moore <moore@cs.utk.edu>"),
        ("=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=", "If you can read this yo"),
        ("=?utf-8?b?R3LDvMOfZQ==?= an alle", "Grüße an alle"), ("=?utf-8?q?Gr=C3=BC=C3=9fe?=", "Grüße"),
        // A character cut between two words, as some writers do.
        ("=?utf-8?q?Gr=C3?= =?utf-8?q?=BC?=", "Grü"), ("=?utf-8?b?R3LD?= =?utf-8?b?vA?=", "Grü"),
        // A language (RFC 2231, section 5), and blanks and question marks, which should not be in a word and are.
        ("=?US-ASCII*EN?Q?Keith?=", "Keith"), ("=?utf-8?q?a b?=", "a b"),
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe an alle?=", "Grüße an alle"),
        ("=?utf-8?b?R3LD vMOf ZQ==?=", "Grüße"), ("=?utf-8?q?what? now?=", "what? now"),
        ("=?utf 8?q?a?=", "=?utf 8?q?a?="), ("=?utf-8?q?a =?utf-8?q?b?=", "=?utf-8?q?a b"),
        ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
        ("=?utf-8?q?a?", "=?utf-8?q?a?"), ("=?utf-8?q?a", "=?utf-8?q?a"), ("=?utf-8?q?=?=", "="),
        ("=??q?a?=", "=??q?a?="),
        ("=?utf-8?q??=x", "x"), ("=?nobody-knows?q?a=E9?=", "aé"), ("=?utf-8?q?a=C3?=", "a\u{FFFD}"),
        ("raw Grüße", "raw Grüße"),
    ])
    func `are read`(text: String, meaning: String) {
        #expect(EncodedWords(CharacterSets()).decode(Array(text.utf8)) == meaning)
    }

    @Test func `octets beyond ASCII that are no UTF-8 are taken for Latin-1`() {
        #expect(EncodedWords(CharacterSets()).decode([0x47, 0x72, 0xFC]) == "Grü")
    }

    @Test func `another character set is somebody else's`() {
        let sets = CharacterSets { name, octets in name == "koi8-r" ? "\(octets.count) octets" : nil }
        #expect(EncodedWords(sets).decode(Array("=?KOI8-R?B?7/A=?=".utf8)) == "2 octets")
    }

    @Test func `random text neither traps nor takes long`() {
        let pieces = ["=?", "?=", "?q?", "?b?", "utf-8", "=", "?", "_", "=C3", "A", " ", "\t", "*", "=?utf-8?q?x?="]
        for _ in 0..<500 {
            let text = (0..<Int.random(in: 0...60)).map { _ in pieces.randomElement() ?? "" }.joined()
            _ = EncodedWords(CharacterSets()).decode(Array(text.utf8))
        }
        for piece in ["=?utf-8?q?a", "=?utf-8?q?a b", "=?", "=?a?q", "=?a?q?"] {
            let long = Array(String(repeating: piece, count: 6000).utf8)
            #expect(EncodedWords(CharacterSets()).decode(long).utf8.count == long.count)
        }
    }
}
