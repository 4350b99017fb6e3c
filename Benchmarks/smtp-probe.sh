#!/bin/bash
# smtp-probe.sh: smtp-probe beside swaks, curl and openssl s_client, against a discarding smtpd-lite.
#
#   Benchmarks/smtp-probe.sh [BIN]        BIN: the folder of the release tools (default: .build/release)
#
# One small message, whole process, against swaks; SIZE (default 1G) of lines against curl --upload-file, with the peak
# of resident memory; the shell on a terminal, from its start to its prompt, against openssl s_client -starttls smtp to its
# first words. ROUNDS (default 5) in turn.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${1:-.build/release} rounds=${ROUNDS:-5} size=${SIZE:-1G}
if [ "${2-}" != served ]; then
    exec "$bin/smtpd-lite" -q -n bench.test -l 127.0.0.1:0 --tls --max-size 0 --discard -- "$0" "$bin" served
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
{ printf 'Subject: large\r\n\r\n'; { yes "$(printf 'a line of a message that goes on for some seventy octets, as they do\r')" || true; } | head -c "$size"; } >"$work/mail"
probe=$bin/smtp-probe to=$SMTP_HOST:$SMTP_PORT
# NAME WORDS COMMAND...: how long a command on a terminal takes until it has shown WORDS.
shown() {
    python3 - "$@" >>"$work/$1" <<'P'
import os, pty, signal, sys, time
words = sys.argv[2].encode()
start = time.monotonic()
process, terminal = pty.fork()
if process == 0: os.execvp(sys.argv[3], sys.argv[3:])
seen = b''
while words not in seen: seen += os.read(terminal, 65536)
elapsed = time.monotonic() - start
os.kill(process, signal.SIGTERM)
usage = os.wait4(process, 0)[2]
print(f'{elapsed:.4f} {usage.ru_utime} {usage.ru_stime} {usage.ru_maxrss}')
P
}
timed() { /usr/bin/time -a -o "$work/$1" -f '%e %U %S %M' "${@:2}" >/dev/null 2>&1; }
for _ in $(seq "$rounds"); do
    for _ in $(seq 5); do
        timed small-probe "$probe" send --from a@bench.test --to b@bench.test "$to"
        timed small-swaks swaks --from a@bench.test --to b@bench.test --server "$SMTP_HOST" --port "$SMTP_PORT"
        shown shell-probe '> ' "$probe" "$to"
        shown shell-openssl CONNECTED openssl s_client -starttls smtp -connect "$to"
    done
    timed large-probe "$probe" send -q --from a@bench.test --to b@bench.test --data "@$work/mail" "$to"
    timed large-curl curl -s --mail-from a@bench.test --mail-rcpt b@bench.test --upload-file "$work/mail" "$SMTP_URL"
done
python3 - "$work" "$rounds" "$(stat -c %s "$work/mail")" <<'P'
import statistics, sys
work, rounds, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
def runs(name): return [tuple(map(float, l.split())) for l in open(f'{work}/{name}') if l[0].isdigit()]
print(f'### smtp-probe\n\n{rounds} rounds in turn; medians. Times of whole processes have a resolution of 10 ms.\n')
print('| what | s | user+sys s | peak MiB | MB/s | x the other |\n|---|---:|---:|---:|---:|---:|')
for what, ours, theirs in (('one message', 'small-probe', 'small-swaks'), (f'{size >> 20} MiB', 'large-probe', 'large-curl'),
                           ('start on a terminal', 'shell-probe', 'shell-openssl')):
    other = statistics.median(r[0] for r in runs(theirs))
    for name in (ours, theirs):
        r = runs(name)
        time = statistics.median(a[0] for a in r)
        rate = f'{size / time / 1e6:.0f}' if name.startswith('large') and time else ''
        print(f'| {what}, {name.split("-")[1]} | {time:.3f} | {statistics.median(a[1] + a[2] for a in r):.2f} | '
              f'{max(a[3] for a in r) / 1024:.0f} | {rate} | {time / other if other else 0:.2f} |')
P
