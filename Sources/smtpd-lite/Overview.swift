import ArgumentParser

/// The text of `--help`: one screen for new users. `--help-all` has every option.
enum Overview {
    /// Returns the answer to arguments that ask for help; `nil` for others.
    ///
    /// - Parameter arguments: those of the tool; the words after `--` are the command's.
    static func answer(to arguments: [String]) -> String? {
        let own = arguments.prefix { $0 != "--" }
        if own.contains("--help-all") { return SMTPDLite.helpMessage() }
        return own.contains("--help") || own.contains("-h") ? text : nil
    }

    static let text = """
        smtpd-lite: receive mail here and now, and write it to standard output, to files or to a command.

        USAGE: smtpd-lite [options]
               smtpd-lite [options] -- command ...       serve while the command runs
               smtpd-lite show [--follow] FILE|DIR ...   print saved mail

        Without options it listens on port 2525 of this machine until it is interrupted.

          -p, --port N               listen on port N of this machine; 0 picks a free one (--port-file FILE tells)
          -l, --listen [HOST]:PORT   listen there; several times if need be, unix:PATH and fd:N likewise
          -1, --once                 end after one message; -c N after N, --timeout 30 when none came
              --wait-for FIELD~REGEX end when a message came that matches, for example subject~Welcome
              --mbox FILE            keep messages in an mbox; --maildir, --dir, --json, --exec, --discard likewise
          -v, --verbose              show the dialogues; --transcript FILE keeps them, --lint warns of mistakes
              --auth any             offer AUTH: any, user:password or @FILE
              --strict               refuse what the grammar does not allow, and lines that end with LF alone
              --tls                  offer STARTTLS; --cert-out FILE for clients that verify, --cert FILE your own
              --reject-rcpt REGEX    refuse recipients; --accept-rcpt, --reject-from, --rate 10/s likewise
              --fault RULE           go wrong: rcpt#3=450, dot=delay:30s, body=after:64K,drop, connect#10%=421
              --lmtp                 speak LMTP
              --color WHEN           auto, always or never
          -q, --quiet                print only errors

        EXAMPLES:
          smtpd-lite --once                                       print one message, and end
          smtpd-lite -p 0 -c 3 --mbox sent.mbox -- ./run-tests    fail unless the tests send three
          smtpd-lite -v --discard                                 see what a client says

        All options: smtpd-lite --help-all, and man smtpd-lite with formats, faults and exit statuses.
        """
}
