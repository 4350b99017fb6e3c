import FuzzSupport

@testable import SMTPCore

/// A message can be shown, whatever it contains: parts lie within it, and texts are bounded.
enum FuzzedMessage {
    static func check(_ input: FuzzInput) throws {
        let message = input.bytes
        let sets = CharacterSets()
        let readable = ReadableMessage(parsing: message, sets)
        for field in readable.header.fields { _ = readable.decoded(field) }
        var count = 0
        let root = MIMEPart(parsing: message, sets)
        try check(root, of: message, within: 0..<message.count, depth: 0, &count)
        // Each byte may become U+FFFD, and a page of HTML may grow.
        try expect(readable.text.utf8.count <= 32 * message.count + 4_096, "the text is too long")
    }

    private static func check(
        _ part: MIMEPart, of message: [UInt8], within bounds: Range<Int>, depth: Int, _ count: inout Int
    ) throws {
        let limits = MIMEPart.Bounds()
        count += 1
        try expect(depth <= limits.depth + 1, "the parts are nested too deeply")
        try expect(count <= limits.parts + 1, "there are too many parts")
        try expect(
            bounds.lowerBound <= part.body.lowerBound && part.body.upperBound <= bounds.upperBound,
            "the part \(part.body) lies outside of \(bounds)")
        try expect(part.content(of: message).count <= part.body.count + 2, "the content is longer than the part")
        _ = part.fileName(CharacterSets())
        for inner in part.parts { try check(inner, of: message, within: part.body, depth: depth + 1, &count) }
    }
}
