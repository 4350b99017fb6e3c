import ProcessSupport
import SMTPCore
import SMTPTLS
import Testing

@Suite("SASLprep", .timed)
struct SASLPreparationTests {
    /// The examples of RFC 4013, section 3, and further ones.
    static let examples: [(text: String, prepared: String?)] = [
        ("I\u{AD}X", "IX"),
        ("user", "user"),
        ("USER", "USER"),
        ("\u{AA}", "a"),
        ("\u{2168}", "IX"),
        ("\u{7}", nil),
        ("\u{627}1", nil),
        // Composed and decomposed accents.
        ("pa\u{308}sswort", "p\u{E4}sswort"),
        ("p\u{E4}sswort", "p\u{E4}sswort"),
        // Spaces beyond ASCII, and characters that are mapped to nothing.
        ("a\u{A0}b\u{3000}c", "a b c"),
        ("so\u{FEFF}ft\u{200D}", "soft"),
        // Compatibility characters, one of them a ligature.
        ("\u{FB01}sh\u{FF11}", "fish1"),
        // Right to left from end to end, and not.
        ("\u{5D0}1\u{5D1}", "\u{5D0}1\u{5D1}"),
        ("\u{5D0}a\u{5D1}", nil),
        ("\u{5D0}\u{5D1}.", nil),
        // Text that was assigned after Unicode 3.2.
        ("\u{1F600}", "\u{1F600}"),
        // Prohibited: controls, private use, no characters, directions, tags.
        ("a\u{7F}", nil), ("\u{85}", nil), ("\u{E000}", nil), ("\u{FFFE}", nil), ("a\u{202E}b", nil),
        ("\u{E0041}", nil),
        ("\u{FFFD}", nil),
        // Nothing is left.
        ("\u{AD}\u{FE0F}", nil),
        ("", ""),
    ]

    @Test(arguments: examples)
    func `text is prepared, or refused`(example: (text: String, prepared: String?)) {
        let prepared = OpenSSLCryptography().prepared(example.text)
        #expect(prepared.map { Array($0.utf8) } == example.prepared.map { Array($0.utf8) })
        // What is prepared stays as it is.
        if let prepared { #expect(OpenSSLCryptography().prepared(prepared) == prepared) }
    }

    @Test func `random text never traps, and is prepared once`() {
        var chance = SeededGenerator()
        for _ in 0..<20_000 {
            let scalars = (0..<Int.random(in: 1...8, using: &chance)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...0x10_FFFF, using: &chance))
            }
            let text = String(String.UnicodeScalarView(scalars))
            guard let prepared = OpenSSLCryptography().prepared(text) else { continue }
            #expect(OpenSSLCryptography().prepared(prepared) == prepared, "\(chance): \(scalars)")
        }
    }
}
