# bash completion for smtp-probe. Generated: smtp-probe --generate-completion-script bash

_smtp_probe_send() {
    case $prev in
        --from|-f) return ;;
        --to|-t) return ;;
        --cc) return ;;
        --bcc) return ;;
        --notify) COMPREPLY=($(compgen -W 'never success failure delay' -- "$cur")); return ;;
        --ret) COMPREPLY=($(compgen -W 'full hdrs' -- "$cur")); return ;;
        --envid) return ;;
        --orcpt) return ;;
        --mt-priority) return ;;
        --header) return ;;
        --subject) return ;;
        --body) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --data) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --attach) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --quit-after) COMPREPLY=($(compgen -W 'banner ehlo tls ehlo-tls xclient auth mail rcpt' -- "$cur")); return ;;
        --drop-after) COMPREPLY=($(compgen -W 'connect banner ehlo tls ehlo-tls xclient auth mail rcpt data message' -- "$cur")); return ;;
        --server|-s) return ;;
        --source) return ;;
        --helo) return ;;
        --timeout) return ;;
        --connect-timeout) return ;;
        --deadline) return ;;
        --proxy-header) return ;;
        --xclient) return ;;
        --resolver) return ;;
        --ca) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --name) return ;;
        --sni) return ;;
        --pin) return ;;
        --cert) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --key) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --tls-min) COMPREPLY=($(compgen -W '1.0 1.1 1.2 1.3' -- "$cur")); return ;;
        --tls-max) COMPREPLY=($(compgen -W '1.0 1.1 1.2 1.3' -- "$cur")); return ;;
        --ciphers) return ;;
        --keylog) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --auth-user) return ;;
        --auth-password-file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --auth-password-fd) return ;;
        --auth-password) return ;;
        --auth-mechanism) COMPREPLY=($(compgen -W 'PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER EXTERNAL' -- "$cur")); return ;;
        --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    [[ $cur == -* ]] && COMPREPLY=($(compgen -W '--from -f --to -t --cc --bcc --notify --ret --envid --orcpt --mt-priority --smtputf8 --requiretls --header --subject --body --data --attach --template --pipeline --bdat --lmtp --quit-after --drop-after --dump --partial-ok --insecure-auth --exit-temp --nagios --server -s -a --auth --mx -4 --ipv4 -6 --ipv6 --source --helo --timeout --connect-timeout --deadline --proxy-header --xclient --resolver --tls --tls-optional --implicit-tls --no-tls --verify --ca --name --sni --pin --cert --key --tls-min --tls-max --ciphers --keylog --auth-user --auth-password-file --auth-password-fd --auth-password --auth-mechanism --json --color --verbose -v --quiet -q --help -h --help-all --version' -- "$cur"))
}

_smtp_probe_check() {
    case $prev in
        --only) COMPREPLY=($(compgen -W 'protocol dns tls cert dane mta-sts relay smuggle auth dns.mx dns.spf dns.dmarc dns.tlsrpt mta-sts.record mta-sts.policy mta-sts.mx connect banner ehlo helo caps.sane dns.ptr tls.offered tls.required tls.reset tls.inject-server tls.inject-client tls.version tls.cipher dane.records dane.match mta-sts.certificate cert.trust cert.name cert.expiry cert.key relay.null relay.foreign relay.forms vrfy expn postmaster abuse 8bitmime smtputf8 chunking size params state limits pipe.order pregreet auth.mechanisms auth.clear auth.unknown auth.cancel auth.enumeration bare.cr bare.lf smuggle.lf-dot-lf smuggle.lf-dot-crlf smuggle.lf-dot-cr smuggle.cr-dot-cr smuggle.cr-dot-lf smuggle.cr-dot-crlf smuggle.crlf-nul-dot-crlf smuggle.crlf-dot-lf smuggle.crlf-dot-cr smuggle.crlf-dot-nul-crlf enhanced.codes' -- "$cur")); return ;;
        --skip) COMPREPLY=($(compgen -W 'protocol dns tls cert dane mta-sts relay smuggle auth dns.mx dns.spf dns.dmarc dns.tlsrpt mta-sts.record mta-sts.policy mta-sts.mx connect banner ehlo helo caps.sane dns.ptr tls.offered tls.required tls.reset tls.inject-server tls.inject-client tls.version tls.cipher dane.records dane.match mta-sts.certificate cert.trust cert.name cert.expiry cert.key relay.null relay.foreign relay.forms vrfy expn postmaster abuse 8bitmime smtputf8 chunking size params state limits pipe.order pregreet auth.mechanisms auth.clear auth.unknown auth.cancel auth.enumeration bare.cr bare.lf smuggle.lf-dot-lf smuggle.lf-dot-crlf smuggle.lf-dot-cr smuggle.cr-dot-cr smuggle.cr-dot-lf smuggle.cr-dot-crlf smuggle.crlf-nul-dot-crlf smuggle.crlf-dot-lf smuggle.crlf-dot-cr smuggle.crlf-dot-nul-crlf enhanced.codes' -- "$cur")); return ;;
        --rcpt) return ;;
        --outside) return ;;
        --domain) return ;;
        --role) COMPREPLY=($(compgen -W 'mx submission local' -- "$cur")); return ;;
        --policy) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --https) return ;;
        --fail-on) COMPREPLY=($(compgen -W 'fail warn' -- "$cur")); return ;;
        --port) return ;;
        --source) return ;;
        --helo) return ;;
        --timeout) return ;;
        --connect-timeout) return ;;
        --deadline) return ;;
        --resolver) return ;;
        --ca) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --name) return ;;
        --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    [[ $cur == -* ]] && COMPREPLY=($(compgen -W '--only --skip --list --active --rcpt --outside --domain --role --policy --https --fail-on --mx --lmtp --port -4 --ipv4 -6 --ipv6 --source --helo --timeout --connect-timeout --deadline --resolver --ca --name --json --color --verbose -v --quiet -q --help -h --help-all --version' -- "$cur"))
}

