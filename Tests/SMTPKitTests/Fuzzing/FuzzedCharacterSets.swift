import FuzzSupport
import SMTPCore

@testable import SMTPKit

/// Bytes of any character set become text of a bounded length, and ASCII stays ASCII where the set has it.
enum FuzzedCharacterSets {
    static func check(_ input: FuzzInput) throws {
        var input = input
        let length = Int(input.byte() % 24)
        let label = String(decoding: input.rest.prefix(length), as: UTF8.self)
        let bytes = Array(input.rest.dropFirst(length))
        let text = CharacterSets.system.text(bytes, in: label)
        // A byte may become U+FFFD; one of ARMSCII, TSCII or a music set a few characters of three bytes.
        try expect(text.utf8.count <= 24 * bytes.count + 64, "\(text.utf8.count) bytes of \(bytes.count) in \(label)")
        try expect(text == CharacterSets.system.text(bytes, in: label), "the text changes")
        let words = EncodedWords(.system).decode(Array("=?\(label)?Q?".utf8) + bytes + Array("?=".utf8))
        try expect(words.utf8.count <= 24 * (bytes.count + 64), "the encoded word is too long")
    }
}
