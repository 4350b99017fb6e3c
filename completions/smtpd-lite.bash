#!/bin/bash

__smtpd-lite_cursor_index_in_current_word() {
    local remaining="${COMP_LINE}"

    local word
    for word in "${COMP_WORDS[@]::COMP_CWORD}"; do
        remaining="${remaining##*([[:space:]])"${word}"*([[:space:]])}"
    done

    local -ir index="$((COMP_POINT - ${#COMP_LINE} + ${#remaining}))"
    if [[ "${index}" -le 0 ]]; then
        printf 0
    else
        printf %s "${index}"
    fi
}

# positional arguments:
#
# - 1: the current (sub)command's count of positional arguments
#
# required variables:
#
# - repeating_flags: the repeating flags that the current (sub)command can accept
# - non_repeating_flags: the non-repeating flags that the current (sub)command can accept
# - repeating_options: the repeating options that the current (sub)command can accept
# - non_repeating_options: the non-repeating options that the current (sub)command can accept
# - positional_number: value ignored
# - unparsed_words: unparsed words from the current command line
#
# modified variables:
#
# - non_repeating_flags: remove flags for this (sub)command that are already on the command line
# - non_repeating_options: remove options for this (sub)command that are already on the command line
# - positional_number: set to the current positional number
# - unparsed_words: remove all flags, options, and option values for this (sub)command
__smtpd-lite_offer_flags_options() {
    local -ir positional_count="${1}"
    positional_number=0

    local was_flag_option_terminator_seen=false
    local is_parsing_option_value=false

    local -ar unparsed_word_indices=("${!unparsed_words[@]}")
    local -i word_index
    for word_index in "${unparsed_word_indices[@]}"; do
        if "${is_parsing_option_value}"; then
            # This word is an option value:
            # Reset marker for next word iff not currently the last word
            [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]] && is_parsing_option_value=false
            unset "unparsed_words[${word_index}]"
            # Do not process this word as a flag or an option
            continue
        fi

        local word="${unparsed_words["${word_index}"]}"
        if ! "${was_flag_option_terminator_seen}"; then
            case "${word}" in
            --)
                unset "unparsed_words[${word_index}]"
                # by itself -- is a flag/option terminator, but if it is the last word, it is the start of a completion
                if [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]]; then
                    was_flag_option_terminator_seen=true
                fi
                continue
                ;;
            -*)
                # ${word} is a flag or an option
                # If ${word} is an option, mark that the next word to be parsed is an option value
                local option
                for option in "${repeating_options[@]}" "${non_repeating_options[@]}"; do
                    [[ "${word}" = "${option}" ]] && is_parsing_option_value=true && break
                done

                # Remove ${word} from ${non_repeating_flags} or ${non_repeating_options} so it isn't offered again
                local not_found=true
                local -i index
                for index in "${!non_repeating_flags[@]}"; do
                    if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                        unset "non_repeating_flags[${index}]"
                        non_repeating_flags=("${non_repeating_flags[@]}")
                        not_found=false
                        break
                    fi
                done
                if "${not_found}"; then
                    for index in "${!non_repeating_flags[@]}"; do
                        if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                            unset "non_repeating_flags[${index}]"
                            non_repeating_flags=("${non_repeating_flags[@]}")
                            break
                        fi
                    done
                fi
                unset "unparsed_words[${word_index}]"
                continue
                ;;
            esac
        fi

        # ${word} is neither a flag, nor an option, nor an option value
        if [[ "${positional_number}" -lt "${positional_count}" || "${positional_count}" -lt 0 ]]; then
            # ${word} is a positional
            ((positional_number++))
            unset "unparsed_words[${word_index}]"
        else
            if [[ -z "${word}" ]]; then
                # Could be completing a flag, option, or subcommand
                positional_number=-1
            else
                # ${word} is a subcommand or invalid, so stop processing this (sub)command
                positional_number=-2
            fi
            break
        fi
    done

    unparsed_words=("${unparsed_words[@]}")

    if\
        ! "${was_flag_option_terminator_seen}"\
        && ! "${is_parsing_option_value}"\
        && [[ ("${cur}" = -* && "${positional_number}" -ge 0) || "${positional_number}" -eq -1 ]]
    then
        COMPREPLY+=($(compgen -W "${repeating_flags[*]} ${non_repeating_flags[*]} ${repeating_options[*]} ${non_repeating_options[*]}" -- "${cur}"))
    fi
}

