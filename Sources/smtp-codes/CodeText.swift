/// Text of the user or of a log, fit for a terminal.
enum CodeText {
    /// A value for a message: in quotes, on one line, not longer than helps.
    static func printable(_ text: String) -> String {
        let limit = 60
        let isCut = text.unicodeScalars.count > limit
        let shown = String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))
        return "'\(visible(shown))\(isCut ? "…" : "")'"
    }

    /// The text with control characters, and those that change the direction or cannot be seen, as `\u{…}`.
    static func visible(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        return text.unicodeScalars.reduce(into: "") { shown, scalar in
            if isUnsafe(scalar) {
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.isASCII else { return scalar.value < 0x20 || scalar.value == 0x7F }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        case _: false
        }
    }
}
