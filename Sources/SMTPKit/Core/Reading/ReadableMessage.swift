/// A message as a person wants to read it: header, text, and what is attached.
package struct ReadableMessage {
    /// Something that is attached.
    package struct Attachment: Hashable {
        /// The name under which its writer would save it.
        package var name: String?
        /// The media type, `application/pdf`.
        package var type: String
        /// How many bytes it has, decoded.
        package var size: Int
    }

    /// The header.
    package let header: HeaderFields
    /// The text, decoded, with LF as line end; HTML as the text that it shows.
    package private(set) var text = ""
    /// Whether the text was HTML.
    package private(set) var isFromHTML = false
    /// The size of an HTML part that says the same as the text and is not shown, decoded.
    package private(set) var hiddenHTML: Int?
    /// The attachments, in order.
    package private(set) var attachments: [Attachment] = []
    private let message: [UInt8]
    private let sets: CharacterSets

    /// Reads a message, or the beginning of one.
    package init(parsing message: [UInt8], _ sets: CharacterSets) {
        self.message = message
        self.sets = sets
        let root = MIMEPart(parsing: message, sets)
        header = root.header
        var texts: [String] = []
        take(root, &texts)
        text = texts.count == 1 ? texts[0] : texts.joined(separator: "\n")
    }

    /// Header text with its encoded words read.
    package func field(_ name: String) -> String? {
        header[name].map { EncodedWords(sets).decode($0.octets) }
    }

    /// The text of a field.
    package func decoded(_ field: HeaderFields.Field) -> String { EncodedWords(sets).decode(field.octets) }

    private mutating func take(_ part: MIMEPart, _ texts: inout [String]) {
        guard part.parts.isEmpty else {
            if part.type.value == "multipart/alternative", let chosen = best(of: part.parts) {
                take(part.parts[chosen], &texts)
                let others = part.parts.indices.filter { $0 != chosen }.map { part.parts[$0] }
                if let html = others.compactMap({ Self.first("text/html", in: $0) }).first {
                    hiddenHTML = html.content(of: message).count
                }
            } else {
                for child in part.parts { take(child, &texts) }
            }
            return
        }
        guard !part.isAttachment, !(part.type.value.hasPrefix("text/") && hidesText(part)) else {
            attachments.append(
                Attachment(
                    name: part.fileName(sets), type: part.type.value,
                    size: part.encoding == .identity ? part.body.count : part.content(of: message).count))
            return
        }
        var text = part.text(of: message, sets)
        if part.type.value == "text/html" {
            isFromHTML = true
            text = HTMLText.text(of: text)
        }
        texts.append(text)
    }

    /// A calendar, a stylesheet, a log with a name of its own: text that is not meant to be read here.
    private func hidesText(_ part: MIMEPart) -> Bool {
        part.fileName(sets) != nil || !["text/plain", "text/html", "text/enriched"].contains(part.type.value)
    }

    /// The index of the alternative to show: plain text, or else HTML. One without visible text is no choice as long as
    /// there is another. RFC 2046, section 5.1.4, has the best last.
    private func best(of parts: [MIMEPart]) -> Int? {
        let candidates = ["text/plain", "text/html"].compactMap { type in
            parts.indices.last { Self.first(type, in: parts[$0]) != nil }
        }
        return candidates.first { index in
            ["text/plain", "text/html"].contains { type in
                Self.first(type, in: parts[index]).map { !$0.isBlank(in: message, sets) } ?? false
            }
        } ?? candidates.first
    }

    /// The first part of a type that is to be read, however deep it is.
    private static func first(_ type: String, in part: MIMEPart) -> MIMEPart? {
        guard part.parts.isEmpty else { return part.parts.lazy.compactMap { first(type, in: $0) }.first }
        return part.type.value == type && !part.isAttachment ? part : nil
    }
}