__smtpd-lite_add_completions() {
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("${completion}")
    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
}

__smtpd-lite_custom_complete() {
    if [[ -n "${cur}" || -z ${COMP_WORDS[${COMP_CWORD}]} || "${COMP_LINE:${COMP_POINT}:1}" != ' ' ]]; then
        local -ar words=("${COMP_WORDS[@]}")
    else
        local -ar words=("${COMP_WORDS[@]::${COMP_CWORD}}" '' "${COMP_WORDS[@]:${COMP_CWORD}}")
    fi

    "${COMP_WORDS[0]}" "${@}" "${words[@]}"
}

_smtpd-lite() {
    local -i command_index
    for ((command_index = 1; command_index < COMP_CWORD; command_index++)); do
        [[ "${COMP_WORDS[command_index]}" = -- ]] || continue
        if declare -F _command_offset >/dev/null; then
            _command_offset "$((command_index + 1))"
        elif ((command_index + 1 == COMP_CWORD)); then
            COMPREPLY=($(compgen -c -- "${2}"))
        else
            COMPREPLY=($(compgen -f -- "${2}"))
        fi
        return
    done

    local state
    state="$(shopt -p;shopt -po)"
    trap "${state//$'\n'/;}" RETURN
    shopt -s extglob
    set +o history +o posix

    local -xr SAP_SHELL=bash
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(IFS='.';printf %s "${BASH_VERSINFO[*]}")"
    local -r SAP_SHELL_VERSION

    local -r cur="${2}"
    local -r prev="${3}"

    local -i positional_number
    local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")

    local -a repeating_flags=()
    local -a non_repeating_flags=(--inetd -4 -6 --lmtp -1 --once --exec-shell --discard --raw-message --envelope-headers --fsync --tls --no-tls --require-tls --require-auth --auth-without-tls --strict --no-esmtp --resolve-sender -v --verbose -q --quiet --stats --lint --help-all --version -h --help)
    local -a repeating_options=(-l --listen -p --port --tls-listen --wait-for --mbox --maildir --dir --json --exec --cert-name --hide --offer --accept-rcpt --reject-rcpt --reject-from --fault --proxy-from --xclient-from)
    local -a non_repeating_options=(--port-file --ready-fd -n --hostname --banner -c --count --sessions --timeout --idle --mbox-format --exec-timeout --exec-jobs --format --pretty-lines --color --cert --key --cert-out --tls-min --client-ca --keylog --auth --mechanisms --max-size --max-recipients --max-connections --max-errors --command-timeout --data-timeout --rate --bare-newline --resolver --seed --transcript --user --chroot)
    __smtpd-lite_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '-l'|'--listen')
        __smtpd-lite_add_completions -W 'localhost:2525'$'\n''unix:'$'\n''fd:'$'\n'':0'
        return
        ;;
    '-p'|'--port')
        return
        ;;
    '--tls-listen')
        __smtpd-lite_add_completions -W 'localhost:4650'$'\n''unix:'$'\n''fd:'$'\n'':0'
        return
        ;;
    '--port-file')
        __smtpd-lite_add_completions -f
        return
        ;;
    '--ready-fd')
        return
        ;;
    '-n'|'--hostname')
        return
        ;;
    '--banner')
        return
        ;;
    '-c'|'--count')
        return
        ;;
    '--sessions')
        return
        ;;
    '--wait-for')
        return
        ;;
    '--timeout')
        return
        ;;
    '--idle')
        return
        ;;
    '--mbox')
        __smtpd-lite_add_completions -f
        return
        ;;
    '--mbox-format')
        __smtpd-lite_add_completions -W 'mboxrd'$'\n''mboxo'$'\n''mboxcl2'
        return
        ;;
    '--maildir')
        __smtpd-lite_add_completions -d
        return
        ;;
    '--dir')
        __smtpd-lite_add_completions -d
        return
        ;;
    '--json')
        __smtpd-lite_add_completions -f
        return
        ;;
    '--exec')
        __smtpd-lite_add_completions -W "$(__smtpd-lite_custom_complete ---completion -- --exec "${COMP_CWORD}" "$(__smtpd-lite_cursor_index_in_current_word)")"
        return
        ;;
    '--exec-timeout')
        return
        ;;
    '--exec-jobs')
        return
        ;;
    '--format')
        __smtpd-lite_add_completions -W 'auto'$'\n''pretty'$'\n''mbox'$'\n''raw'$'\n''json'
        return
        ;;
    '--pretty-lines')
        return
        ;;
    '--color')
        __smtpd-lite_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--cert')
        __smtpd-lite_add_completions -f
        return
        ;;
    '--key')
        __smtpd-lite_add_completions -f
        return
        ;;
    '--cert-name')
        return
        ;;
    '--cert-out')
        __smtpd-lite_add_completions -f
        return
        ;;
    '--tls-min')
        __smtpd-lite_add_completions -W '1.0'$'\n''1.1'$'\n''1.2'$'\n''1.3'
        return
        ;;
    '--client-ca')
        __smtpd-lite_add_completions -f
        return
        ;;
    '--keylog')
        __smtpd-lite_add_completions -f
        return
        ;;
    '--auth')
        __smtpd-lite_add_completions -W 'any'
        return
        ;;
    '--mechanisms')
        __smtpd-lite_add_completions -W 'PLAIN'$'\n''LOGIN'$'\n''CRAM-MD5'$'\n''SCRAM-SHA-1'$'\n''SCRAM-SHA-1-PLUS'$'\n''SCRAM-SHA-256'$'\n''SCRAM-SHA-256-PLUS'$'\n''XOAUTH2'$'\n''OAUTHBEARER'$'\n''EXTERNAL'
        return
        ;;
    '--max-size')
        return
        ;;
    '--max-recipients')
        return
        ;;
    '--max-connections')
        return
        ;;
    '--max-errors')
        return
        ;;
    '--command-timeout')
        return
        ;;
    '--data-timeout')
        return
        ;;
    '--rate')
        return
        ;;
    '--bare-newline')
        __smtpd-lite_add_completions -W 'reject'$'\n''normalize'$'\n''allow'
        return
        ;;
    '--hide')
        __smtpd-lite_add_completions -W 'PIPELINING'$'\n''SIZE'$'\n''8BITMIME'$'\n''CHUNKING'$'\n''BINARYMIME'$'\n''SMTPUTF8'$'\n''DSN'$'\n''MT-PRIORITY'$'\n''REQUIRETLS'$'\n''LIMITS'$'\n''DELIVERBY'$'\n''FUTURERELEASE'$'\n''RRVS'$'\n''ENHANCEDSTATUSCODES'$'\n''STARTTLS'$'\n''AUTH'$'\n''XCLIENT'$'\n''HELP'$'\n''VRFY'$'\n''EXPN'
        return
        ;;
    '--offer')
        __smtpd-lite_add_completions -W 'DELIVERBY'$'\n''FUTURERELEASE'$'\n''RRVS'
        return
        ;;
    '--accept-rcpt')
        return
        ;;
    '--reject-rcpt')
        return
        ;;
    '--reject-from')
        return
        ;;
    '--resolver')
        return
        ;;
    '--fault')
        return
        ;;
    '--seed')
        return
        ;;
    '--proxy-from')
        return
        ;;
    '--xclient-from')
        return
        ;;
    '--transcript')
        __smtpd-lite_add_completions -f
        return
        ;;
    '--user')
        return
        ;;
    '--chroot')
        __smtpd-lite_add_completions -d
        return
        ;;
    esac

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    show|help)
        # Offer subcommand argument completions
        "_smtpd-lite_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'show help' -- "${cur}"))
        ;;
    esac
}

_smtpd-lite_show() {
    repeating_flags=()
    non_repeating_flags=(-f --follow --version -h --help)
    repeating_options=()
    non_repeating_options=(--color --pretty-lines)
    __smtpd-lite_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--color')
        __smtpd-lite_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--pretty-lines')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __smtpd-lite_add_completions -f
        return
        ;;
    esac
}

_smtpd-lite_help() {
    repeating_flags=()
    non_repeating_flags=(--version)
    repeating_options=()
    non_repeating_options=()
    __smtpd-lite_offer_flags_options -1
}

complete -o filenames -F _smtpd-lite smtpd-lite
