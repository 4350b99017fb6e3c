function __smtpd-lite_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __smtpd-lite_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __smtpd-lite_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __smtpd-lite_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __smtpd-lite_parse_tokens -S
    set -l unparsed_tokens (__smtpd-lite_tokens -pc)
    switch $unparsed_tokens[1]
    case 'smtpd-lite'
        __smtpd-lite_parse_subcommand 0 'l/listen=+' 'p/port=+' 'tls-listen=+' 'inetd' '4' '6' 'lmtp' 'port-file=' 'ready-fd=' 'n/hostname=' 'banner=' '1/once' 'c/count=' 'sessions=' 'wait-for=+' 'timeout=' 'idle=' 'mbox=+' 'mbox-format=' 'maildir=+' 'dir=+' 'json=+' 'exec=+' 'exec-shell' 'exec-timeout=' 'exec-jobs=' 'format=' 'pretty-lines=' 'color=' 'discard' 'raw-message' 'envelope-headers' 'fsync' 'tls' 'cert=' 'key=' 'cert-name=+' 'cert-out=' 'no-tls' 'require-tls' 'tls-min=' 'client-ca=' 'keylog=' 'auth=' 'require-auth' 'auth-without-tls' 'mechanisms=' 'max-size=' 'max-recipients=' 'max-connections=' 'max-errors=' 'command-timeout=' 'data-timeout=' 'rate=' 'bare-newline=' 'hide=+' 'offer=+' 'strict' 'no-esmtp' 'accept-rcpt=+' 'reject-rcpt=+' 'reject-from=+' 'resolve-sender' 'resolver=' 'fault=+' 'seed=' 'proxy-from=+' 'xclient-from=+' 'v/verbose' 'q/quiet' 'transcript=' 'stats' 'lint' 'user=' 'chroot=' 'help-all' 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'show'
            __smtpd-lite_parse_subcommand -r 1 'f/follow' 'color=' 'pretty-lines=' 'version' 'h/help'
        case 'help'
            __smtpd-lite_parse_subcommand -r 1 'version'
        end
    end
end

