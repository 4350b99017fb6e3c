import CommandLineSupport

/// A command on the command line, split into words as a shell would, but without one.
///
///     mail-filter --name 'Ann Smith' "a \"b\"" c\ d
///
/// Quotes and backslashes mean what they mean to `sh`. Syntax that needs a shell is refused, rather than passed to the
/// command as an argument.
enum CommandWords {
    private static let allowed = ValueError(
        "a command and its arguments are wanted, with quotes as for a shell, such as 'mail-filter --name \"a b\"'")

    /// The words.
    ///
    /// - Throws: ``ValueError`` for nothing, for a quote that is not closed, and for what needs a shell.
    static func parse(_ text: String) throws -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var rest = text[...]
        while let character = rest.popFirst() {
            switch (character, quote) {
            case ("'", "'"), ("\"", "\""): quote = nil
            case ("'", nil), ("\"", nil):
                quote = character
                word = word ?? ""
            case ("\\", nil):
                guard let next = rest.popFirst() else { throw ValueError("a \\ stands at the end") }
                word = (word ?? "") + String(next)
            case ("\\", "\""):
                // POSIX, section 2.2.3: a backslash in double quotes escapes a few characters, and is one before
                // others.
                if let next = rest.first, "$`\"\\".contains(next) {
                    word?.append(next)
                    rest.removeFirst()
                } else {
                    word?.append(character)
                }
            case ("$", nil), ("`", nil), ("$", "\""), ("`", "\""), ("|", nil), ("&", nil), (";", nil), ("<", nil),
                (">", nil), ("(", nil), (")", nil), ("\n", nil):
                throw ValueError("'\(character)' needs a shell; quote it, or give --exec-shell as well")
            case (" ", nil), ("\t", nil):
                if let word { words.append(word) }
                word = nil
            case (_, _): word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { throw ValueError("a quote is not closed") }
        if let word { words.append(word) }
        guard let program = words.first, !program.isEmpty, !text.utf8.contains(0) else { throw allowed }
        return words
    }

    /// The words that have a shell run a command.
    ///
    /// - Throws: ``ValueError`` for an empty one.
    static func shell(_ text: String) throws -> [String] {
        guard text.contains(where: { !$0.isWhitespace }), !text.utf8.contains(0) else { throw allowed }
        return ["/bin/sh", "-c", text]
    }
}
