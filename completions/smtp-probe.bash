#!/bin/bash

__smtp-probe_cursor_index_in_current_word() {
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
__smtp-probe_offer_flags_options() {
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

__smtp-probe_add_completions() {
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("${completion}")
    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
}

__smtp-probe_custom_complete() {
    if [[ -n "${cur}" || -z ${COMP_WORDS[${COMP_CWORD}]} || "${COMP_LINE:${COMP_POINT}:1}" != ' ' ]]; then
        local -ar words=("${COMP_WORDS[@]}")
    else
        local -ar words=("${COMP_WORDS[@]::${COMP_CWORD}}" '' "${COMP_WORDS[@]:${COMP_CWORD}}")
    fi

    "${COMP_WORDS[0]}" "${@}" "${words[@]}"
}

_smtp-probe() {
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
    local -a non_repeating_flags=(-k --keep-going --mx -4 --ipv4 -6 --ipv6 --tls --tls-optional --implicit-tls --no-tls --verify --json --verbose -v --quiet -q --version -h --help)
    local -a repeating_options=(-c --command)
    local -a non_repeating_options=(-f --file --source --helo --timeout --connect-timeout --deadline --proxy-header --xclient --resolver --ca --name --sni --pin --cert --key --tls-min --tls-max --ciphers --keylog --auth-user --auth-password-file --auth-password-fd --auth-password --auth-mechanism --color)
    __smtp-probe_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '-c'|'--command')
        return
        ;;
    '-f'|'--file')
        __smtp-probe_add_completions -f
        return
        ;;
    '--source')
        return
        ;;
    '--helo')
        return
        ;;
    '--timeout')
        return
        ;;
    '--connect-timeout')
        return
        ;;
    '--deadline')
        return
        ;;
    '--proxy-header')
        return
        ;;
    '--xclient')
        return
        ;;
    '--resolver')
        return
        ;;
    '--ca')
        __smtp-probe_add_completions -f
        return
        ;;
    '--name')
        return
        ;;
    '--sni')
        return
        ;;
    '--pin')
        return
        ;;
    '--cert')
        __smtp-probe_add_completions -f
        return
        ;;
    '--key')
        __smtp-probe_add_completions -f
        return
        ;;
    '--tls-min')
        __smtp-probe_add_completions -W '1.0'$'\n''1.1'$'\n''1.2'$'\n''1.3'
        return
        ;;
    '--tls-max')
        __smtp-probe_add_completions -W '1.0'$'\n''1.1'$'\n''1.2'$'\n''1.3'
        return
        ;;
    '--ciphers')
        return
        ;;
    '--keylog')
        __smtp-probe_add_completions -f
        return
        ;;
    '--auth-user')
        return
        ;;
    '--auth-password-file')
        __smtp-probe_add_completions -f
        return
        ;;
    '--auth-password-fd')
        return
        ;;
    '--auth-password')
        return
        ;;
    '--auth-mechanism')
        __smtp-probe_add_completions -W 'PLAIN'$'\n''LOGIN'$'\n''CRAM-MD5'$'\n''SCRAM-SHA-1'$'\n''SCRAM-SHA-1-PLUS'$'\n''SCRAM-SHA-256'$'\n''SCRAM-SHA-256-PLUS'$'\n''XOAUTH2'$'\n''OAUTHBEARER'$'\n''EXTERNAL'
        return
        ;;
    '--color')
        __smtp-probe_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    esac

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    send|check|help)
        # Offer subcommand argument completions
        "_smtp-probe_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'send check help' -- "${cur}"))
        ;;
    esac
}

