extension MIMEPart {
    /// The part as text, out of its encoding and its character set, with LF as line end.
    package func text(of message: [UInt8], _ sets: CharacterSets) -> String {
        let text = sets.text(content(of: message), in: type.parameter("charset"))
        // A line end of two characters is one `Character`, but not always one scalar.
        return String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\r" }))
    }

    /// All texts in the part, whether they are to be read or attached: as they are written and, of HTML, as they are read.
    package func texts(of message: [UInt8], _ sets: CharacterSets) -> [String] {
        guard parts.isEmpty else { return parts.flatMap { $0.texts(of: message, sets) } }
        guard type.value.hasPrefix("text/") else { return [] }
        let text = text(of: message, sets)
        return type.value == "text/html" ? [text, HTMLText.text(of: text)] : [text]
    }
}
