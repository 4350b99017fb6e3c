function __smtp-probe_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __smtp-probe_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __smtp-probe_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __smtp-probe_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __smtp-probe_parse_tokens -S
    set -l unparsed_tokens (__smtp-probe_tokens -pc)
    switch $unparsed_tokens[1]
    case 'smtp-probe'
        __smtp-probe_parse_subcommand 1 'c/command=+' 'f/file=' 'k/keep-going' 'mx' '4/ipv4' '6/ipv6' 'source=' 'helo=' 'timeout=' 'connect-timeout=' 'deadline=' 'proxy-header=' 'xclient=' 'resolver=' 'tls' 'tls-optional' 'implicit-tls' 'no-tls' 'verify' 'ca=' 'name=' 'sni=' 'pin=' 'cert=' 'key=' 'tls-min=' 'tls-max=' 'ciphers=' 'keylog=' 'auth-user=' 'auth-password-file=' 'auth-password-fd=' 'auth-password=' 'auth-mechanism=' 'json' 'color=' 'v/verbose' 'q/quiet' 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'send'
            __smtp-probe_parse_subcommand 1 'from=' 'to=+' 'cc=+' 'bcc=+' 'notify=' 'ret=' 'envid=' 'orcpt=+' 'mt-priority=' 'smtputf8' 'requiretls' 'header=+' 'subject=' 'body=' 'data=' 'attach=+' 'template' 'pipeline' 'bdat' 'lmtp' 'quit-after=' 'drop-after=' 'dump' 'partial-ok' 'insecure-auth' 'exit-temp' 'nagios' 'mx' '4/ipv4' '6/ipv6' 'source=' 'helo=' 'timeout=' 'connect-timeout=' 'deadline=' 'proxy-header=' 'xclient=' 'resolver=' 'tls' 'tls-optional' 'implicit-tls' 'no-tls' 'verify' 'ca=' 'name=' 'sni=' 'pin=' 'cert=' 'key=' 'tls-min=' 'tls-max=' 'ciphers=' 'keylog=' 'auth-user=' 'auth-password-file=' 'auth-password-fd=' 'auth-password=' 'auth-mechanism=' 'json' 'color=' 'v/verbose' 'q/quiet' 'version' 'h/help'
        case 'check'
            __smtp-probe_parse_subcommand 1 'only=+' 'skip=+' 'list' 'active' 'rcpt=' 'outside=' 'domain=' 'role=' 'policy=' 'https=' 'fail-on=' 'mx' 'port=' '4/ipv4' '6/ipv6' 'source=' 'helo=' 'timeout=' 'connect-timeout=' 'deadline=' 'resolver=' 'ca=' 'name=' 'json' 'color=' 'v/verbose' 'q/quiet' 'version' 'h/help'
        case 'help'
            __smtp-probe_parse_subcommand -r 1 'version'
        end
    end
end

function __smtp-probe_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __smtp-probe_parse_subcommand -S -a positional_count
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

