/// A message as a person wants to read it: header, text, and what is attached.
package struct ReadableMessage {
    /// Something that is attached.
    package struct Attachment: Hashable {
        /// The name under which its writer would save it.
        package var name: String?
        /// The media type, `application/pdf`.
        package var type: String
        /// How many octets it has, decoded.
        package var size: Int
    }

    /// The header.
    package let header: HeaderFields
    /// The text, decoded, with LF as line end; HTML as the text that it shows.
    package private(set) var text = ""
    /// Whether the text was HTML.
    package private(set) var isFromHTML = false
    /// What is attached, in order.
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
        text = texts.joined(separator: "\n")
    }

    /// Header text with its encoded words read.
    package func field(_ name: String) -> String? {
        header[name].map { EncodedWords(sets).decode($0.octets) }
    }

    /// The text of a field.
    package func decoded(_ field: HeaderFields.Field) -> String { EncodedWords(sets).decode(field.octets) }

    private mutating func take(_ part: MIMEPart, _ texts: inout [String]) {
        guard part.parts.isEmpty else {
            let chosen = part.type.value == "multipart/alternative" ? Self.best(of: part.parts) : nil
            if let chosen {
                take(chosen, &texts)
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

    /// RFC 2046, section 5.1.4, has the best last; for a terminal that is plain text.
    private static func best(of parts: [MIMEPart]) -> MIMEPart? {
        parts.last { holds("text/plain", $0) } ?? parts.last { holds("text/html", $0) }
    }

    private static func holds(_ type: String, _ part: MIMEPart) -> Bool {
        part.parts.isEmpty
            ? part.type.value == type && !part.isAttachment : part.parts.contains { holds(type, $0) }
    }
}
