import ArgumentParser

/// The text of `--help`: one screen. `--help-all` has every option.
enum Overview {
    /// A command that has such a text.
    protocol Provider {
        static var overview: String { get }
    }

    /// The text for a command, or all of its help where it has no such text.
    static func text(of command: any ParsableCommand.Type) -> String {
        (command as? any Provider.Type)?.overview ?? command.helpMessage()
    }
}

extension SMTPProbe: Overview.Provider {
    static var overview: String {
        let commands = configuration.subcommands.map { command in
            let name = command._commandName
            let gap = String(repeating: " ", count: max(1, 8 - name.count))
            return "  smtp-probe \(name)\(gap)\(command.configuration.abstract)"
        }
        return """
            smtp-probe: talk to an SMTP server, by hand or from a script.

            USAGE: smtp-probe [options] [TARGET]               a shell, on a terminal
                   smtp-probe [options] -c LINE ... TARGET     a script; also -f FILE, or standard input

            \(commands.joined(separator: "\n"))

            What you type goes to the server as it is. Commands for smtp-probe begin with a colon; :help lists them.
            TARGET is HOST[:PORT], [IPv6]:PORT, smtps://HOST, lmtp://HOST, unix:PATH, or a domain with --mx.

              -c, --command LINE         run a line; may be given several times
              -f, --file FILE            run the lines of FILE
              -k, --keep-going           go on after a reply that was not expected
                  --tls                  use STARTTLS; also --tls-optional, --implicit-tls, --no-tls
                  --verify               go on only with a valid certificate; also --ca, --name, --pin
                  --auth-user USER       the user of :auth; also --auth-password-file FILE
                  --mx                   TARGET is a domain: try its mail exchangers
              -4, -6                     use IPv4 only, or IPv6 only
                  --helo NAME            our name
                  --timeout DURATION     how long to wait for each reply
                  --json                 write one JSON document in place of text, in a script
                  --color WHEN           auto, always or never
              -v, --verbose, -q, --quiet

            EXAMPLES:
              smtp-probe localhost 2525                               talk to a server by hand
              smtp-probe -c 'EHLO me' -c ':expect 250' mx.example     fail unless the reply is 250
              smtp-probe send -t ann@example.org mx.example.org       send a test message

            More: smtp-probe COMMAND --help, smtp-probe --help-all, and man smtp-probe with all statuses.
            """
    }
}

extension SendCommand: Overview.Provider {
    static let overview = """
        smtp-probe send: send one message, and show each step.

        USAGE: smtp-probe send [options] --to ADDRESS TARGET
               smtp-probe send --dump [options]

        The exit status tells at which stage it ended. Options that take text also take @FILE, or - for standard input.

          -t, --to ADDRESS           a recipient; may be given several times; also --cc, --bcc
          -f, --from ADDRESS         the sender; <> is the null sender
          -s, --server HOST[:PORT]   the server, in place of TARGET; --mx DOMAIN asks the DNS for it
              --subject TEXT, --header 'Name: value'
              --body TEXT            the text; \\n is a line end
              --attach FILE          a file to attach; FILE;type=TYPE;name=NAME
              --data @FILE           a whole message, sent as it is
          -a, --auth [MECHANISM]     log in; --auth-user USER, --auth-password-file FILE
              --tls                  use STARTTLS; also --tls-optional, --implicit-tls, --verify
              --quit-after STAGE     stop there: banner, ehlo, tls, auth, mail, rcpt; also --drop-after
              --pipeline, --bdat, --lmtp
              --dump                 write the message to standard output and send nothing
              --json, --nagios       a JSON document, or one line for a monitoring system
          -v, --verbose              show the message and the certificates, too
          -q, --quiet                show errors only

        EXAMPLES:
          smtp-probe send -t ann@example.org mx.example.org
          smtp-probe send -t ann@example.org --quit-after rcpt --mx example.org     would it be accepted?
          smtp-probe send -t ann@example.net -a --auth-user joe --tls mail.example.org:587

        All options: smtp-probe send --help-all. Options of swaks and their equivalents: man smtp-probe.
        """
}

extension LoadCommand: Overview.Provider {
    static let overview = """
        smtp-probe load: send many messages, and measure how the server copes.

        USAGE: smtp-probe load [options] TARGET

        Each session sends its next message when the last one is done. With --rate, messages start on a schedule, and latency counts
        from the scheduled start. The end is a table of rates, latencies, replies and failures.

              --sessions N           sessions at a time; --idle N opens further ones that stay idle
              --messages N           messages in total, or --duration TIME
              --messages-per-session N
              --rate N/s             start messages on a schedule
              --size BYTES           the size of generated messages, or --data @FILE
          -f, --from ADDRESS, -t, --to ADDRESS     %n is a number; --recipients N
              --pipeline, --bdat, --lmtp
              --tls                  use STARTTLS; also --implicit-tls, --verify
              --auth-user USER, --auth-password-file FILE
              --force                allow much load to a public address
              --json                 write one JSON document, with the histogram
          -q, --quiet                show errors only

        EXAMPLES:
          smtp-probe load --sessions 20 --messages 10000 localhost:2525
          smtp-probe load --sessions 50 --rate 100/s --duration 1m localhost:2525

        All options: smtp-probe load --help-all. Options of smtp-source and their equivalents: man smtp-probe.
        """
}
