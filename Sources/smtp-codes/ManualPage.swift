import SMTPCore

/// The manual page, `man/smtp-codes.1`, written from the option table and the examples.
enum ManualPage {
    /// One example: what is typed, and what it is for. Every one is run by a test.
    struct Example {
        let command: String
        let purpose: String
    }

    static let examples = [
        Example(command: "smtp-codes 5.7.1", purpose: "Explain an enhanced code."),
        Example(command: "smtp-codes 550 5.1.1", purpose: "Explain a basic code with its enhanced code."),
        Example(command: "smtp-codes -b 5.7.x", purpose: "Name a subject."),
        Example(
            command: "smtp-codes --provider gmail 4.7.28",
            purpose: "Show the registry's meaning and Gmail's side by side."
        ),
        Example(
            command: "smtp-codes '421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred'",
            purpose: "Explain a whole reply; the provider is recognised by its tag."
        ),
        Example(
            command: "if smtp-codes --is transient 4.2.2; then echo later; fi",
            purpose: "Branch on a code in a script."
        ),
        Example(command: "smtp-codes --search null mx", purpose: "Find codes by words."),
        Example(command: "smtp-codes --list --class permanent --subject 1", purpose: "List a part of the registry."),
        Example(command: "smtp-codes --json 5.1.1 4.2.2", purpose: "Answer programs."),
        Example(
            command: "smtp-codes '554 5.7.1 Client host blocked using zen.spamhaus.org'",
            purpose: "The text tells the reason where the code does not."
        ),
        Example(
            command: "tail -n 100 /var/log/mail.log | smtp-codes --annotate --only permanent",
            purpose: "Show what was refused for good. With tail -f it works as well."
        ),
        Example(command: "smtp-codes --count /var/log/mail.log", purpose: "Count the codes of a log."),
        Example(
            command: "smtp-codes --count --by reason,provider --only permanent /var/log/mail.log",
            purpose: "Count why mail was refused for good, and by whom."
        ),
        Example(
            command: "smtp-codes --count --only blocked-ip --warning 10 --critical 100 /var/log/mail.log",
            purpose: "Watch a log from a monitoring system such as Nagios."
        ),
        Example(command: "smtp-codes --brief /var/log/mail.log", purpose: "Name the code of every line that has one."),
        Example(command: "smtp-codes --brief bounce.eml", purpose: "Read a bounce: the outcome for each recipient."),
        Example(command: "smtp-codes greylisted", purpose: "Words that are no code are searched for."),
        Example(
            command: "smtp-codes --brief --sysexit 5.1.1",
            purpose: "End a delivery program with the exit status that the mail server expects."
        ),
    ]

    static var text: String {
        let options = OptionTable.all.map { option in
            let short = option.short.map { "\\fB\\-\($0)\\fR, " } ?? ""
            let value = option.placeholder.split(separator: " ").map { " \\fI\($0)\\fR" }.joined()
            var text = ".TP\n\(short)\\fB\\-\\-\(option.name)\\fR\(value)\n\(escaped(option.help))\n"
            if case .words(let words) = option.value {
                text += "One of \(escaped(words.joined(separator: ", "))).\n"
            }
            return text
        }.joined()
        let examples = examples.map {
            ".PP\n\(escaped($0.purpose))\n.PP\n.RS 4\n.nf\n\(escaped($0.command))\n.fi\n.RE\n"
        }
        .joined()
        let fields = Self.fields.map { ".TP\n\\fB\(escaped($0.name))\\fR\n\(escaped($0.meaning))\n" }.joined()
        return head + options + inputs + fields + tail + examples + end
    }

    private static let fields: [(name: String, meaning: String)] = [
        ("input", "The input as it was given; null where there was none, as with --list."),
        ("code", "The code as it was understood: 5.7.1, 550 5.7.1, 5.7.x."),
        ("reply, enhanced", "The basic and the enhanced code, as texts."),
        (
            "class",
            "success, intermediate, transient or permanent; null if no class was given and several are possible."
        ),
        ("match", "How much was known: registered, subject (an unregistered detail), class (an unknown subject)."),
        ("name, meaning", "The name of the code, or of its subject or class, and what it means."),
        ("action, advice", "continue, retry, fix or give-up, and the same in a sentence."),
        ("basic_codes", "An array: the basic codes that the registry gives for the enhanced code."),
        ("reference, notes", "Documents and sections; what else is worth knowing."),
        ("deprecated", "true or false."),
        ("sysexit", "The sysexits.h value, a number."),
        ("warnings", "An array of objects with kind and text."),
        ("title", "The first line's words: the provider's meaning, the reason told by the text, or the name."),
        ("reason, actor", "The reason in a word, and who can end it: sender, recipient, administrator or provider."),
        ("list_hygiene", "Whether a mailing list can keep the address: keep, remove, or remove after N failures."),
        ("provider", "The provider that was recognised or asked for, as --provider takes it, even if no row fits."),
        ("used_by", "For an unregistered code: the meanings at the providers that use it, as in providers."),
        (
            "recipient, delivery, remote_host, diagnostic",
            "Of a bounce: the address, the report's word (failed, delayed, delivered, relayed, expanded), the server that "
                + "answered, and its reply. Null for everything else."
        ),
        (
            "providers",
            "An array of objects with provider, code, code_end, reply, tag, phrase, meaning, action, advice, "
                + "versus_registry, source and source_date."
        ),
    ]