_smtp_probe_load() {
    case $prev in
        --sessions) return ;;
        --messages) return ;;
        --duration) return ;;
        --messages-per-session) return ;;
        --rate) return ;;
        --idle) return ;;
        --size) return ;;
        --data) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --recipients) return ;;
        --from|-f) return ;;
        --to|-t) return ;;
        --seed) return ;;
        --source) return ;;
        --helo) return ;;
        --timeout) return ;;
        --connect-timeout) return ;;
        --deadline) return ;;
        --proxy-header) return ;;
        --xclient) return ;;
        --resolver) return ;;
        --ca) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --name) return ;;
        --sni) return ;;
        --pin) return ;;
        --cert) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --key) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --tls-min) COMPREPLY=($(compgen -W '1.0 1.1 1.2 1.3' -- "$cur")); return ;;
        --tls-max) COMPREPLY=($(compgen -W '1.0 1.1 1.2 1.3' -- "$cur")); return ;;
        --ciphers) return ;;
        --keylog) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --auth-user) return ;;
        --auth-password-file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --auth-password-fd) return ;;
        --auth-password) return ;;
        --auth-mechanism) COMPREPLY=($(compgen -W 'PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER EXTERNAL' -- "$cur")); return ;;
        --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    [[ $cur == -* ]] && COMPREPLY=($(compgen -W '--sessions --messages --duration --messages-per-session --rate --idle --force --size --data --recipients --from -f --to -t --seed --pipeline --bdat --lmtp --insecure-auth --mx -4 --ipv4 -6 --ipv6 --source --helo --timeout --connect-timeout --deadline --proxy-header --xclient --resolver --tls --tls-optional --implicit-tls --no-tls --verify --ca --name --sni --pin --cert --key --tls-min --tls-max --ciphers --keylog --auth-user --auth-password-file --auth-password-fd --auth-password --auth-mechanism --json --color --verbose -v --quiet -q --help -h --help-all --version' -- "$cur"))
}

_smtp_probe_options() {
    case $prev in
        -c|--command) return ;;
        -f|--file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --source) return ;;
        --helo) return ;;
        --timeout) return ;;
        --connect-timeout) return ;;
        --deadline) return ;;
        --proxy-header) return ;;
        --xclient) return ;;
        --resolver) return ;;
        --ca) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --name) return ;;
        --sni) return ;;
        --pin) return ;;
        --cert) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --key) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --tls-min) COMPREPLY=($(compgen -W '1.0 1.1 1.2 1.3' -- "$cur")); return ;;
        --tls-max) COMPREPLY=($(compgen -W '1.0 1.1 1.2 1.3' -- "$cur")); return ;;
        --ciphers) return ;;
        --keylog) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --auth-user) return ;;
        --auth-password-file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --auth-password-fd) return ;;
        --auth-password) return ;;
        --auth-mechanism) COMPREPLY=($(compgen -W 'PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER EXTERNAL' -- "$cur")); return ;;
        --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    [[ $cur == -* ]] && COMPREPLY=($(compgen -W '-c --command -f --file -k --keep-going --mx -4 --ipv4 -6 --ipv6 --source --helo --timeout --connect-timeout --deadline --proxy-header --xclient --resolver --tls --tls-optional --implicit-tls --no-tls --verify --ca --name --sni --pin --cert --key --tls-min --tls-max --ciphers --keylog --auth-user --auth-password-file --auth-password-fd --auth-password --auth-mechanism --json --color --verbose -v --quiet -q --help -h --help-all --version' -- "$cur"))
}

_smtp_probe() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
    COMPREPLY=()
    # bash takes `--option=value` for three words, and `@file` for two.
    if [[ $cur == = ]]; then cur=
    elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}
    elif [[ $prev == @ ]]; then compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return
    fi
    case ${COMP_WORDS[1]} in
        send) (( COMP_CWORD > 1 )) && { _smtp_probe_send; return; } ;;
        check) (( COMP_CWORD > 1 )) && { _smtp_probe_check; return; } ;;
        load) (( COMP_CWORD > 1 )) && { _smtp_probe_load; return; } ;;
        help) (( COMP_CWORD == 2 )) && { COMPREPLY=($(compgen -W 'send check load' -- "$cur")); return; } ;;
    esac
    if [[ $cur != -* ]] && (( COMP_CWORD == 1 )); then
        COMPREPLY=($(compgen -W 'send check load help' -- "$cur"))
        return
    fi
    _smtp_probe_options
}

complete -F _smtp_probe smtp-probe
