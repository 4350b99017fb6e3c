import ToolSupport

/// Values for messages.
enum CodeText {
    /// A name that begins a message, on one line.
    static func shown(_ text: String) -> String { SafeText.visible(text) }

    /// A value in quotes, on one line, cut after 60 characters.
    static func printable(_ text: String) -> String {
        let limit = 60
        let isCut = text.unicodeScalars.count > limit
        let shown = String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))
        return "'\(SafeText.visible(shown))\(isCut ? "…" : "")'"
    }
}
