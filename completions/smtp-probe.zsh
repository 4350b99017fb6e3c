#compdef smtp-probe

__smtp-probe_complete() {
    local -ar non_empty_completions=("${@:#(|:*)}")
    local -ar empty_completions=("${(M)@:#(|:*)}")
    _describe -V '' non_empty_completions -- empty_completions -P $'\'\''
}

__smtp-probe_custom_complete() {
    local -a completions
    completions=("${(@f)"$("${command_name}" "${@}" "${command_line[@]}")"}")
    if [[ "${#completions[@]}" -gt 1 ]]; then
        __smtp-probe_complete "${completions[@]:0:-1}"
    fi
}

__smtp-probe_cursor_index_in_current_word() {
    if [[ -z "${QIPREFIX}${IPREFIX}${PREFIX}" ]]; then
        printf 0
    else
        printf %s "${#${(z)LBUFFER}[-1]}"
    fi
}

_smtp-probe() {
    emulate -RL zsh -G
    setopt extendedglob nullglob numericglobsort
    unsetopt aliases banghist

    local -xr SAP_SHELL=zsh
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(builtin emulate zsh -c 'printf %s "${ZSH_VERSION}"')"
    local -r SAP_SHELL_VERSION

    local context state state_descr line
    local -A opt_args

    local -r command_name="${words[1]}"
    local -ar command_line=("${words[@]}")
    local -ir current_word_index="$((CURRENT - 1))"

    local -i ret=1
    local -ar ___tls_min=('1.0' '1.1' '1.2' '1.3')
    local -ar ___tls_max=('1.0' '1.1' '1.2' '1.3')
    local -ar ___auth_mechanism=('PLAIN' 'LOGIN' 'CRAM-MD5' 'SCRAM-SHA-1' 'SCRAM-SHA-1-PLUS' 'SCRAM-SHA-256' 'SCRAM-SHA-256-PLUS' 'XOAUTH2' 'OAUTHBEARER' 'EXTERNAL')
    local -ar ___color=('auto' 'always' 'never')
    local -ar arg_specs=(
        '*'{-c,--command}'[A line to run; may be given several times.]:line:'
        '(-f --file)'{-f,--file}'[A file with the lines to run, behind those of -c.]:file:_files'
        '(-k --keep-going)'{-k,--keep-going}'[Go on after a reply that nobody expected. The status is still that of the first failure.]'
        '--mx[TARGET is a domain\: look its mail exchangers up, and try them in their order.]'
        '(-4 --ipv4)'{-4,--ipv4}'[Use IPv4 only.]'
        '(-6 --ipv6)'{-6,--ipv6}'[Use IPv6 only.]'
        '--source[The local address to connect from.]:address:'
        '--helo[The name in HELO, EHLO or LHLO. (default\: the name of this machine)]:name:'
        '--timeout[How long to wait for each reply, such as 500ms, 30s or 5m. (default\: what RFC 5321 asks for, 2m to 10m)]:duration:'
        '--connect-timeout[How long to wait for each connection to be made. (default\: 30s)]:duration:'
        '--deadline[How long everything may take, from start to end, such as 30s. (default\: no limit)]:duration:'
        '--proxy-header[Send a PROXY header first, such as '\''PROXY TCP4 192.0.2.9 192.0.2.1 4711 25'\''.]:line:'
        '--xclient[Send XCLIENT with these attributes behind EHLO, such as '\''ADDR=192.0.2.9 NAME=host.example'\''.]:attributes:'
        '--resolver[The name server to ask, such as 127.0.0.1\:5353. (default\: the system'\''s)]:host\:port:'
        '--tls[Use STARTTLS, and go on only inside TLS.]'
        '--tls-optional[Use STARTTLS when the server offers it.]'
        '--implicit-tls[Begin with TLS. (default\: with smtps\:// and on port 465)]'
        '--no-tls[Never use TLS.]'
        '--verify[Go on only if the server'\''s certificate is valid for its name.]'
        '--ca[The certificates of the authorities that are trusted; verifies. (default\: the system'\''s)]:file:_files'
        '--name[The name that the certificate has to hold; verifies. (default\: the host of TARGET)]:name:'
        '--sni[The name to ask for in the handshake (SNI). (default\: that of --name)]:name:'
        '--pin[The SHA-256 of the server'\''s certificate, or of its public key, in hexadecimal; any other is refused.]:sha256:'
        '--cert[A certificate to show to the server, with its chain.]:file:_files'
        '--key[The certificate'\''s private key. (default\: in the file of the certificate)]:file:_files'
        '--tls-min[The oldest version spoken\: 1.0, 1.1, 1.2 or 1.3. (default\: 1.2)]:version:{__smtp-probe_complete "${___tls_min[@]}"}'
        '--tls-max[The newest version spoken. (default\: 1.3)]:version:{__smtp-probe_complete "${___tls_max[@]}"}'
        '--ciphers[The cipher suites to offer, as OpenSSL writes them. (default\: OpenSSL'\''s)]:list:'
        '--keylog[Append the secrets of each connection to FILE, as SSLKEYLOGFILE has them.]:file:_files'
        '--auth-user[The user to log in as.]:user:'
        '--auth-password-file[A file whose first line is the password, or the token.]:file:_files'
        '--auth-password-fd[The descriptor to read the password from, opened by the shell.]:number:'
        '--auth-password[The password itself. Others on this machine can read it in the process list; better use a file.]:password:'
        '--auth-mechanism[The mechanism to use, such as PLAIN. (default\: the strongest that is offered)]:name:{__smtp-probe_complete "${___auth_mechanism[@]}"}'
        '--json[Write one JSON document to standard output, in place of text.]'
        '--color[When to use colours\: auto, always or never. With auto, on a terminal that has some and without NO_COLOR. (default\: auto)]:when:{__smtp-probe_complete "${___color[@]}"}'
        '(--verbose -v)'{--verbose,-v}'[Say more\: what is connected to, and TLS in detail.]'
        '(--quiet -q)'{--quiet,-q}'[Say less\: errors only.]'
        ':TARGET:'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
        '(-): :->command'
        '(-)*:: :->arg'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0
    case "${state}" in
    command)
        local -ar subcommands=(
            'send:Send one message, or go as far towards that as you say.'
            'check:Find out what is wrong with a mail server, or with the mail of a domain.'
            'help:Show subcommand help information.'
        )
        _describe -V subcommand subcommands && ret=0
        ;;
    arg)
        case "${words[1]}" in
        send|check|help)
            "_smtp-probe_${words[1]}" && ret=0
            ;;
        esac
        ;;
    esac

    return "${ret}"
}