_smtp-probe_send() {
    repeating_flags=()
    non_repeating_flags=(--smtputf8 --requiretls --template --pipeline --bdat --lmtp --dump --partial-ok --insecure-auth --exit-temp --nagios --mx -4 --ipv4 -6 --ipv6 --tls --tls-optional --implicit-tls --no-tls --verify --json --verbose -v --quiet -q --version -h --help)
    repeating_options=(--to --cc --bcc --orcpt --header --attach)
    non_repeating_options=(--from --notify --ret --envid --mt-priority --subject --body --data --quit-after --drop-after --source --helo --timeout --connect-timeout --deadline --proxy-header --xclient --resolver --ca --name --sni --pin --cert --key --tls-min --tls-max --ciphers --keylog --auth-user --auth-password-file --auth-password-fd --auth-password --auth-mechanism --color)
    __smtp-probe_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--from')
        return
        ;;
    '--to')
        return
        ;;
    '--cc')
        return
        ;;
    '--bcc')
        return
        ;;
    '--notify')
        __smtp-probe_add_completions -W 'never'$'\n''success'$'\n''failure'$'\n''delay'
        return
        ;;
    '--ret')
        __smtp-probe_add_completions -W 'full'$'\n''hdrs'
        return
        ;;
    '--envid')
        return
        ;;
    '--orcpt')
        return
        ;;
    '--mt-priority')
        return
        ;;
    '--header')
        return
        ;;
    '--subject')
        return
        ;;
    '--body')
        __smtp-probe_add_completions -f
        return
        ;;
    '--data')
        __smtp-probe_add_completions -f
        return
        ;;
    '--attach')
        __smtp-probe_add_completions -f
        return
        ;;
    '--quit-after')
        __smtp-probe_add_completions -W 'banner'$'\n''ehlo'$'\n''tls'$'\n''xclient'$'\n''auth'$'\n''mail'$'\n''rcpt'
        return
        ;;
    '--drop-after')
        __smtp-probe_add_completions -W 'connect'$'\n''banner'$'\n''ehlo'$'\n''tls'$'\n''xclient'$'\n''auth'$'\n''mail'$'\n''rcpt'$'\n''data'$'\n''dot'
        return
        ;;
    '--source')
        return
        ;;
    '--helo')
        return
        ;;
    '--timeout')
        return
        ;;
    '--connect-timeout')
        return
        ;;
    '--deadline')
        return
        ;;
    '--proxy-header')
        return
        ;;
    '--xclient')
        return
        ;;
    '--resolver')
        return
        ;;
    '--ca')
        __smtp-probe_add_completions -f
        return
        ;;
    '--name')
        return
        ;;
    '--sni')
        return
        ;;
    '--pin')
        return
        ;;
    '--cert')
        __smtp-probe_add_completions -f
        return
        ;;
    '--key')
        __smtp-probe_add_completions -f
        return
        ;;
    '--tls-min')
        __smtp-probe_add_completions -W '1.0'$'\n''1.1'$'\n''1.2'$'\n''1.3'
        return
        ;;
    '--tls-max')
        __smtp-probe_add_completions -W '1.0'$'\n''1.1'$'\n''1.2'$'\n''1.3'
        return
        ;;
    '--ciphers')
        return
        ;;
    '--keylog')
        __smtp-probe_add_completions -f
        return
        ;;
    '--auth-user')
        return
        ;;
    '--auth-password-file')
        __smtp-probe_add_completions -f
        return
        ;;
    '--auth-password-fd')
        return
        ;;
    '--auth-password')
        return
        ;;
    '--auth-mechanism')
        __smtp-probe_add_completions -W 'PLAIN'$'\n''LOGIN'$'\n''CRAM-MD5'$'\n''SCRAM-SHA-1'$'\n''SCRAM-SHA-1-PLUS'$'\n''SCRAM-SHA-256'$'\n''SCRAM-SHA-256-PLUS'$'\n''XOAUTH2'$'\n''OAUTHBEARER'$'\n''EXTERNAL'
        return
        ;;
    '--color')
        __smtp-probe_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    esac
}