function __smtpd-lite_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __smtpd-lite_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __smtpd-lite_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __smtpd-lite_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__smtpd-lite_tokens -p)
    if test -z "$(__smtpd-lite_tokens -t)"
        set -l index (count (__smtpd-lite_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'smtpd-lite' -f
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite"' -s 'l' -l 'listen' -d 'Listen on [HOST]:PORT, PORT, unix:PATH[,mode=660] or fd:N; may be given several times.' -rfka 'localhost:2525 unix: fd: :0'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite"' -s 'p' -l 'port' -d 'Listen on this port of 127.0.0.1 and ::1; may be given several times.' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite"' -l 'tls-listen' -d 'Listen for connections that speak TLS from the first octet on; the addresses are written the same.' -rfka 'localhost:4650 unix: fd: :0'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" inetd' -l 'inetd' -d 'Serve one session on standard input and output, a socket or pipes, as inetd starts it, and end with it.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" 4' -s '4' -d 'Listen on IPv4 alone.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" 6' -s '6' -d 'Listen on IPv6 alone.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" lmtp' -l 'lmtp' -d 'Speak LMTP on every listener: LHLO, and one reply for each recipient. Not on port 25.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" port-file' -l 'port-file' -d 'Write the port of the first TCP listener to FILE, when ready.' -rF
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" ready-fd' -l 'ready-fd' -d 'Write a newline to descriptor N, when ready, and close it.' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" hostname n' -s 'n' -l 'hostname' -d 'The server\'s name in greetings and Received fields. (default: the machine\'s)' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" banner' -l 'banner' -d 'What stands behind the name in the greeting. (default: ESMTP smtpd-lite)' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" 1 once' -s '1' -l 'once' -d 'End after one message; the same as --count 1.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" c count' -s 'c' -l 'count' -d 'End after N messages.' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" sessions' -l 'sessions' -d 'End after N sessions.' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite"' -l 'wait-for' -d 'End when a message came that matches: from~REGEX, to~, subject~, header:NAME~ or body~.' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" timeout' -l 'timeout' -d 'End after this time, for example 30, 1.5s, 500ms, 5m or 1m30s.' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" idle' -l 'idle' -d 'End when there was no session for this time.' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite"' -l 'mbox' -d 'Append messages to FILE, an mbox; may be given several times, as all of these.' -rF
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" mbox-format' -l 'mbox-format' -d 'How the mbox is written: mboxrd, mboxo or mboxcl2. (default: mboxrd)' -rfka 'mboxrd mboxo mboxcl2'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite"' -l 'maildir' -d 'Deliver messages to the Maildir DIR, which is made if need be.' -rfa '(__smtpd-lite_complete_directories)'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite"' -l 'dir' -d 'Write each message to a file of its own in DIR, as it came, with CRLF: 20261122T150000.000Z-ID.eml.' -rfa '(__smtpd-lite_complete_directories)'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite"' -l 'json' -d 'Append messages to FILE as JSON Lines; without FILE, or as -, the same as --format json.' -rF
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite"' -l 'exec' -d 'Run COMMAND for each message, with the message on its standard input and the envelope in its environment.' -rfka '(__smtpd-lite_custom_completion ---completion -- --exec (count (__smtpd-lite_tokens -pc)) (__smtpd-lite_tokens -tC))'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" exec-shell' -l 'exec-shell' -d 'Have /bin/sh run the commands of --exec.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" exec-timeout' -l 'exec-timeout' -d 'Timeout of a command of --exec. Then it is killed, and the client is asked to try again later. (default: 1m)' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" exec-jobs' -l 'exec-jobs' -d 'How many commands of --exec run at a time. (default: 4)' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" format' -l 'format' -d 'Write messages to standard output: auto, pretty, mbox, raw or json.' -rfka 'auto pretty mbox raw json'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" pretty-lines' -l 'pretty-lines' -d 'The most lines of a message\'s text that the pretty format shows; 0 for all. (default: 100)' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" color' -l 'color' -d 'When to use colours: auto, always or never. With auto, on a terminal that has some and without NO_COLOR. (default: auto)' -rfka 'auto always never'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" discard' -l 'discard' -d 'Discard messages.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" raw-message' -l 'raw-message' -d 'Add nothing to messages: no Return-Path, Delivered-To or Received.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" envelope-headers' -l 'envelope-headers' -d 'Add the envelope to messages, as the fields X-Mail-Args, X-Rcpt-Args and others of smtp-sink.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" fsync' -l 'fsync' -d 'Answer 250 when a message is on the disk, not before.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" tls' -l 'tls' -d 'Offer STARTTLS, with a self-signed certificate made at start. (default: no TLS)'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" cert' -l 'cert' -d 'The server\'s certificate, with the chain above it. (default: one made at start, self-signed)' -rF
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" key' -l 'key' -d 'The certificate\'s private key. (default: in the file of the certificate)' -rF
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite"' -l 'cert-name' -d 'The names and IP addresses in the certificate made at start.' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" cert-out' -l 'cert-out' -d 'Write the certificate made at start to FILE, for clients to trust.' -rF
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" no-tls' -l 'no-tls' -d 'Offer no TLS, which is the default.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" require-tls' -l 'require-tls' -d 'Refuse mail that does not come through TLS: 530 5.7.0.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" tls-min' -l 'tls-min' -d 'The oldest version spoken: 1.0, 1.1, 1.2 or 1.3. (default: 1.2)' -rfka '1.0 1.1 1.2 1.3'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" client-ca' -l 'client-ca' -d 'Ask clients for a certificate that these authorities signed.' -rF
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" keylog' -l 'keylog' -d 'Append the secrets of each connection to FILE, as SSLKEYLOGFILE has them.' -rF
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" auth' -l 'auth' -d 'Offer AUTH: any takes everybody, user:password one user, @FILE those of an htpasswd file.' -rfka 'any'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" require-auth' -l 'require-auth' -d 'Refuse mail of those who have not logged in: 530 5.7.0.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" auth-without-tls' -l 'auth-without-tls' -d 'Let passwords and tokens be sent in clear; on by default without TLS where only this machine listens.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" mechanisms' -l 'mechanisms' -d 'The mechanisms offered, such as PLAIN,SCRAM-SHA-256. (default: all that the users allow)' -rfka 'PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER EXTERNAL'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" max-size' -l 'max-size' -d 'The largest message, in bytes or with K, M or G, for example 10MB; 0 for any. (default: 50M)' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" max-recipients' -l 'max-recipients' -d 'The most recipients of a message. (default: 1000)' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" max-connections' -l 'max-connections' -d 'The most connections at a time. (default: 1000)' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" max-errors' -l 'max-errors' -d 'The most bad commands of a session. (default: 20)' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" command-timeout' -l 'command-timeout' -d 'How long a command may take to come. (default: 5m)' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" data-timeout' -l 'data-timeout' -d 'How long a message may pause. (default: 10m)' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" rate' -l 'rate' -d 'The most messages in a time, such as 10/s, 100/m or 5/30s; 421 to who begins another.' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" bare-newline' -l 'bare-newline' -d 'What becomes of a lone CR or LF: normalize makes a line end of it, allow keeps it, reject refuses the message.' -rfka 'reject normalize allow'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite"' -l 'hide' -d 'Do not offer these extensions, such as SIZE,PIPELINING.' -rfka 'PIPELINING SIZE 8BITMIME CHUNKING BINARYMIME SMTPUTF8 DSN MT-PRIORITY REQUIRETLS LIMITS DELIVERBY FUTURERELEASE RRVS ENHANCEDSTATUSCODES STARTTLS AUTH XCLIENT HELP VRFY EXPN'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite"' -l 'offer' -d 'Also offer these extensions: DELIVERBY, FUTURERELEASE, RRVS.' -rfka 'DELIVERBY FUTURERELEASE RRVS'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" strict' -l 'strict' -d 'Refuse what RFC 5321 does not allow: loose syntax, commands over 512 octets, lines over 1000.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" no-esmtp' -l 'no-esmtp' -d 'Speak SMTP without extensions: EHLO is answered 500.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite"' -l 'accept-rcpt' -d 'Accept recipients that match REGEX, and no others: 550 5.1.1; may be given several times.' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite"' -l 'reject-rcpt' -d 'Refuse recipients that match REGEX, with 550 5.1.1 or with REPLY; may be given several times.' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite"' -l 'reject-from' -d 'Refuse senders that match REGEX, with 550 5.7.1 or with REPLY; may be given several times.' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" resolve-sender' -l 'resolve-sender' -d 'Refuse senders whose domain the DNS does not know as one that takes mail: 550 5.1.8.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" resolver' -l 'resolver' -d 'The name server to ask, an IP address with or without a port. (default: the system\'s)' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite"' -l 'fault' -d 'Do something wrong: STAGE[~REGEX][#SELECTOR]=ACTION[,ACTION...]; may be given several times.' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" seed' -l 'seed' -d 'Where the odds of faults begin: the same number gives the same faults. (default: another each time)' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite"' -l 'proxy-from' -d 'Demand a header of the PROXY protocol, version 1 or 2, of connections from here.' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite"' -l 'xclient-from' -d 'Let clients from here speak in the name of others, with XCLIENT.' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" v verbose' -s 'v' -l 'verbose' -d 'Show the dialogue on standard error.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" q quiet' -s 'q' -l 'quiet' -d 'Print only errors on standard error.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" transcript' -l 'transcript' -d 'Append the dialogues to FILE, each line with its time.' -rF
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" stats' -l 'stats' -d 'Show totals and the rate, in a live line on a terminal, as JSON at the end otherwise.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" lint' -l 'lint' -d 'Warn of what is wrong with messages; replies stay the same.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" user' -l 'user' -d 'Go on as this user once the listeners are open, before any output is; for root.' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" chroot' -l 'chroot' -d 'Make DIR the root folder before outputs are opened: their paths are paths in it; for root.' -rfa '(__smtpd-lite_complete_directories)'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" help-all' -l 'help-all' -d 'Show every option; --help shows the usual ones.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" version' -l 'version' -d 'Show the version.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_positional "smtpd-lite" -eq 1' -fa 'show' -d 'Print saved mail as a person wants to read it.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_positional "smtpd-lite" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite show" f follow' -s 'f' -l 'follow' -d 'Wait for more messages, as tail -F waits for lines, until interrupted.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite show" color' -l 'color' -d 'When to use colours: auto, always or never. With auto, on a terminal that has some and without NO_COLOR; always is for less -R. (default: auto)' -rfka 'auto always never'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite show" pretty-lines' -l 'pretty-lines' -d 'The most lines of a message\'s text; 0 for all. (default: 100)' -rfka ''
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_positional "smtpd-lite show" -ge 1' -F
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite show" version' -l 'version' -d 'Show the version.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'smtpd-lite' -n '__smtpd-lite_should_offer_completions_for_flags_or_options "smtpd-lite help" version' -l 'version' -d 'Show the version.'
function __smtpd-lite_complete_command
    set -l tokens (commandline -opc)
    set -l index (contains -i -- -- $tokens)
    complete -C (string join -- ' ' (string escape -- $tokens[(math $index + 1)..]) (commandline -ct))
end
complete -c 'smtpd-lite' -n 'contains -- -- (commandline -opc)' -fa '(__smtpd-lite_complete_command)'
