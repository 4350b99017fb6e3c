extension MIMEPart {
    /// The part as text, out of its encoding and its character set, with LF as line end.
    package func text(of message: [UInt8], _ sets: CharacterSets) -> String {
        let text = sets.text(content(of: message), in: type.parameter("charset"))
        // Bytes are compared, for a line end of two scalars may be one `Character`.
        let hasReturns = text.utf8.contains(ASCII.carriageReturn)
        let lines = hasReturns ? String(decoding: text.utf8.filter { $0 != ASCII.carriageReturn }, as: UTF8.self) : text
        guard type.value == "text/plain", type.parameter("format")?.lowercased() == "flowed" else { return lines }
        return FlowedText.joined(lines, deletesBlanks: type.parameter("delsp")?.lowercased() == "yes")
    }

    /// Whether the part is text of which nothing is visible.
    func isBlank(in message: [UInt8], _ sets: CharacterSets) -> Bool {
        text(of: message, sets).unicodeScalars.allSatisfy {
            $0.properties.isWhitespace || $0.properties.generalCategory == .format
        }
    }

    /// All texts in the part, whether they are to be read or attached: as they are written and, of HTML, as they are
    /// read.
    package func texts(of message: [UInt8], _ sets: CharacterSets) -> [String] {
        guard parts.isEmpty else { return parts.flatMap { $0.texts(of: message, sets) } }
        guard type.value.hasPrefix("text/") else { return [] }
        let text = text(of: message, sets)
        return type.value == "text/html" ? [text, HTMLText.text(of: text)] : [text]
    }
}
