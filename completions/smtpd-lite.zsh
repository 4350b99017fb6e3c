#compdef smtpd-lite

__smtpd-lite_complete() {
    local -ar non_empty_completions=("${@:#(|:*)}")
    local -ar empty_completions=("${(M)@:#(|:*)}")
    _describe -V '' non_empty_completions -- empty_completions -P $'\'\''
}

__smtpd-lite_custom_complete() {
    local -a completions
    completions=("${(@f)"$("${command_name}" "${@}" "${command_line[@]}")"}")
    if [[ "${#completions[@]}" -gt 1 ]]; then
        __smtpd-lite_complete "${completions[@]:0:-1}"
    fi
}

__smtpd-lite_cursor_index_in_current_word() {
    if [[ -z "${QIPREFIX}${IPREFIX}${PREFIX}" ]]; then
        printf 0
    else
        printf %s "${#${(z)LBUFFER}[-1]}"
    fi
}

_smtpd-lite() {
    local -i command_index="${words[(i)--]}"
    if ((command_index < CURRENT)); then
        shift "${command_index}" words
        ((CURRENT -= command_index))
        _normal
        return
    fi

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
    local -ar ___listen=('localhost:2525' 'unix:' 'fd:' ':0')
    local -ar ___tls_listen=('localhost:4650' 'unix:' 'fd:' ':0')
    local -ar ___mbox_format=('mboxrd' 'mboxo' 'mboxcl2')
    local -ar ___format=('auto' 'pretty' 'mbox' 'raw' 'json')
    local -ar ___color=('auto' 'always' 'never')
    local -ar ___tls_min=('1.0' '1.1' '1.2' '1.3')
    local -ar ___auth=('any')
    local -ar ___mechanisms=('PLAIN' 'LOGIN' 'CRAM-MD5' 'SCRAM-SHA-1' 'SCRAM-SHA-1-PLUS' 'SCRAM-SHA-256' 'SCRAM-SHA-256-PLUS' 'XOAUTH2' 'OAUTHBEARER' 'EXTERNAL')
    local -ar ___bare_newline=('reject' 'normalize' 'allow')
    local -ar ___hide=('PIPELINING' 'SIZE' '8BITMIME' 'CHUNKING' 'BINARYMIME' 'SMTPUTF8' 'DSN' 'MT-PRIORITY' 'REQUIRETLS' 'LIMITS' 'DELIVERBY' 'FUTURERELEASE' 'RRVS' 'ENHANCEDSTATUSCODES' 'STARTTLS' 'AUTH' 'XCLIENT' 'HELP' 'VRFY' 'EXPN')
    local -ar ___offer=('DELIVERBY' 'FUTURERELEASE' 'RRVS')
    local -ar arg_specs=(
        '*'{-l,--listen}'[Listen on \[HOST\]\:PORT, PORT, unix\:PATH\[,mode=660\] or fd\:N; may be given several times.]:address:{__smtpd-lite_complete "${___listen[@]}"}'
        '*'{-p,--port}'[Listen on this port of 127.0.0.1 and \:\:1; may be given several times.]:port:'
        '*--tls-listen[Listen for connections that speak TLS from the first octet on; the addresses are written the same.]:address:{__smtpd-lite_complete "${___tls_listen[@]}"}'
        '--inetd[Serve one session on standard input and output, a socket or pipes, as inetd starts it, and end with it.]'
        '-4[Listen on IPv4 alone.]'
        '-6[Listen on IPv6 alone.]'
        '--lmtp[Speak LMTP on every listener\: LHLO, and one reply for each recipient. Not on port 25.]'
        '--port-file[Write the port of the first TCP listener to FILE, when ready.]:file:_files'
        '--ready-fd[Write a newline to descriptor N, when ready, and close it.]:n:'
        '(-n --hostname)'{-n,--hostname}'[The server'\''s name in greetings and Received fields. (default\: the machine'\''s)]:name:'
        '--banner[What stands behind the name in the greeting. (default\: ESMTP smtpd-lite)]:text:'
        '(-1 --once)'{-1,--once}'[End after one message; the same as --count 1.]'
        '(-c --count)'{-c,--count}'[End after N messages.]:n:'
        '--sessions[End after N sessions.]:n:'
        '*--wait-for[End when a message came that matches\: from~REGEX, to~, subject~, header\:NAME~ or body~.]:field~regex:'
        '--timeout[End after this time, for example 30, 1.5s, 500ms, 5m or 1m30s.]:duration:'
        '--idle[End when there was no session for this time.]:duration:'
        '*--mbox[Append messages to FILE, an mbox; may be given several times, as all of these.]:file:_files'
        '--mbox-format[How the mbox is written\: mboxrd, mboxo or mboxcl2. (default\: mboxrd)]:format:{__smtpd-lite_complete "${___mbox_format[@]}"}'
        '*--maildir[Deliver messages to the Maildir DIR, which is made if need be.]:dir:_files -/'
        '*--dir[Write each message to a file of its own in DIR, as it came, with CRLF\: 20261122T150000.000Z-ID.eml.]:dir:_files -/'
        '*--json[Append messages to FILE as JSON Lines; without FILE, or as -, the same as --format json.]:file:_files'
        '*--exec[Run COMMAND for each message, with the message on its standard input and the envelope in its environment.]:command:{__smtpd-lite_custom_complete ---completion -- --exec "${current_word_index}" "$(__smtpd-lite_cursor_index_in_current_word)"}'
        '--exec-shell[Have /bin/sh run the commands of --exec.]'
        '--exec-timeout[Timeout of a command of --exec. Then it is killed, and the client is asked to try again later. (default\: 1m)]:duration:'
        '--exec-jobs[How many commands of --exec run at a time. (default\: 4)]:n:'
        '--format[Write messages to standard output\: auto, pretty, mbox, raw or json.]:format:{__smtpd-lite_complete "${___format[@]}"}'
        '--pretty-lines[The most lines of a message'\''s text that the pretty format shows; 0 for all. (default\: 100)]:n:'
        '--color[When to use colours\: auto, always or never. With auto, on a terminal that has some and without NO_COLOR. (default\: auto)]:when:{__smtpd-lite_complete "${___color[@]}"}'
        '--discard[Discard messages.]'
        '--raw-message[Add nothing to messages\: no Return-Path, Delivered-To or Received.]'
        '--envelope-headers[Add the envelope to messages, as the fields X-Mail-Args, X-Rcpt-Args and others of smtp-sink.]'
        '--fsync[Answer 250 when a message is on the disk, not before.]'
        '--tls[Offer STARTTLS, with a self-signed certificate made at start. (default\: no TLS)]'
        '--cert[The server'\''s certificate, with the chain above it. (default\: one made at start, self-signed)]:file:_files'
        '--key[The certificate'\''s private key. (default\: in the file of the certificate)]:file:_files'
        '--cert-name[The names and IP addresses in the certificate made at start.]:name:'
        '--cert-out[Write the certificate made at start to FILE, for clients to trust.]:file:_files'
        '--no-tls[Offer no TLS, which is the default.]'
        '--require-tls[Refuse mail that does not come through TLS\: 530 5.7.0.]'
        '--tls-min[The oldest version spoken\: 1.0, 1.1, 1.2 or 1.3. (default\: 1.2)]:version:{__smtpd-lite_complete "${___tls_min[@]}"}'
        '--client-ca[Ask clients for a certificate that these authorities signed.]:file:_files'
        '--keylog[Append the secrets of each connection to FILE, as SSLKEYLOGFILE has them.]:file:_files'
        '--auth[Offer AUTH\: any takes everybody, user\:password one user, @FILE those of an htpasswd file.]:users:{__smtpd-lite_complete "${___auth[@]}"}'
        '--require-auth[Refuse mail of those who have not logged in\: 530 5.7.0.]'
        '--auth-without-tls[Let passwords and tokens be sent in clear; on by default without TLS where only this machine listens.]'
        '--mechanisms[The mechanisms offered, such as PLAIN,SCRAM-SHA-256. (default\: all that the users allow)]:mechanism,…:{__smtpd-lite_complete "${___mechanisms[@]}"}'
        '--max-size[The largest message, in bytes or with K, M or G, for example 10MB; 0 for any. (default\: 50M)]:size:'
        '--max-recipients[The most recipients of a message. (default\: 1000)]:n:'
        '--max-connections[The most connections at a time. (default\: 1000)]:n:'
        '--max-errors[The most bad commands of a session. (default\: 20)]:n:'
        '--command-timeout[How long a command may take to come. (default\: 5m)]:duration:'
        '--data-timeout[How long a message may pause. (default\: 10m)]:duration:'
        '--rate[The most messages in a time, such as 10/s, 100/m or 5/30s; 421 to who begins another.]:rate:'
        '--bare-newline[What becomes of a lone CR or LF\: normalize makes a line end of it, allow keeps it, reject refuses the message.]:policy:{__smtpd-lite_complete "${___bare_newline[@]}"}'
        '*--hide[Do not offer these extensions, such as SIZE,PIPELINING.]:extension,…:{__smtpd-lite_complete "${___hide[@]}"}'
        '*--offer[Also offer these extensions\: DELIVERBY, FUTURERELEASE, RRVS.]:extension,…:{__smtpd-lite_complete "${___offer[@]}"}'
        '--strict[Refuse what RFC 5321 does not allow\: loose syntax, commands over 512 octets, lines over 1000.]'
        '--no-esmtp[Speak SMTP without extensions\: EHLO is answered 500.]'
        '*--accept-rcpt[Accept recipients that match REGEX, and no others\: 550 5.1.1; may be given several times.]:regex:'
        '*--reject-rcpt[Refuse recipients that match REGEX, with 550 5.1.1 or with REPLY; may be given several times.]:regex\[=reply\]:'
        '*--reject-from[Refuse senders that match REGEX, with 550 5.7.1 or with REPLY; may be given several times.]:regex\[=reply\]:'
        '--resolve-sender[Refuse senders whose domain the DNS does not know as one that takes mail\: 550 5.1.8.]'
        '--resolver[The name server to ask, an IP address with or without a port. (default\: the system'\''s)]:address\[\:port\]:'
        '*--fault[Do something wrong\: STAGE\[~REGEX\]\[#SELECTOR\]=ACTION\[,ACTION...\]; may be given several times.]:rule:'
        '--seed[Where the odds of faults begin\: the same number gives the same faults. (default\: another each time)]:n:'
        '*--proxy-from[Demand a header of the PROXY protocol, version 1 or 2, of connections from here.]:network:'
        '*--xclient-from[Let clients from here speak in the name of others, with XCLIENT.]:network:'
        '(-v --verbose)'{-v,--verbose}'[Show the dialogue on standard error.]'
        '(-q --quiet)'{-q,--quiet}'[Print only errors on standard error.]'
        '--transcript[Append the dialogues to FILE, each line with its time.]:file:_files'
        '--stats[Show totals and the rate, in a live line on a terminal, as JSON at the end otherwise.]'
        '--lint[Warn of what is wrong with messages; replies stay the same.]'
        '--user[Go on as this user once the listeners are open, before any output is; for root.]:name:'
        '--chroot[Make DIR the root folder before outputs are opened\: their paths are paths in it; for root.]:dir:_files -/'
        '--help-all[Show every option; --help shows the usual ones.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
        '(-): :->command'
        '(-)*:: :->arg'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0
    case "${state}" in
    command)
        local -ar subcommands=(
            'show:Print saved mail as a person wants to read it.'
            'help:Show subcommand help information.'
        )
        _describe -V subcommand subcommands && ret=0
        ;;
    arg)
        case "${words[1]}" in
        show|help)
            "_smtpd-lite_${words[1]}" && ret=0
            ;;
        esac
        ;;
    esac

    return "${ret}"
}

_smtpd-lite_show() {
    local -i ret=1
    local -ar ___color=('auto' 'always' 'never')
    local -ar arg_specs=(
        '(-f --follow)'{-f,--follow}'[Wait for more messages, as tail -F waits for lines, until interrupted.]'
        '--color[When to use colours\: auto, always or never. With auto, on a terminal that has some and without NO_COLOR; always is for less -R. (default\: auto)]:when:{__smtpd-lite_complete "${___color[@]}"}'
        '--pretty-lines[The most lines of a message'\''s text; 0 for all. (default\: 100)]:n:'
        '*:file:_files'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_smtpd-lite_help() {
    local -i ret=1
    local -ar arg_specs=(
        '*:subcommands:'
        '--version[Show the version.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

if [[ "${funcstack[1]}" = _smtpd-lite ]]; then
    _smtpd-lite "${@}"
else
    compdef _smtpd-lite smtpd-lite
fi
