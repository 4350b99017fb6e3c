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
        __smtp-probe_parse_subcommand 1 'c/command=+' 'f/file=' 'k/keep-going' 'mx' '4/ipv4' '6/ipv6' 'source=' 'helo=' 'timeout=' 'connect-timeout=' 'proxy-header=' 'xclient=' 'resolver=' 'tls' 'tls-optional' 'implicit-tls' 'no-tls' 'verify' 'ca=' 'name=' 'sni=' 'pin=' 'cert=' 'key=' 'tls-min=' 'tls-max=' 'ciphers=' 'keylog=' 'auth-user=' 'auth-password-file=' 'auth-password-fd=' 'auth-password=' 'auth-mechanism=' 'json' 'color=' 'v/verbose' 'q/quiet' 'version' 'h/help'
        switch $unparsed_tokens[1]
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
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" color' -l 'color' -d 'When to use colours: auto, always or never. With auto, on a terminal and without NO_COLOR. (default: auto)' -rfka 'auto always never'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" v verbose' -l 'verbose' -s 'v' -d 'Say more: what is connected to, and TLS in detail.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" q quiet' -l 'quiet' -s 'q' -d 'Say less: errors only.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" version' -l 'version' -d 'Show the version.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_positional "smtp-probe" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'smtp-probe' -n '__smtp-probe_should_offer_completions_for_flags_or_options "smtp-probe help" version' -l 'version' -d 'Show the version.'
