import CommandLineSupport

/// `:help`.
extension Interpreter {
    func showHelp(_ rest: String) throws {
        guard !rest.isEmpty else { return showCommands() }
        let word = rest.hasPrefix(":") ? String(rest.dropFirst()) : rest
        if !rest.hasPrefix(":"), let verb = VerbHelp.all.first(where: { $0.verb == word.uppercased() }) {
            console.show(verb.syntax)
            console.show("  \(verb.summary)", .faint)
            return
        }
        let command = try MetaCommand.find(word)
        console.show(command.usage)
        console.show("  \(command.summary)", .faint)
    }

    /// Where the summaries begin.
    private static let column = 32

    private func showCommands() {
        console.show("Lines go to the server as they are; ::text sends :text. Commands may be abbreviated:")
        let entries = MetaCommand.all.map { ($0.usage, $0.summary) } + [(":!COMMAND", "run a command of the system")]
        for (name, summary) in entries {
            let gap = String(repeating: " ", count: max(Self.column - 2 - name.count, 2))
            console.show("  \(name)\(gap)\(summary)", hanging: Self.column)
        }
        console.show(
            "Verbs of SMTP that :help explains: \(VerbHelp.all.map(\.verb).joined(separator: " "))", hanging: 2)
    }
}

/// The purpose of an SMTP verb.
struct VerbHelp {
    let verb: String
    let syntax: String
    let summary: String

    static let all: [VerbHelp] = [
        VerbHelp(
            "EHLO", "EHLO domain", "Begins a session, and asks what the server offers (RFC 5321, section 4.1.1.1)."),
        VerbHelp("HELO", "HELO domain", "Begins a session without extensions (RFC 5321, section 4.1.1.1)."),
        VerbHelp("LHLO", "LHLO domain", "Begins a session of LMTP (RFC 2033, section 4.1)."),
        VerbHelp(
            "MAIL", "MAIL FROM:<sender> [SIZE=n] [BODY=8BITMIME] [SMTPUTF8] [RET=FULL|HDRS] [ENVID=x] [AUTH=x]",
            "Begins a transaction; <> is the null sender (RFC 5321, section 4.1.1.2)."),
        VerbHelp(
            "RCPT", "RCPT TO:<recipient> [NOTIFY=SUCCESS,FAILURE,DELAY|NEVER] [ORCPT=rfc822;x]",
            "Adds a recipient (RFC 5321, section 4.1.1.3; RFC 3461)."),
        VerbHelp(
            "DATA", "DATA", "Begins the content, which ends with a dot alone (RFC 5321, section 4.1.1.4)."),
        VerbHelp("BDAT", "BDAT size [LAST]", "Sends a chunk of the content (RFC 3030); see :bdat."),
        VerbHelp("RSET", "RSET", "Ends the transaction without a message (RFC 5321, section 4.1.1.5)."),
        VerbHelp("NOOP", "NOOP [text]", "Does nothing (RFC 5321, section 4.1.1.9)."),
        VerbHelp("VRFY", "VRFY user", "Asks whether a user exists (RFC 5321, section 4.1.1.6)."),
        VerbHelp("EXPN", "EXPN list", "Asks who is on a list (RFC 5321, section 4.1.1.7)."),
        VerbHelp("HELP", "HELP [text]", "Asks the server for help (RFC 5321, section 4.1.1.8)."),
        VerbHelp("STARTTLS", "STARTTLS", "Asks for TLS; everything said before is forgotten (RFC 3207)."),
        VerbHelp("AUTH", "AUTH mechanism [response]", "Logs in (RFC 4954); see :auth."),
        VerbHelp("XCLIENT", "XCLIENT NAME=value ...", "Says whose connection it is, to Postfix; see :xclient."),
        VerbHelp("QUIT", "QUIT", "Ends the session (RFC 5321, section 4.1.1.10)."),
    ]

    init(_ verb: String, _ syntax: String, _ summary: String) {
        self.verb = verb
        self.syntax = syntax
        self.summary = summary
    }
}