_smtp-probe_check() {
    repeating_flags=()
    non_repeating_flags=(--list --active --mx -4 --ipv4 -6 --ipv6 --json --verbose -v --quiet -q --version -h --help)
    repeating_options=(--only --skip)
    non_repeating_options=(--rcpt --outside --domain --role --policy --https --fail-on --port --source --helo --timeout --connect-timeout --deadline --resolver --ca --name --color)
    __smtp-probe_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--only')
        __smtp-probe_add_completions -W 'protocol'$'\n''dns'$'\n''tls'$'\n''cert'$'\n''dane'$'\n''mta-sts'$'\n''relay'$'\n''smuggle'$'\n''auth'$'\n''dns.mx'$'\n''dns.spf'$'\n''dns.dmarc'$'\n''dns.tlsrpt'$'\n''mta-sts.record'$'\n''mta-sts.policy'$'\n''mta-sts.mx'$'\n''connect'$'\n''banner'$'\n''ehlo'$'\n''helo'$'\n''caps.sane'$'\n''dns.ptr'$'\n''tls.offered'$'\n''tls.required'$'\n''tls.reset'$'\n''tls.inject-server'$'\n''tls.inject-client'$'\n''tls.version'$'\n''tls.cipher'$'\n''dane.records'$'\n''dane.match'$'\n''mta-sts.certificate'$'\n''cert.trust'$'\n''cert.name'$'\n''cert.expiry'$'\n''cert.key'$'\n''relay.null'$'\n''relay.foreign'$'\n''relay.forms'$'\n''vrfy'$'\n''expn'$'\n''postmaster'$'\n''abuse'$'\n''8bitmime'$'\n''smtputf8'$'\n''chunking'$'\n''size'$'\n''params'$'\n''state'$'\n''limits'$'\n''pipe.order'$'\n''pregreet'$'\n''auth.mechanisms'$'\n''auth.clear'$'\n''auth.unknown'$'\n''auth.cancel'$'\n''auth.enumeration'$'\n''bare.cr'$'\n''bare.lf'$'\n''smuggle.lf-dot-lf'$'\n''smuggle.lf-dot-crlf'$'\n''smuggle.lf-dot-cr'$'\n''smuggle.cr-dot-cr'$'\n''smuggle.cr-dot-lf'$'\n''smuggle.cr-dot-crlf'$'\n''smuggle.crlf-nul-dot-crlf'$'\n''smuggle.crlf-dot-lf'$'\n''smuggle.crlf-dot-cr'$'\n''smuggle.crlf-dot-nul-crlf'$'\n''enhanced.codes'
        return
        ;;
    '--skip')
        __smtp-probe_add_completions -W 'protocol'$'\n''dns'$'\n''tls'$'\n''cert'$'\n''dane'$'\n''mta-sts'$'\n''relay'$'\n''smuggle'$'\n''auth'$'\n''dns.mx'$'\n''dns.spf'$'\n''dns.dmarc'$'\n''dns.tlsrpt'$'\n''mta-sts.record'$'\n''mta-sts.policy'$'\n''mta-sts.mx'$'\n''connect'$'\n''banner'$'\n''ehlo'$'\n''helo'$'\n''caps.sane'$'\n''dns.ptr'$'\n''tls.offered'$'\n''tls.required'$'\n''tls.reset'$'\n''tls.inject-server'$'\n''tls.inject-client'$'\n''tls.version'$'\n''tls.cipher'$'\n''dane.records'$'\n''dane.match'$'\n''mta-sts.certificate'$'\n''cert.trust'$'\n''cert.name'$'\n''cert.expiry'$'\n''cert.key'$'\n''relay.null'$'\n''relay.foreign'$'\n''relay.forms'$'\n''vrfy'$'\n''expn'$'\n''postmaster'$'\n''abuse'$'\n''8bitmime'$'\n''smtputf8'$'\n''chunking'$'\n''size'$'\n''params'$'\n''state'$'\n''limits'$'\n''pipe.order'$'\n''pregreet'$'\n''auth.mechanisms'$'\n''auth.clear'$'\n''auth.unknown'$'\n''auth.cancel'$'\n''auth.enumeration'$'\n''bare.cr'$'\n''bare.lf'$'\n''smuggle.lf-dot-lf'$'\n''smuggle.lf-dot-crlf'$'\n''smuggle.lf-dot-cr'$'\n''smuggle.cr-dot-cr'$'\n''smuggle.cr-dot-lf'$'\n''smuggle.cr-dot-crlf'$'\n''smuggle.crlf-nul-dot-crlf'$'\n''smuggle.crlf-dot-lf'$'\n''smuggle.crlf-dot-cr'$'\n''smuggle.crlf-dot-nul-crlf'$'\n''enhanced.codes'
        return
        ;;
    '--rcpt')
        return
        ;;
    '--outside')
        return
        ;;
    '--domain')
        return
        ;;
    '--role')
        __smtp-probe_add_completions -W 'mx'$'\n''submission'$'\n''local'
        return
        ;;
    '--policy')
        __smtp-probe_add_completions -f
        return
        ;;
    '--https')
        return
        ;;
    '--fail-on')
        __smtp-probe_add_completions -W 'fail'$'\n''warn'
        return
        ;;
    '--port')
        return
        ;;
    '--source')
        return
        ;;
    '--helo')
        return
        ;;
    '--timeout')
        return
        ;;
    '--connect-timeout')
        return
        ;;
    '--deadline')
        return
        ;;
    '--resolver')
        return
        ;;
    '--ca')
        __smtp-probe_add_completions -f
        return
        ;;
    '--name')
        return
        ;;
    '--color')
        __smtp-probe_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    esac
}

_smtp-probe_help() {
    repeating_flags=()
    non_repeating_flags=(--version)
    repeating_options=()
    non_repeating_options=()
    __smtp-probe_offer_flags_options -1
}

complete -o filenames -F _smtp-probe smtp-probe
