/// The summary of the options, written from the option table without setting the option parser up.
enum HelpText {
    static var text: String {
        """
        smtp-codes explains SMTP status codes: a code, a reply, or a whole log line.

        Usage: smtp-codes [options] INPUT…
               smtp-codes --search WORDS | --list | --annotate | --count

        An INPUT is a code (5.7.1, X.7.1, 5.7.x, 550, 5xx, EX_NOUSER), a reply
        (550 5.7.1 …), a whole log line, a log or bounce in a file, or - for
        standard input. Other words are searched for.

        Options:
        \(OptionTable.all.map(entry).joined())
        Exit status: 0 found; 1 not registered, no hit, or --is does not hold;
        2 unusable input or a wrong command line. More: man smtp-codes

        """
    }

    private static func entry(_ option: OptionEntry) -> String {
        let short = option.short.map { "-\($0), " } ?? "    "
        return "  \(short)--\(option.name)\(option.placeholder)\n" + wrapped(option.help)
    }

    /// The text, indented and broken before column 80.
    private static func wrapped(_ text: String) -> String {
        var lines = ""
        var line = "         "
        for word in text.split(separator: " ") {
            if line.utf8.count + word.utf8.count >= 79 {
                lines += line + "\n"
                line = "         "
            }
            line += " \(word)"
        }
        return lines + line + "\n"
    }
}

extension OptionEntry {
    /// The text after the option's name: ` PROVIDER`, or ` [CLASS]` where it may be left out.
    var placeholder: String {
        switch value {
        case .none: ""
        case .words, .text: " \(valueName.uppercased())"
        case .optionalWords: " [\(valueName.uppercased())]"
        }
    }
}