_smtp-probe_send() {
    local -i ret=1
    local -ar ___notify=('never' 'success' 'failure' 'delay')
    local -ar ___ret=('full' 'hdrs')
    local -ar ___quit_after=('banner' 'ehlo' 'tls' 'xclient' 'auth' 'mail' 'rcpt')
    local -ar ___drop_after=('connect' 'banner' 'ehlo' 'tls' 'xclient' 'auth' 'mail' 'rcpt' 'data' 'dot')
    local -ar ___tls_min=('1.0' '1.1' '1.2' '1.3')
    local -ar ___tls_max=('1.0' '1.1' '1.2' '1.3')
    local -ar ___auth_mechanism=('PLAIN' 'LOGIN' 'CRAM-MD5' 'SCRAM-SHA-1' 'SCRAM-SHA-1-PLUS' 'SCRAM-SHA-256' 'SCRAM-SHA-256-PLUS' 'XOAUTH2' 'OAUTHBEARER' 'EXTERNAL')
    local -ar ___color=('auto' 'always' 'never')
    local -ar arg_specs=(
        '--from[The sender\: ann@example.org, '\''Ann <ann@example.org>'\'', or <> for the null sender. (default\: you at this machine)]:address:'
        '*--to[A recipient, or several with commas between them; may be given several times. @FILE has one on each line.]:address:'
        '*--cc[A recipient who stands in Cc; as --to.]:address:'
        '*--bcc[A recipient who stands nowhere in the message; as --to.]:address:'
        '--notify[Ask for reports\: never, or a list of success, failure and delay. (DSN)]:when:{__smtp-probe_complete "${___notify[@]}"}'
        '--ret[Ask for the full message or its header (hdrs) in reports. (DSN)]:what:{__smtp-probe_complete "${___ret[@]}"}'
        '--envid[An identifier that reports repeat. (DSN)]:text:'
        '*--orcpt[The original recipient, of the --to in the same place. (DSN)]:address:'
        '--mt-priority[The priority, -9 to 9. (MT-PRIORITY)]:number:'
        '--smtputf8[Ask for a way that takes UTF-8 in addresses and header; addresses that need it do so themselves.]'
        '--requiretls[Ask that the message be passed on with TLS or not at all. (REQUIRETLS)]'
        '*--header[A header field, which replaces the one that would have been made; may be given several times.]:Name\: value:'
        '--subject[The subject. (default\: a test and the date)]:text:'
        '--body[The text of the message, @FILE, or - for standard input. (default\: a line that says it is a test)]:text:_files'
        '--data[A whole message, header and all, from @FILE, or - for standard input. It is sent as it is, of any size.]:message:_files'
        '*--attach[A file to attach, with ;type=TYPE and ;name=NAME behind it perhaps; may be given several times.]:file:_files'
        '--template[Replace tokens such as %DATE% in text that comes from files and standard input as well, up to 1 MiB. In text on the command line they always are.]'
        '--pipeline[Send commands in groups, without waiting for each reply, where the server offers that.]'
        '--bdat[Send the message in chunks, with BDAT in place of DATA. (CHUNKING)]'
        '--lmtp[Speak LMTP\: LHLO, and a reply for each recipient. (default\: with lmtp\://)]'
        '--quit-after[Say QUIT behind this stage\: banner, ehlo, tls, xclient, auth, mail or rcpt.]:stage:{__smtp-probe_complete "${___quit_after[@]}"}'
        '--drop-after[Close without a word behind this stage\: connect, banner, ehlo, tls, xclient, auth, mail, rcpt, data or dot.]:stage:{__smtp-probe_complete "${___drop_after[@]}"}'
        '--dump[Write the message to standard output, as it would be sent, and connect to nothing.]'
        '--partial-ok[Count it as success when only some recipients are accepted.]'
        '--insecure-auth[Send a password without TLS where the server wants it.]'
        '--exit-temp[Exit with 75 when trying later may help.]'
        '--nagios[Say one line and exit with 0, 1, 2 or 3, as monitoring plugins do.]'
        '--mx[TARGET is a domain\: look its mail exchangers up, and try them in their order.]'
        '(-4 --ipv4)'{-4,--ipv4}'[Use IPv4 only.]'
        '(-6 --ipv6)'{-6,--ipv6}'[Use IPv6 only.]'
        '--source[The local address to connect from.]:address:'
        '--helo[The name in HELO, EHLO or LHLO. (default\: the name of this machine)]:name:'
        '--timeout[How long to wait for each reply, such as 500ms, 30s or 5m. (default\: what RFC 5321 asks for, 2m to 10m)]:duration:'
        '--connect-timeout[How long to wait for each connection to be made. (default\: 30s)]:duration:'
        '--deadline[How long everything may take, from start to end, such as 30s. (default\: no limit)]:duration:'
        '--proxy-header[Send a PROXY header first, such as '\''PROXY TCP4 192.0.2.9 192.0.2.1 4711 25'\''.]:line:'
        '--xclient[Send XCLIENT with these attributes behind EHLO, such as '\''ADDR=192.0.2.9 NAME=host.example'\''.]:attributes:'
        '--resolver[The name server to ask, such as 127.0.0.1\:5353. (default\: the system'\''s)]:host\:port:'
        '--tls[Use STARTTLS, and go on only inside TLS.]'
        '--tls-optional[Use STARTTLS when the server offers it.]'
        '--implicit-tls[Begin with TLS. (default\: with smtps\:// and on port 465)]'
        '--no-tls[Never use TLS.]'
        '--verify[Go on only if the server'\''s certificate is valid for its name.]'
        '--ca[The certificates of the authorities that are trusted; verifies. (default\: the system'\''s)]:file:_files'
        '--name[The name that the certificate has to hold; verifies. (default\: the host of TARGET)]:name:'
        '--sni[The name to ask for in the handshake (SNI). (default\: that of --name)]:name:'
        '--pin[The SHA-256 of the server'\''s certificate, or of its public key, in hexadecimal; any other is refused.]:sha256:'
        '--cert[A certificate to show to the server, with its chain.]:file:_files'
        '--key[The certificate'\''s private key. (default\: in the file of the certificate)]:file:_files'
        '--tls-min[The oldest version spoken\: 1.0, 1.1, 1.2 or 1.3. (default\: 1.2)]:version:{__smtp-probe_complete "${___tls_min[@]}"}'
        '--tls-max[The newest version spoken. (default\: 1.3)]:version:{__smtp-probe_complete "${___tls_max[@]}"}'
        '--ciphers[The cipher suites to offer, as OpenSSL writes them. (default\: OpenSSL'\''s)]:list:'
        '--keylog[Append the secrets of each connection to FILE, as SSLKEYLOGFILE has them.]:file:_files'
        '--auth-user[The user to log in as.]:user:'
        '--auth-password-file[A file whose first line is the password, or the token.]:file:_files'
        '--auth-password-fd[The descriptor to read the password from, opened by the shell.]:number:'
        '--auth-password[The password itself. Others on this machine can read it in the process list; better use a file.]:password:'
        '--auth-mechanism[The mechanism to use, such as PLAIN. (default\: the strongest that is offered)]:name:{__smtp-probe_complete "${___auth_mechanism[@]}"}'
        '--json[Write one JSON document to standard output, in place of text.]'
        '--color[When to use colours\: auto, always or never. With auto, on a terminal that has some and without NO_COLOR. (default\: auto)]:when:{__smtp-probe_complete "${___color[@]}"}'
        '(--verbose -v)'{--verbose,-v}'[Say more\: what is connected to, and TLS in detail.]'
        '(--quiet -q)'{--quiet,-q}'[Say less\: errors only.]'
        ':TARGET:'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_smtp-probe_check() {
    local -i ret=1
    local -ar ___only=('protocol' 'dns' 'tls' 'cert' 'dane' 'mta-sts' 'relay' 'smuggle' 'auth' 'dns.mx' 'dns.spf' 'dns.dmarc' 'dns.tlsrpt' 'mta-sts.record' 'mta-sts.policy' 'mta-sts.mx' 'connect' 'banner' 'ehlo' 'helo' 'caps.sane' 'dns.ptr' 'tls.offered' 'tls.required' 'tls.reset' 'tls.inject-server' 'tls.inject-client' 'tls.version' 'tls.cipher' 'dane.records' 'dane.match' 'mta-sts.certificate' 'cert.trust' 'cert.name' 'cert.expiry' 'cert.key' 'relay.null' 'relay.foreign' 'relay.forms' 'vrfy' 'expn' 'postmaster' 'abuse' '8bitmime' 'smtputf8' 'chunking' 'size' 'params' 'state' 'limits' 'pipe.order' 'pregreet' 'auth.mechanisms' 'auth.clear' 'auth.unknown' 'auth.cancel' 'auth.enumeration' 'bare.cr' 'bare.lf' 'smuggle.lf-dot-lf' 'smuggle.lf-dot-crlf' 'smuggle.lf-dot-cr' 'smuggle.cr-dot-cr' 'smuggle.cr-dot-lf' 'smuggle.cr-dot-crlf' 'smuggle.crlf-nul-dot-crlf' 'smuggle.crlf-dot-lf' 'smuggle.crlf-dot-cr' 'smuggle.crlf-dot-nul-crlf' 'enhanced.codes')
    local -ar ___skip=('protocol' 'dns' 'tls' 'cert' 'dane' 'mta-sts' 'relay' 'smuggle' 'auth' 'dns.mx' 'dns.spf' 'dns.dmarc' 'dns.tlsrpt' 'mta-sts.record' 'mta-sts.policy' 'mta-sts.mx' 'connect' 'banner' 'ehlo' 'helo' 'caps.sane' 'dns.ptr' 'tls.offered' 'tls.required' 'tls.reset' 'tls.inject-server' 'tls.inject-client' 'tls.version' 'tls.cipher' 'dane.records' 'dane.match' 'mta-sts.certificate' 'cert.trust' 'cert.name' 'cert.expiry' 'cert.key' 'relay.null' 'relay.foreign' 'relay.forms' 'vrfy' 'expn' 'postmaster' 'abuse' '8bitmime' 'smtputf8' 'chunking' 'size' 'params' 'state' 'limits' 'pipe.order' 'pregreet' 'auth.mechanisms' 'auth.clear' 'auth.unknown' 'auth.cancel' 'auth.enumeration' 'bare.cr' 'bare.lf' 'smuggle.lf-dot-lf' 'smuggle.lf-dot-crlf' 'smuggle.lf-dot-cr' 'smuggle.cr-dot-cr' 'smuggle.cr-dot-lf' 'smuggle.cr-dot-crlf' 'smuggle.crlf-nul-dot-crlf' 'smuggle.crlf-dot-lf' 'smuggle.crlf-dot-cr' 'smuggle.crlf-dot-nul-crlf' 'enhanced.codes')
    local -ar ___role=('mx' 'submission' 'local')
    local -ar ___fail_on=('fail' 'warn')
    local -ar ___color=('auto' 'always' 'never')
    local -ar arg_specs=(
        '*--only[Run these checks or groups only, separated by commas.]:list:{__smtp-probe_complete "${___only[@]}"}'
        '*--skip[Leave these checks or groups out, separated by commas.]:list:{__smtp-probe_complete "${___skip[@]}"}'
        '--list[List the checks\: identifier, group, needs, RFC and rule.]'
        '--active[Run also the checks that begin the content of a message, talk before the greeting or send malformed input.]'
        '--rcpt[A recipient who exists here. (default\: postmaster, where it is accepted)]:address:'
        '--outside[The foreign address of the relay checks.]:address:'
        '--domain[The domain that the server serves. (default\: that of --mx, the host of TARGET, or the name in the greeting)]:domain:'
        '--role[The role of the server\: mx, submission or local. (default\: by its port)]:role:{__smtp-probe_complete "${___role[@]}"}'
        '--policy[The MTA-STS policy, in place of the one that the domain serves.]:file:_files'
        '--https[Where to fetch the MTA-STS policy; the name in TLS stays mta-sts.DOMAIN.]:host\:port:'
        '--fail-on[With warn, warnings count as failures for the exit status.]:verdict:{__smtp-probe_complete "${___fail_on[@]}"}'
        '--mx[TARGET is a domain\: check its records, its MTA-STS policy, and each of its mail exchangers.]'
        '--port[The port of the mail exchangers of --mx. (default\: 25)]:number:'
        '(-4 --ipv4)'{-4,--ipv4}'[Use IPv4 only.]'
        '(-6 --ipv6)'{-6,--ipv6}'[Use IPv6 only.]'
        '--source[The local address to connect from.]:address:'
        '--helo[The name in HELO, EHLO or LHLO. (default\: the name of this machine)]:name:'
        '--timeout[How long to wait for each reply, and each answer of the DNS. (default\: 30s)]:duration:'
        '--connect-timeout[How long to wait for each connection to be made. (default\: 30s)]:duration:'
        '--deadline[How long the whole run may take. (default\: 5m)]:duration:'
        '--resolver[The name server to ask, such as 127.0.0.1\:5353. (default\: the system'\''s)]:host\:port:'
        '--ca[The certificates of the authorities that are trusted. (default\: the system'\''s)]:file:_files'
        '--name[The name that certificates have to hold. (default\: the host of TARGET)]:name:'
        '--json[Write one JSON document to standard output, in place of text.]'
        '--color[When to use colours\: auto, always or never. With auto, on a terminal that has some and without NO_COLOR. (default\: auto)]:when:{__smtp-probe_complete "${___color[@]}"}'
        '(--verbose -v)'{--verbose,-v}'[Say more\: what is connected to, and TLS in detail.]'
        '(--quiet -q)'{--quiet,-q}'[Say less\: errors only.]'
        ':TARGET:'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_smtp-probe_help() {
    local -i ret=1
    local -ar arg_specs=(
        '*:subcommands:'
        '--version[Show the version.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

if [[ "${funcstack[1]}" = _smtp-probe ]]; then
    _smtp-probe "${@}"
else
    compdef _smtp-probe smtp-probe
fi
