/// The help texts, printed without setting up the option parser.
enum HelpText {
    /// The text of `--help`: one screen for new users. `--help-all` has every option.
    static let overview = """
        smtp-codes: explain SMTP status codes, replies, logs and bounces.

        USAGE: smtp-codes [options] INPUT ...
               smtp-codes --search WORDS | --list | --annotate | --count

        An INPUT is a code (5.7.1, 550, 5.7.x, EX_NOUSER), a reply (550 5.7.1 ...), a
        log line, a log or bounce in a file, or -. Other words are searched for.

          -b, --brief                print only the first line of each answer
          -p, --provider NAME        show what this provider means by the code
              --is CLAIM             print nothing; exit 0 if it holds: transient, fix ...
          -a, --annotate             append an explanation to each line with a code
          -c, --count                count codes; --by reason,provider,domain,hour
              --only LIST            of those, lines with these classes or reasons
              --search WORDS         find codes; --list prints all of them
              --json                 one JSON array; --jsonl one object a line; --tsv
              --sysexit              exit with the sysexits.h value, such as 67
              --color WHEN           auto, always or never
          -v, --verbose              print all warnings
          -q, --quiet                print only errors

        EXAMPLES:
          smtp-codes 550 5.7.1                              what does this mean?
          smtp-codes --brief bounce.eml                     why did my mail come back?
          smtp-codes --count --by reason /var/log/mail.log  what goes wrong here?

        All options: smtp-codes --help-all, and man smtp-codes with fields and statuses.

        """

    /// The text of `--help-all`.
    static var text: String {
        """
        smtp-codes: explain SMTP status codes, replies, logs and bounces.

        USAGE: smtp-codes [options] INPUT ...
               smtp-codes --search WORDS | --list | --annotate | --count

        An INPUT is a code (5.7.1, X.7.1, 5.7.x, 550, 5xx, EX_NOUSER), a reply
        (550 5.7.1 ...), a whole log line, a log or bounce in a file, or - for
        standard input. Other words are searched for.

        OPTIONS:
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
