import FuzzSupport
import SMTPCore

/// The text of an HTML page has a bounded length, and a page without marks is its own text, but for blanks.
enum FuzzedHTML {
    static func check(_ input: FuzzInput) throws {
        let page = input.text
        let text = HTMLText.text(of: page)
        // `&nGt;`, of 5 bytes, becomes the 6 bytes of two characters; a tag such as <li> becomes a line and a mark.
        try expect(text.utf8.count <= 8 * page.utf8.count + 64, "\(text.utf8.count) bytes of \(page.utf8.count)")
        let isPlain = page.utf8.allSatisfy { 0x20..<0x7F ~= $0 && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: "&") }
        guard isPlain else { return }
        let words = page.split(separator: " ").joined(separator: " ")
        try expect(text.split { $0 == " " || $0 == "\n" }.joined(separator: " ") == words, "\(page) becomes \(text)")
    }
}
