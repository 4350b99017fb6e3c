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
    local -ar ___mbox_format=('mboxrd' 'mboxo' 'mboxcl2')
    local -ar ___format=('mbox' 'raw')
    local -ar ___bare_newline=('reject' 'normalize' 'allow')
    local -ar ___hide=('PIPELINING' 'SIZE' '8BITMIME' 'SMTPUTF8' 'ENHANCEDSTATUSCODES' 'STARTTLS' 'AUTH' 'HELP' 'VRFY' 'EXPN')
    local -ar arg_specs=(
        '*'{-l,--listen}'[Listen on \[HOST\]\:PORT, PORT or unix\:PATH; may be given several times.]:address:'
        '--port-file[Write the port of the first TCP listener to FILE, when ready.]:file:_files'
        '--ready-fd[Write a newline to descriptor N, when ready, and close it.]:n:'
        '(-n --hostname)'{-n,--hostname}'[The server'\''s name in greetings and Received fields. (default\: the machine'\''s)]:name:'
        '--banner[What stands behind the name in the greeting.]:text:'
        '(-1 --once)'{-1,--once}'[End after one message; the same as --count 1.]'
        '(-c --count)'{-c,--count}'[End after N messages.]:n:'
        '--sessions[End after N sessions.]:n:'
        '--timeout[End after this time, such as 30s; 500ms, 5m and 1h are understood.]:duration:'
        '--idle[End when there was no session for this time.]:duration:'
        '*--mbox[Append messages to FILE; may be given several times.]:file:_files'
        '--mbox-format[How the mbox is written\: mboxrd, mboxo or mboxcl2. (default\: mboxrd)]:format:{__smtpd-lite_complete "${___mbox_format[@]}"}'
        '--format[Write messages to standard output\: mbox or raw.]:format:{__smtpd-lite_complete "${___format[@]}"}'
        '--discard[Throw messages away.]'
        '--fsync[Answer 250 when a message is on the disk, not before.]'
        '--max-size[The largest message, in octets or with K, M or G; 0 for any. (default\: 50M)]:size:'
        '--max-recipients[The most recipients of a message. (default\: 1000)]:n:'
        '--max-connections[The most connections at a time. (default\: 1000)]:n:'
        '--max-errors[The most bad commands of a session. (default\: 20)]:n:'
        '--command-timeout[How long a command may take to come. (default\: 5m)]:duration:'
        '--data-timeout[How long a message may pause. (default\: 10m)]:duration:'
        '--bare-newline[What becomes of a lone CR or LF\: reject, normalize or allow. (default\: reject)]:policy:{__smtpd-lite_complete "${___bare_newline[@]}"}'
        '*--hide[Do not offer these extensions, such as SIZE,PIPELINING.]:extension,…:{__smtpd-lite_complete "${___hide[@]}"}'
        '(-v --verbose)'{-v,--verbose}'[Show the dialogue on standard error.]'
        '(-q --quiet)'{-q,--quiet}'[Say nothing but errors on standard error.]'
        '*:command:'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
        '(-): :->command'
        '(-)*:: :->arg'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0
    case "${state}" in
    command)
        local -ar subcommands=(
            'help:Show subcommand help information.'
        )
        _describe -V subcommand subcommands && ret=0
        ;;
    arg)
        case "${words[1]}" in
        help)
            "_smtpd-lite_${words[1]}" && ret=0
            ;;
        esac
        ;;
    esac

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
