/// Words between percent signs that are replaced when the message is made.
///
///     --subject 'Test of %SERVER%, %DATE%'
///
/// Unknown words are kept.
struct TemplateTokens {
    /// The names and their values.
    let values: [String: String]

    /// A text with its tokens replaced. What is put in is not looked at again.
    func replaced(in text: String) -> String {
        guard text.contains("%") else { return text }
        var result = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "%") {
            result += rest[..<start]
            let behind = rest.index(after: start)
            if let end = rest[behind...].firstIndex(of: "%"), let value = values[String(rest[behind..<end])] {
                result += value
                rest = rest[rest.index(after: end)...]
            } else {
                result += "%"
                rest = rest[behind...]
            }
        }
        return result + rest
    }
}
