#compdef smtp-probe
# zsh completion for smtp-probe. Generated: smtp-probe --generate-completion-script zsh

_smtp-probe() {
    local -a commands
    commands=(
        'send:Send one message, or go as far towards that as you say'
        'check:Find out what is wrong with a mail server, or with the mail of a domain'
        'load:Send many messages, and measure how the server copes'
        'help:Explain a command'
    )
    if (( CURRENT > 2 )); then
        case $words[2] in
        send)
            shift words
            (( CURRENT-- ))
            _arguments -s -S \
                '(--from -f)--from=[The sender\: ann@example.org, '\''Ann <ann@example.org>'\'', or <> for the null sender]:address: ' \
                '(--from -f)-f[The sender\: ann@example.org, '\''Ann <ann@example.org>'\'', or <> for the null sender]:address: ' \
                '*--to=[A recipient, or several with commas between them; may be given several times]:address: ' \
                '*-t[A recipient, or several with commas between them; may be given several times]:address: ' \
                '*--cc=[A recipient who stands in Cc; as --to]:address: ' \
                '*--bcc=[A recipient who stands nowhere in the message; as --to]:address: ' \
                '--notify=[Ask for reports\: never, or a list of success, failure and delay]:when:(never success failure delay)' \
                '--ret=[Ask for the full message or its header (hdrs) in reports]:what:(full hdrs)' \
                '--envid=[An identifier that reports repeat]:text: ' \
                '*--orcpt=[The original recipient, of the --to in the same place]:address: ' \
                '--mt-priority=[The priority, -9 to 9]:number: ' \
                '--smtputf8[Ask for a way that takes UTF-8 in addresses and header; addresses that need it do so themselves]' \
                '--requiretls[Ask that the message be passed on with TLS or not at all]' \
                '*--header=[A header field, which replaces the one that would have been made; may be given several times]:Name\: value: ' \
                '--subject=[The subject]:text: ' \
                '--body=[The text of the message, \\n for a line end, @FILE, or - for standard input]:text:_files' \
                '--data=[A whole message, header and all\: @FILE, - for standard input, or a text with \\n for line ends]:message:_files' \
                '*--attach=[A file to attach\: FILE\[;type=TYPE\]\[;name=NAME\]; may be given several times]:file:_files' \
                '--template[Replace tokens such as %DATE% in text that comes from files and standard input as well, up to 1 MiB]' \
                '--pipeline[Send commands in groups, without waiting for each reply, where the server offers that]' \
                '--bdat[Send the message in chunks, with BDAT in place of DATA]' \
                '--lmtp[Speak LMTP\: LHLO, and a reply for each recipient]' \
                '--quit-after=[Say QUIT after this stage\: banner, ehlo, tls, ehlo-tls, xclient, auth, mail or rcpt]:stage:(banner ehlo tls ehlo-tls xclient auth mail rcpt)' \
                '--drop-after=[Close without a word after this stage\: connect, banner, ehlo, tls, ehlo-tls, xclient, auth, mail, rcpt, data or message]:stage:(connect banner ehlo tls ehlo-tls xclient auth mail rcpt data message)' \
                '--dump[Write the message to standard output, as it would be sent, and connect to nothing]' \
                '--partial-ok[Count it as success when only some recipients are accepted]' \
                '--insecure-auth[Send a password without TLS where the server wants it]' \
                '--exit-temp[Exit with 75 when trying later may help]' \
                '--nagios[Say one line and exit with 0, 1, 2 or 3, as monitoring plugins do]' \
                '(--server -s)--server=[The server, as TARGET]:TARGET: ' \
                '(--server -s)-s[The server, as TARGET]:TARGET: ' \
                '(-a --auth)-a[Log in, with the mechanism that follows, such as PLAIN, or the strongest that is offered]' \
                '(-a --auth)--auth[Log in, with the mechanism that follows, such as PLAIN, or the strongest that is offered]' \
                '--mx[TARGET is a domain\: look its mail exchangers up, and try them in their order]' \
                '(-4 --ipv4)-4[Use IPv4 only]' \
                '(-4 --ipv4)--ipv4[Use IPv4 only]' \
                '(-6 --ipv6)-6[Use IPv6 only]' \
                '(-6 --ipv6)--ipv6[Use IPv6 only]' \
                '--source=[The local address to connect from]:address: ' \
                '--helo=[The name in HELO, EHLO or LHLO]:name: ' \
                '--timeout=[How long to wait for each reply, such as 500ms, 30s or 5m]:duration: ' \
                '--connect-timeout=[How long to wait for each connection to be made]:duration: ' \
                '--deadline=[How long everything may take, from start to end, such as 30s]:duration: ' \
                '--proxy-header=[Send a PROXY header first, such as '\''PROXY TCP4 192.0.2.9 192.0.2.1 4711 25'\'']:line: ' \
                '--xclient=[Send XCLIENT with these attributes behind EHLO, such as '\''ADDR=192.0.2.9 NAME=host.example'\'']:attributes: ' \
                '--resolver=[The name server to ask, such as 127.0.0.1\:5353]:host\:port: ' \
                '--tls[Use STARTTLS, and go on only inside TLS]' \
                '--tls-optional[Use STARTTLS when the server offers it]' \
                '--implicit-tls[Begin with TLS]' \
                '--no-tls[Never use TLS]' \
                '--verify[Go on only if the server'\''s certificate is valid for its name]' \
                '--ca=[The certificates of the authorities that are trusted, in a file or a folder; verifies]:file:_files' \
                '--name=[The name that the certificate has to hold; verifies]:name: ' \
                '--sni=[The name to ask for in the handshake (SNI)]:name: ' \
                '--pin=[The SHA-256 of the server'\''s certificate, or of its public key, in hexadecimal; any other is refused]:sha256: ' \
                '--cert=[A certificate to show to the server, with its chain]:file:_files' \
                '--key=[The certificate'\''s private key]:file:_files' \
                '--tls-min=[The oldest version spoken\: 1.0, 1.1, 1.2 or 1.3]:version:(1.0 1.1 1.2 1.3)' \
                '--tls-max=[The newest version spoken]:version:(1.0 1.1 1.2 1.3)' \
                '--ciphers=[The cipher suites to offer, as OpenSSL writes them]:list: ' \
                '--keylog=[Append the secrets of each connection to FILE, as SSLKEYLOGFILE has them]:file:_files' \
                '--auth-user=[The user to log in as]:user: ' \
                '--auth-password-file=[A file whose first line is the password, or the token]:file:_files' \
                '--auth-password-fd=[The descriptor to read the password from, opened by the shell]:number: ' \
                '--auth-password=[The password itself]:password: ' \
                '--auth-mechanism=[The mechanism to use, such as PLAIN]:name:(PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER EXTERNAL)' \
                '--json[Write one JSON document to standard output, in place of text]' \
                '--color=[When to use colours\: auto, always or never]:when:(auto always never)' \
                '(--verbose -v)--verbose[Print more\: connections, and TLS in detail]' \
                '(--verbose -v)-v[Print more\: connections, and TLS in detail]' \
                '(--quiet -q)--quiet[Print only errors]' \
                '(--quiet -q)-q[Print only errors]' \
                '(--help -h)--help[Show the most important options]' \
                '(--help -h)-h[Show the most important options]' \
                '--help-all[Show all options]' \
                '--version[Show the version]' \
                '*: :_hosts'
            return
            ;;
        check)
            shift words
            (( CURRENT-- ))
            _arguments -s -S \
                '*--only=[Run these checks or groups only, separated by commas]:list:(protocol dns tls cert dane mta-sts relay smuggle auth dns.mx dns.spf dns.dmarc dns.tlsrpt mta-sts.record mta-sts.policy mta-sts.mx connect banner ehlo helo caps.sane dns.ptr tls.offered tls.required tls.reset tls.inject-server tls.inject-client tls.version tls.cipher dane.records dane.match mta-sts.certificate cert.trust cert.name cert.expiry cert.key relay.null relay.foreign relay.forms vrfy expn postmaster abuse 8bitmime smtputf8 chunking size params state limits pipe.order pregreet auth.mechanisms auth.clear auth.unknown auth.cancel auth.enumeration bare.cr bare.lf smuggle.lf-dot-lf smuggle.lf-dot-crlf smuggle.lf-dot-cr smuggle.cr-dot-cr smuggle.cr-dot-lf smuggle.cr-dot-crlf smuggle.crlf-nul-dot-crlf smuggle.crlf-dot-lf smuggle.crlf-dot-cr smuggle.crlf-dot-nul-crlf enhanced.codes)' \
                '*--skip=[Leave these checks or groups out, separated by commas]:list:(protocol dns tls cert dane mta-sts relay smuggle auth dns.mx dns.spf dns.dmarc dns.tlsrpt mta-sts.record mta-sts.policy mta-sts.mx connect banner ehlo helo caps.sane dns.ptr tls.offered tls.required tls.reset tls.inject-server tls.inject-client tls.version tls.cipher dane.records dane.match mta-sts.certificate cert.trust cert.name cert.expiry cert.key relay.null relay.foreign relay.forms vrfy expn postmaster abuse 8bitmime smtputf8 chunking size params state limits pipe.order pregreet auth.mechanisms auth.clear auth.unknown auth.cancel auth.enumeration bare.cr bare.lf smuggle.lf-dot-lf smuggle.lf-dot-crlf smuggle.lf-dot-cr smuggle.cr-dot-cr smuggle.cr-dot-lf smuggle.cr-dot-crlf smuggle.crlf-nul-dot-crlf smuggle.crlf-dot-lf smuggle.crlf-dot-cr smuggle.crlf-dot-nul-crlf enhanced.codes)' \
                '--list[List the checks\: identifier, group, needs, RFC and rule]' \
                '--active[Run also the checks that begin the content of a message, talk before the greeting or send malformed input]' \
                '--rcpt=[A recipient who exists here]:address: ' \
                '--outside=[The foreign address of the relay checks]:address: ' \
                '--domain=[The domain that the server serves]:domain: ' \
                '--role=[The role of the server\: mx, submission or local]:role:(mx submission local)' \
                '--policy=[The MTA-STS policy, in place of the one that the domain serves]:file:_files' \
                '--https=[Where to fetch the MTA-STS policy; the name in TLS stays mta-sts.DOMAIN]:host\:port: ' \
                '--fail-on=[With warn, warnings count as failures for the exit status]:verdict:(fail warn)' \
                '--mx[TARGET is a domain\: check its records, its MTA-STS policy, and each of its mail exchangers]' \
                '--lmtp[Speak LMTP, and judge by the rules of a local server]' \
                '--port=[The port of the mail exchangers of --mx]:number: ' \
                '(-4 --ipv4)-4[Use IPv4 only]' \
                '(-4 --ipv4)--ipv4[Use IPv4 only]' \
                '(-6 --ipv6)-6[Use IPv6 only]' \
                '(-6 --ipv6)--ipv6[Use IPv6 only]' \
                '--source=[The local address to connect from]:address: ' \
                '--helo=[The name in HELO, EHLO or LHLO]:name: ' \
                '--timeout=[How long to wait for each reply, and each answer of the DNS]:duration: ' \
                '--connect-timeout=[How long to wait for each connection to be made]:duration: ' \
                '--deadline=[How long the whole run may take]:duration: ' \
                '--resolver=[The name server to ask, such as 127.0.0.1\:5353]:host\:port: ' \
                '--ca=[The certificates of the authorities that are trusted, in a file or a folder]:file:_files' \
                '--name=[The name that certificates have to hold]:name: ' \
                '--json[Write one JSON document to standard output, in place of text]' \
                '--color=[When to use colours\: auto, always or never]:when:(auto always never)' \
                '(--verbose -v)--verbose[Print more\: connections, and TLS in detail]' \
                '(--verbose -v)-v[Print more\: connections, and TLS in detail]' \
                '(--quiet -q)--quiet[Print only errors]' \
                '(--quiet -q)-q[Print only errors]' \
                '(--help -h)--help[Show the most important options]' \
                '(--help -h)-h[Show the most important options]' \
                '--help-all[Show all options]' \
                '--version[Show the version]' \
                '*: :_hosts'
            return
            ;;
        load)
            shift words
            (( CURRENT-- ))
            _arguments -s -S \
                '--sessions=[The number of sessions at a time]:number: ' \
                '--messages=[The number of messages in total]:number: ' \
                '--duration=[Start messages for this long, in place of --messages, such as 30s or 5m]:duration: ' \
                '--messages-per-session=[The number of messages after which a session ends with QUIT and a new one begins]:number: ' \
                '--rate=[Start messages on a schedule, such as 50/s or 90/m, whether or not the server keeps up]:rate: ' \
                '--idle=[The number of further sessions that are opened first and stay idle]:number: ' \
                '--force[Allow more than 1,000 messages, or 50 sessions, to a public address]' \
                '--size=[The size of generated messages, with their header, such as 512, 10K or 10M]:size: ' \
                '--data=[The message to send, as @FILE, or @- for standard input]:message:_files' \
                '--recipients=[The number of recipients of each message, which differ by the %n of --to]:number: ' \
                '(--from -f)--from=[The sender, or <>; %n is the number of the message]:address: ' \
                '(--from -f)-f[The sender, or <>; %n is the number of the message]:address: ' \
                '(--to -t)--to=[The recipient; %n is a number that no other recipient of the run has]:address: ' \
                '(--to -t)-t[The recipient; %n is a number that no other recipient of the run has]:address: ' \
                '--seed=[The seed of the text of generated messages]:number: ' \
                '--pipeline[Send commands in groups, without waiting for each reply, if the server offers that]' \
                '--bdat[Send each message in one chunk, with BDAT in place of DATA]' \
                '--lmtp[Use LMTP\: LHLO, and a reply for each recipient]' \
                '--insecure-auth[Send a password without TLS if the server asks for it]' \
                '--mx[TARGET is a domain\: look its mail exchangers up, and try them in their order]' \
                '(-4 --ipv4)-4[Use IPv4 only]' \
                '(-4 --ipv4)--ipv4[Use IPv4 only]' \
                '(-6 --ipv6)-6[Use IPv6 only]' \
                '(-6 --ipv6)--ipv6[Use IPv6 only]' \
                '--source=[The local address to connect from]:address: ' \
                '--helo=[The name in HELO, EHLO or LHLO]:name: ' \
                '--timeout=[How long to wait for each reply, such as 500ms, 30s or 5m]:duration: ' \
                '--connect-timeout=[How long to wait for each connection to be made]:duration: ' \
                '--deadline=[How long everything may take, from start to end, such as 30s]:duration: ' \
                '--proxy-header=[Send a PROXY header first, such as '\''PROXY TCP4 192.0.2.9 192.0.2.1 4711 25'\'']:line: ' \
                '--xclient=[Send XCLIENT with these attributes behind EHLO, such as '\''ADDR=192.0.2.9 NAME=host.example'\'']:attributes: ' \
                '--resolver=[The name server to ask, such as 127.0.0.1\:5353]:host\:port: ' \
                '--tls[Use STARTTLS, and go on only inside TLS]' \
                '--tls-optional[Use STARTTLS when the server offers it]' \
                '--implicit-tls[Begin with TLS]' \
                '--no-tls[Never use TLS]' \
                '--verify[Go on only if the server'\''s certificate is valid for its name]' \
                '--ca=[The certificates of the authorities that are trusted, in a file or a folder; verifies]:file:_files' \
                '--name=[The name that the certificate has to hold; verifies]:name: ' \
                '--sni=[The name to ask for in the handshake (SNI)]:name: ' \
                '--pin=[The SHA-256 of the server'\''s certificate, or of its public key, in hexadecimal; any other is refused]:sha256: ' \
                '--cert=[A certificate to show to the server, with its chain]:file:_files' \
                '--key=[The certificate'\''s private key]:file:_files' \
                '--tls-min=[The oldest version spoken\: 1.0, 1.1, 1.2 or 1.3]:version:(1.0 1.1 1.2 1.3)' \
                '--tls-max=[The newest version spoken]:version:(1.0 1.1 1.2 1.3)' \
                '--ciphers=[The cipher suites to offer, as OpenSSL writes them]:list: ' \
                '--keylog=[Append the secrets of each connection to FILE, as SSLKEYLOGFILE has them]:file:_files' \
                '--auth-user=[The user to log in as]:user: ' \
                '--auth-password-file=[A file whose first line is the password, or the token]:file:_files' \
                '--auth-password-fd=[The descriptor to read the password from, opened by the shell]:number: ' \
                '--auth-password=[The password itself]:password: ' \
                '--auth-mechanism=[The mechanism to use, such as PLAIN]:name:(PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER EXTERNAL)' \
                '--json[Write one JSON document to standard output, in place of text]' \
                '--color=[When to use colours\: auto, always or never]:when:(auto always never)' \
                '(--verbose -v)--verbose[Print more\: connections, and TLS in detail]' \
                '(--verbose -v)-v[Print more\: connections, and TLS in detail]' \
                '(--quiet -q)--quiet[Print only errors]' \
                '(--quiet -q)-q[Print only errors]' \
                '(--help -h)--help[Show the most important options]' \
                '(--help -h)-h[Show the most important options]' \
                '--help-all[Show all options]' \
                '--version[Show the version]' \
                '*: :_hosts'
            return
            ;;
        help)
            _describe -t commands command commands
            return
            ;;
        esac
    elif [[ $PREFIX != -* ]]; then
        _describe -t commands command commands
        _hosts
        return
    fi
    _arguments -s -S \
                '*-c[A line to run; may be given several times]:line: ' \
                '*--command=[A line to run; may be given several times]:line: ' \
                '(-f --file)-f[A file with the lines to run, behind those of -c]:file:_files' \
                '(-f --file)--file=[A file with the lines to run, behind those of -c]:file:_files' \
                '(-k --keep-going)-k[Go on after a reply that nobody expected]' \
                '(-k --keep-going)--keep-going[Go on after a reply that nobody expected]' \
                '--mx[TARGET is a domain\: look its mail exchangers up, and try them in their order]' \
                '(-4 --ipv4)-4[Use IPv4 only]' \
                '(-4 --ipv4)--ipv4[Use IPv4 only]' \
                '(-6 --ipv6)-6[Use IPv6 only]' \
                '(-6 --ipv6)--ipv6[Use IPv6 only]' \
                '--source=[The local address to connect from]:address: ' \
                '--helo=[The name in HELO, EHLO or LHLO]:name: ' \
                '--timeout=[How long to wait for each reply, such as 500ms, 30s or 5m]:duration: ' \
                '--connect-timeout=[How long to wait for each connection to be made]:duration: ' \
                '--deadline=[How long everything may take, from start to end, such as 30s]:duration: ' \
                '--proxy-header=[Send a PROXY header first, such as '\''PROXY TCP4 192.0.2.9 192.0.2.1 4711 25'\'']:line: ' \
                '--xclient=[Send XCLIENT with these attributes behind EHLO, such as '\''ADDR=192.0.2.9 NAME=host.example'\'']:attributes: ' \
                '--resolver=[The name server to ask, such as 127.0.0.1\:5353]:host\:port: ' \
                '--tls[Use STARTTLS, and go on only inside TLS]' \
                '--tls-optional[Use STARTTLS when the server offers it]' \
                '--implicit-tls[Begin with TLS]' \
                '--no-tls[Never use TLS]' \
                '--verify[Go on only if the server'\''s certificate is valid for its name]' \
                '--ca=[The certificates of the authorities that are trusted, in a file or a folder; verifies]:file:_files' \
                '--name=[The name that the certificate has to hold; verifies]:name: ' \
                '--sni=[The name to ask for in the handshake (SNI)]:name: ' \
                '--pin=[The SHA-256 of the server'\''s certificate, or of its public key, in hexadecimal; any other is refused]:sha256: ' \
                '--cert=[A certificate to show to the server, with its chain]:file:_files' \
                '--key=[The certificate'\''s private key]:file:_files' \
                '--tls-min=[The oldest version spoken\: 1.0, 1.1, 1.2 or 1.3]:version:(1.0 1.1 1.2 1.3)' \
                '--tls-max=[The newest version spoken]:version:(1.0 1.1 1.2 1.3)' \
                '--ciphers=[The cipher suites to offer, as OpenSSL writes them]:list: ' \
                '--keylog=[Append the secrets of each connection to FILE, as SSLKEYLOGFILE has them]:file:_files' \
                '--auth-user=[The user to log in as]:user: ' \
                '--auth-password-file=[A file whose first line is the password, or the token]:file:_files' \
                '--auth-password-fd=[The descriptor to read the password from, opened by the shell]:number: ' \
                '--auth-password=[The password itself]:password: ' \
                '--auth-mechanism=[The mechanism to use, such as PLAIN]:name:(PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER EXTERNAL)' \
                '--json[Write one JSON document to standard output, in place of text]' \
                '--color=[When to use colours\: auto, always or never]:when:(auto always never)' \
                '(--verbose -v)--verbose[Print more\: connections, and TLS in detail]' \
                '(--verbose -v)-v[Print more\: connections, and TLS in detail]' \
                '(--quiet -q)--quiet[Print only errors]' \
                '(--quiet -q)-q[Print only errors]' \
                '(--help -h)--help[Show the most important options]' \
                '(--help -h)-h[Show the most important options]' \
                '--help-all[Show all options]' \
                '--version[Show the version]' \
        '*: :_hosts'
}

if [ "$funcstack[1]" = "_smtp-probe" ]; then _smtp-probe "$@"; else compdef _smtp-probe smtp-probe; fi