    private static let head = """
        .\\" Generated: smtp-codes --generate-manual
        .TH SMTP\\-CODES 1 "" "smtp\\-codes \(SMTPKitVersion.current)" "SMTPKit"
        .SH NAME
        smtp\\-codes \\- explain SMTP status codes
        .SH SYNOPSIS
        .nf
        \\fBsmtp\\-codes\\fR [\\fIoptions\\fR] \\fIINPUT\\fR...
        \\fBsmtp\\-codes\\fR \\fB\\-\\-search\\fR \\fIWORDS\\fR | \\fB\\-\\-list\\fR | \\fB\\-\\-annotate\\fR | \\fB\\-\\-count\\fR
        .fi
        .SH DESCRIPTION
        Explains the basic codes (550) and the enhanced codes (5.7.1) of mail servers, to people and to scripts.
        The registry is part of the program: it reads no file and asks no server.
        .PP
        The first line of an answer is complete in itself. Then follow the meaning, advice (continue, retry, fix or
        give\\-up), the basic codes that usually go with it, and the reference.
        .PP
        A well\\-formed code is never an error. If the detail is not registered the subject is explained, and if the
        subject is unknown the class, and the answer says so. A number in a code has no leading zero.
        .SH OPTIONS

        """

    private static let inputs = """
        .SH INPUTS
        A code: 5.7.1, X.7.1 (any class), 5.7 or 5.7.x (a subject), 550, 55x, 5xx; EX_NOUSER and the other names of
        sysexits.h. A reply: 550 5.7.1, 550\\-5.7.1, (#5.1.1), Status: 5.1.1, dsn=4.7.0, smtp;550 5.1.1. A basic code and
        an enhanced code that follow one another as separate arguments are one reply. A whole line of a Postfix,
        Exim, Sendmail, qmail or Exchange log, or of a bounce. A file, or \\- for standard input. Words that are none of
        these are searched for.
        .PP
        A log is read line by line; lines without a code are passed over, and the exit status is 1 if no line has one. A
        message or a mailbox, told by its first line, is read as a bounce: each recipient of a delivery report (RFC 3464,
        RFC 6533) is answered, also in a forwarded or attached message, and without a report those in the texts of Postfix,
        Exim, qmail, Sendmail and Exchange. UTF\\-16 and a byte order mark are recognised. Memory is bounded.
        .PP
        In a line, a basic code with its enhanced code comes first, then what follows Status: or dsn=, then an enhanced
        code alone, then a basic code where a reply is quoted. IP addresses, versions, sizes, dates and ids are never
        codes. Of several, the one whose class fits the reply wins, and a definite code beats X.0.0 of its class.
        In a line longer than 65536 bytes only that many are looked at.
        .PP
        If a basic and an enhanced code contradict each other, the basic code decides. Contradictions, a basic code
        outside the registry's list, an enhanced code where none may stand and deprecated codes give a warning on
        standard error, never a refusal.
        .SH PROVIDERS
        The provider is the one asked for with \\-\\-provider, or is recognised by the hosts, words and tags in a line. Its tag
        is matched first, then its phrase, then its code; a row with a tag or a phrase does not match without it. Where one
        row applies, its meaning and action come first in every view, and the registry's beside it. An unregistered code
        names the providers that use it.
        .SH REASONS
        Every answer about a reply has a reason, such as unknown\\-user, mailbox\\-full, blocked\\-ip or rate\\-limited. It is decided
        by the provider's row, then by a definite enhanced code together with plain words of the text, then by any known
        words, then by the bare code. Where that says only that the server refuses, single words decide that known replies
        have mostly for one reason. Action, exit status and list hygiene follow from the reason.
        .SH ANNOTATING
        \\-\\-annotate copies standard input or files byte for byte and appends two blanks and the explanation, in brackets, to each
        line that has a code, before its line end. Whatever has been read is written before more is read, so it works
        behind tail \\-f. A closed output ends it quietly.
        .SH OUTPUT FIELDS
        The fields of \\-\\-json and \\-\\-jsonl, and with the same names the columns of \\-\\-tsv; null, or an empty column,
        means not given. \\-\\-count has count, code, class, match and name; with \\-\\-by, count and the keys. docs/smtp\\-codes\\-json.md has
        the schema.

        """

    private static let tail = """
        .SH EXIT STATUS
        .TP
        \\fB0\\fR
        Every input is registered; with \\-\\-is, the claim holds for all inputs.
        .TP
        \\fB1\\fR
        A code is not registered (its text is printed all the same), a search, a count or a stream found nothing, or the claim of
        \\-\\-is does not hold.
        .TP
        \\fB2\\fR
        An input is no code, a file or standard input cannot be read, or the command line is wrong.
        .PP
        With \\-\\-warning or \\-\\-critical, the exit status is that of a monitoring plugin: 0 for OK, 1 for more lines than the
        warning number, 2 for more than the critical number.
        .PP
        With \\-\\-sysexit, unless an input is unusable, the exit status is a value of sysexits.h: 67 for 5.1.1, 75 for 4.x.
        .SH ENVIRONMENT
        .TP
        \\fBNO_COLOR\\fR
        If set and not empty, no colours, unless \\-\\-color always is given.
        .SH EXAMPLES

        """

    private static let end = """
        .SH SEE ALSO
        RFC 3463, RFC 5248, RFC 5321, RFC 2034

        """

    private static func escaped(_ text: String) -> String {
        String(
            text.flatMap {
                $0 == "-" ? ["\\", "-"] : $0 == "\\" ? ["\\", "e"] : $0 == "'" ? ["\\", "(", "a", "q"] : [$0]
            }
        )
    }
}
