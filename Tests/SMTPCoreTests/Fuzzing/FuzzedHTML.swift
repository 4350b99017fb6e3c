import FuzzSupport
import SMTPCore

/// The text of an HTML page is no longer than the page allows, and has no controls but line ends and tabs.
enum FuzzedHTML {
    static func check(_ input: FuzzInput) throws {
        let page = input.text
        let text = HTMLText.text(of: page)
        // `&nGt;`, of 5 bytes, becomes the 6 bytes of two characters; a tag such as <li> becomes a line and a mark.
        try expect(text.utf8.count <= 8 * page.utf8.count + 64, "\(text.utf8.count) bytes of \(page.utf8.count)")
    }
}