function __smtp-probe_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __smtp-probe_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__smtp-probe_tokens -p)
    if test -z "$(__smtp-probe_tokens -t)"
        set -l index (count (__smtp-probe_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'smtp-probe' -f
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe"' -s 'c' -l 'command' -d 'A line to run; may be given several times.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" f file' -s 'f' -l 'file' -d 'A file with the lines to run, behind those of -c.' -rF
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" k keep-going' -s 'k' -l 'keep-going' -d 'Go on after a reply that nobody expected. The status is still that of the first failure.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" mx' -l 'mx' -d 'TARGET is a domain: look its mail exchangers up, and try them in their order.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" 4 ipv4' -s '4' -l 'ipv4' -d 'Use IPv4 only.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" 6 ipv6' -s '6' -l 'ipv6' -d 'Use IPv6 only.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" source' -l 'source' -d 'The local address to connect from.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" helo' -l 'helo' -d 'The name in HELO, EHLO or LHLO. (default: the name of this machine)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" timeout' -l 'timeout' -d 'How long to wait for each reply, such as 500ms, 30s or 5m. (default: what RFC 5321 asks for, 2m to 10m)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" connect-timeout' -l 'connect-timeout' -d 'How long to wait for each connection to be made. (default: 30s)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" deadline' -l 'deadline' -d 'How long everything may take, from start to end, such as 30s. (default: no limit)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" proxy-header' -l 'proxy-header' -d 'Send a PROXY header first, such as \'PROXY TCP4 192.0.2.9 192.0.2.1 4711 25\'.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" xclient' -l 'xclient' -d 'Send XCLIENT with these attributes behind EHLO, such as \'ADDR=192.0.2.9 NAME=host.example\'.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" resolver' -l 'resolver' -d 'The name server to ask, such as 127.0.0.1:5353. (default: the system\'s)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" tls' -l 'tls' -d 'Use STARTTLS, and go on only inside TLS.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" tls-optional' -l 'tls-optional' -d 'Use STARTTLS when the server offers it.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" implicit-tls' -l 'implicit-tls' -d 'Begin with TLS. (default: with smtps:// and on port 465)'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" no-tls' -l 'no-tls' -d 'Never use TLS.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" verify' -l 'verify' -d 'Go on only if the server\'s certificate is valid for its name.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" ca' -l 'ca' -d 'The certificates of the authorities that are trusted; verifies. (default: the system\'s)' -rF
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" name' -l 'name' -d 'The name that the certificate has to hold; verifies. (default: the host of TARGET)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" sni' -l 'sni' -d 'The name to ask for in the handshake (SNI). (default: that of --name)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" pin' -l 'pin' -d 'The SHA-256 of the server\'s certificate, or of its public key, in hexadecimal; any other is refused.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" cert' -l 'cert' -d 'A certificate to show to the server, with its chain.' -rF
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" key' -l 'key' -d 'The certificate\'s private key. (default: in the file of the certificate)' -rF
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" tls-min' -l 'tls-min' -d 'The oldest version spoken: 1.0, 1.1, 1.2 or 1.3. (default: 1.2)' -rfka '1.0 1.1 1.2 1.3'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" tls-max' -l 'tls-max' -d 'The newest version spoken. (default: 1.3)' -rfka '1.0 1.1 1.2 1.3'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" ciphers' -l 'ciphers' -d 'The cipher suites to offer, as OpenSSL writes them. (default: OpenSSL\'s)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" keylog' -l 'keylog' -d 'Append the secrets of each connection to FILE, as SSLKEYLOGFILE has them.' -rF
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" auth-user' -l 'auth-user' -d 'The user to log in as.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" auth-password-file' -l 'auth-password-file' -d 'A file whose first line is the password, or the token.' -rF
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" auth-password-fd' -l 'auth-password-fd' -d 'The descriptor to read the password from, opened by the shell.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" auth-password' -l 'auth-password' -d 'The password itself. Others on this machine can read it in the process list; better use a file.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" auth-mechanism' -l 'auth-mechanism' -d 'The mechanism to use, such as PLAIN. (default: the strongest that is offered)' -rfka 'PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER EXTERNAL'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" json' -l 'json' -d 'Write one JSON document to standard output, in place of text.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" color' -l 'color' -d 'When to use colours: auto, always or never. With auto, on a terminal that has some and without NO_COLOR. (default: auto)' -rfka 'auto always never'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" v verbose' -l 'verbose' -s 'v' -d 'Say more: what is connected to, and TLS in detail.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" q quiet' -l 'quiet' -s 'q' -d 'Say less: errors only.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" version' -l 'version' -d 'Show the version.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_positional "smtp-probe" -eq 1' -fa 'send' -d 'Send one message, or go as far towards that as you say.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_positional "smtp-probe" -eq 1' -fa 'check' -d 'Find out what is wrong with a mail server, or with the mail of a domain.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_positional "smtp-probe" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" from' -l 'from' -d 'The sender: ann@example.org, \'Ann <ann@example.org>\', or <> for the null sender. (default: you at this machine)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send"' -l 'to' -d 'A recipient, or several with commas between them; may be given several times. @FILE has one on each line.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send"' -l 'cc' -d 'A recipient who stands in Cc; as --to.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send"' -l 'bcc' -d 'A recipient who stands nowhere in the message; as --to.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" notify' -l 'notify' -d 'Ask for reports: never, or a list of success, failure and delay. (DSN)' -rfka 'never success failure delay'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" ret' -l 'ret' -d 'Ask for the full message or its header (hdrs) in reports. (DSN)' -rfka 'full hdrs'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" envid' -l 'envid' -d 'An identifier that reports repeat. (DSN)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send"' -l 'orcpt' -d 'The original recipient, of the --to in the same place. (DSN)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" mt-priority' -l 'mt-priority' -d 'The priority, -9 to 9. (MT-PRIORITY)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" smtputf8' -l 'smtputf8' -d 'Ask for a way that takes UTF-8 in addresses and header; addresses that need it do so themselves.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" requiretls' -l 'requiretls' -d 'Ask that the message be passed on with TLS or not at all. (REQUIRETLS)'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send"' -l 'header' -d 'A header field, which replaces the one that would have been made; may be given several times.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" subject' -l 'subject' -d 'The subject. (default: a test and the date)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" body' -l 'body' -d 'The text of the message, @FILE, or - for standard input. (default: a line that says it is a test)' -rF
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" data' -l 'data' -d 'A whole message, header and all, from @FILE, or - for standard input. It is sent as it is, of any size.' -rF
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send"' -l 'attach' -d 'A file to attach, with ;type=TYPE and ;name=NAME behind it perhaps; may be given several times.' -rF
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" template' -l 'template' -d 'Replace tokens such as %DATE% in text that comes from files and standard input as well, up to 1 MiB. In text on the command line they always are.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" pipeline' -l 'pipeline' -d 'Send commands in groups, without waiting for each reply, where the server offers that.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" bdat' -l 'bdat' -d 'Send the message in chunks, with BDAT in place of DATA. (CHUNKING)'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" lmtp' -l 'lmtp' -d 'Speak LMTP: LHLO, and a reply for each recipient. (default: with lmtp://)'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" quit-after' -l 'quit-after' -d 'Say QUIT behind this stage: banner, ehlo, tls, xclient, auth, mail or rcpt.' -rfka 'banner ehlo tls xclient auth mail rcpt'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" drop-after' -l 'drop-after' -d 'Close without a word behind this stage: connect, banner, ehlo, tls, xclient, auth, mail, rcpt, data or dot.' -rfka 'connect banner ehlo tls xclient auth mail rcpt data dot'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" dump' -l 'dump' -d 'Write the message to standard output, as it would be sent, and connect to nothing.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" partial-ok' -l 'partial-ok' -d 'Count it as success when only some recipients are accepted.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" insecure-auth' -l 'insecure-auth' -d 'Send a password without TLS where the server wants it.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" exit-temp' -l 'exit-temp' -d 'Exit with 75 when trying later may help.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" nagios' -l 'nagios' -d 'Say one line and exit with 0, 1, 2 or 3, as monitoring plugins do.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" mx' -l 'mx' -d 'TARGET is a domain: look its mail exchangers up, and try them in their order.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" 4 ipv4' -s '4' -l 'ipv4' -d 'Use IPv4 only.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" 6 ipv6' -s '6' -l 'ipv6' -d 'Use IPv6 only.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" source' -l 'source' -d 'The local address to connect from.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" helo' -l 'helo' -d 'The name in HELO, EHLO or LHLO. (default: the name of this machine)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" timeout' -l 'timeout' -d 'How long to wait for each reply, such as 500ms, 30s or 5m. (default: what RFC 5321 asks for, 2m to 10m)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" connect-timeout' -l 'connect-timeout' -d 'How long to wait for each connection to be made. (default: 30s)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" deadline' -l 'deadline' -d 'How long everything may take, from start to end, such as 30s. (default: no limit)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" proxy-header' -l 'proxy-header' -d 'Send a PROXY header first, such as \'PROXY TCP4 192.0.2.9 192.0.2.1 4711 25\'.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" xclient' -l 'xclient' -d 'Send XCLIENT with these attributes behind EHLO, such as \'ADDR=192.0.2.9 NAME=host.example\'.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" resolver' -l 'resolver' -d 'The name server to ask, such as 127.0.0.1:5353. (default: the system\'s)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" tls' -l 'tls' -d 'Use STARTTLS, and go on only inside TLS.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" tls-optional' -l 'tls-optional' -d 'Use STARTTLS when the server offers it.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" implicit-tls' -l 'implicit-tls' -d 'Begin with TLS. (default: with smtps:// and on port 465)'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" no-tls' -l 'no-tls' -d 'Never use TLS.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" verify' -l 'verify' -d 'Go on only if the server\'s certificate is valid for its name.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" ca' -l 'ca' -d 'The certificates of the authorities that are trusted; verifies. (default: the system\'s)' -rF
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" name' -l 'name' -d 'The name that the certificate has to hold; verifies. (default: the host of TARGET)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" sni' -l 'sni' -d 'The name to ask for in the handshake (SNI). (default: that of --name)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" pin' -l 'pin' -d 'The SHA-256 of the server\'s certificate, or of its public key, in hexadecimal; any other is refused.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" cert' -l 'cert' -d 'A certificate to show to the server, with its chain.' -rF
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" key' -l 'key' -d 'The certificate\'s private key. (default: in the file of the certificate)' -rF
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" tls-min' -l 'tls-min' -d 'The oldest version spoken: 1.0, 1.1, 1.2 or 1.3. (default: 1.2)' -rfka '1.0 1.1 1.2 1.3'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" tls-max' -l 'tls-max' -d 'The newest version spoken. (default: 1.3)' -rfka '1.0 1.1 1.2 1.3'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" ciphers' -l 'ciphers' -d 'The cipher suites to offer, as OpenSSL writes them. (default: OpenSSL\'s)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" keylog' -l 'keylog' -d 'Append the secrets of each connection to FILE, as SSLKEYLOGFILE has them.' -rF
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" auth-user' -l 'auth-user' -d 'The user to log in as.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" auth-password-file' -l 'auth-password-file' -d 'A file whose first line is the password, or the token.' -rF
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" auth-password-fd' -l 'auth-password-fd' -d 'The descriptor to read the password from, opened by the shell.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" auth-password' -l 'auth-password' -d 'The password itself. Others on this machine can read it in the process list; better use a file.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" auth-mechanism' -l 'auth-mechanism' -d 'The mechanism to use, such as PLAIN. (default: the strongest that is offered)' -rfka 'PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER EXTERNAL'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" json' -l 'json' -d 'Write one JSON document to standard output, in place of text.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" color' -l 'color' -d 'When to use colours: auto, always or never. With auto, on a terminal that has some and without NO_COLOR. (default: auto)' -rfka 'auto always never'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" v verbose' -l 'verbose' -s 'v' -d 'Say more: what is connected to, and TLS in detail.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" q quiet' -l 'quiet' -s 'q' -d 'Say less: errors only.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" version' -l 'version' -d 'Show the version.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe send" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check"' -l 'only' -d 'Run these checks or groups only, separated by commas.' -rfka 'protocol dns tls cert dane mta-sts relay smuggle auth dns.mx dns.spf dns.dmarc dns.tlsrpt mta-sts.record mta-sts.policy mta-sts.mx connect banner ehlo helo caps.sane dns.ptr tls.offered tls.required tls.reset tls.inject-server tls.inject-client tls.version tls.cipher dane.records dane.match mta-sts.certificate cert.trust cert.name cert.expiry cert.key relay.null relay.foreign relay.forms vrfy expn postmaster abuse 8bitmime smtputf8 chunking size params state limits pipe.order pregreet auth.mechanisms auth.clear auth.unknown auth.cancel auth.enumeration bare.cr bare.lf smuggle.lf-dot-lf smuggle.lf-dot-crlf smuggle.lf-dot-cr smuggle.cr-dot-cr smuggle.cr-dot-lf smuggle.cr-dot-crlf smuggle.crlf-nul-dot-crlf smuggle.crlf-dot-lf smuggle.crlf-dot-cr smuggle.crlf-dot-nul-crlf enhanced.codes'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check"' -l 'skip' -d 'Leave these checks or groups out, separated by commas.' -rfka 'protocol dns tls cert dane mta-sts relay smuggle auth dns.mx dns.spf dns.dmarc dns.tlsrpt mta-sts.record mta-sts.policy mta-sts.mx connect banner ehlo helo caps.sane dns.ptr tls.offered tls.required tls.reset tls.inject-server tls.inject-client tls.version tls.cipher dane.records dane.match mta-sts.certificate cert.trust cert.name cert.expiry cert.key relay.null relay.foreign relay.forms vrfy expn postmaster abuse 8bitmime smtputf8 chunking size params state limits pipe.order pregreet auth.mechanisms auth.clear auth.unknown auth.cancel auth.enumeration bare.cr bare.lf smuggle.lf-dot-lf smuggle.lf-dot-crlf smuggle.lf-dot-cr smuggle.cr-dot-cr smuggle.cr-dot-lf smuggle.cr-dot-crlf smuggle.crlf-nul-dot-crlf smuggle.crlf-dot-lf smuggle.crlf-dot-cr smuggle.crlf-dot-nul-crlf enhanced.codes'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" list' -l 'list' -d 'List the checks: identifier, group, needs, RFC and rule.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" active' -l 'active' -d 'Run also the checks that begin the content of a message, talk before the greeting or send malformed input.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" rcpt' -l 'rcpt' -d 'A recipient who exists here. (default: postmaster, where it is accepted)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" outside' -l 'outside' -d 'The foreign address of the relay checks.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" domain' -l 'domain' -d 'The domain that the server serves. (default: that of --mx, the host of TARGET, or the name in the greeting)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" role' -l 'role' -d 'The role of the server: mx, submission or local. (default: by its port)' -rfka 'mx submission local'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" policy' -l 'policy' -d 'The MTA-STS policy, in place of the one that the domain serves.' -rF
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" https' -l 'https' -d 'Where to fetch the MTA-STS policy; the name in TLS stays mta-sts.DOMAIN.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" fail-on' -l 'fail-on' -d 'With warn, warnings count as failures for the exit status.' -rfka 'fail warn'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" mx' -l 'mx' -d 'TARGET is a domain: check its records, its MTA-STS policy, and each of its mail exchangers.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" port' -l 'port' -d 'The port of the mail exchangers of --mx. (default: 25)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" 4 ipv4' -s '4' -l 'ipv4' -d 'Use IPv4 only.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" 6 ipv6' -s '6' -l 'ipv6' -d 'Use IPv6 only.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" source' -l 'source' -d 'The local address to connect from.' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" helo' -l 'helo' -d 'The name in HELO, EHLO or LHLO. (default: the name of this machine)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" timeout' -l 'timeout' -d 'How long to wait for each reply, and each answer of the DNS. (default: 30s)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" connect-timeout' -l 'connect-timeout' -d 'How long to wait for each connection to be made. (default: 30s)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" deadline' -l 'deadline' -d 'How long the whole run may take. (default: 5m)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" resolver' -l 'resolver' -d 'The name server to ask, such as 127.0.0.1:5353. (default: the system\'s)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" ca' -l 'ca' -d 'The certificates of the authorities that are trusted. (default: the system\'s)' -rF
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" name' -l 'name' -d 'The name that certificates have to hold. (default: the host of TARGET)' -rfka ''
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" json' -l 'json' -d 'Write one JSON document to standard output, in place of text.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" color' -l 'color' -d 'When to use colours: auto, always or never. With auto, on a terminal that has some and without NO_COLOR. (default: auto)' -rfka 'auto always never'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" v verbose' -l 'verbose' -s 'v' -d 'Say more: what is connected to, and TLS in detail.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" q quiet' -l 'quiet' -s 'q' -d 'Say less: errors only.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" version' -l 'version' -d 'Show the version.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe check" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe help" version' -l 'version' -d 'Show the version.'
