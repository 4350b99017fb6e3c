#!/bin/bash
# load.sh: smtp-probe load beside Postfix's smtp-source and the C client load.c, against the limit server.
#
#   Benchmarks/load.sh [BIN]              BIN: the folder of the release tools (default: .build/release)
#
# ROUNDS (default 5) in turn, each with MESSAGES (default 40000) small messages or MESSAGES/400 large ones. smtp-source knows neither
# pipelining nor TLS, so load.c is the other there. Last, the peak of memory with SESSIONS (default 10000) sessions at once.
# Prints a table of medians: CPU time and rate, and their ratios within a round. CPU time includes the start of the program.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${1:-.build/release} rounds=${ROUNDS:-5} messages=${MESSAGES:-40000} sessions=${SESSIONS:-10000}
work=$(mktemp -d) server=
trap 'if [ -n "$server" ]; then kill "$server" || true; fi; rm -rf "$work"' EXIT
cc -O2 -DTLS -o "$work/limit" Benchmarks/limit.c -lssl -lcrypto
cc -O2 -DTLS -o "$work/load" Benchmarks/load.c -lssl -lcrypto
openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 2 -subj /CN=bench.test \
    -keyout "$work/key" -out "$work/cert" 2>/dev/null
ulimit -n "$(ulimit -H -n)"
port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$work/limit" -C "$work/cert" -K "$work/key" "$port" >/dev/null & server=$!
until python3 -c 'import socket, sys; socket.create_connection(("127.0.0.1", int(sys.argv[1])))' "$port" 2>/dev/null; do sleep 0.1; done
to=127.0.0.1:$port large=$((messages / 400))
probe=("$bin/smtp-probe" load --quiet --from a@bench.test --to b@bench.test)
# NAME COMMAND...: time, CPU time and memory of a command that has to succeed.
timed() { /usr/bin/time -a -o "$work/$1" -f '%e %U %S %M' "${@:2}" >/dev/null; }
for _ in $(seq "$rounds"); do
    timed lock-ours "${probe[@]}" --sessions 20 --messages "$messages" --size 2048 "$to"
    timed lock-source smtp-source -d -s 20 -m "$messages" -l 2048 -f a@bench.test -t b@bench.test "inet:$to"
    timed session-ours "${probe[@]}" --sessions 20 --messages "$messages" --messages-per-session 1 --size 2048 "$to"
    timed session-source smtp-source -s 20 -m "$messages" -l 2048 -f a@bench.test -t b@bench.test "inet:$to"
    timed large-ours "${probe[@]}" --sessions 4 --messages "$large" --size 10M "$to"
    timed large-source smtp-source -d -s 4 -m "$large" -l 10485760 -f a@bench.test -t b@bench.test "inet:$to"
    timed pipelined-ours "${probe[@]}" --pipeline --sessions 20 --messages "$messages" --size 2048 "$to"
    timed pipelined-load "$work/load" -p "$port" -c 20 -n "$messages" -m 0 -s 2048 -P 1 -t none
    timed starttls-ours "${probe[@]}" --tls --sessions 20 --messages "$messages" --size 2048 "$to"
    timed starttls-load "$work/load" -p "$port" -c 20 -n "$messages" -m 0 -s 2048 -P 0 -t starttls
done
timed idle-ours "${probe[@]}" --idle "$sessions" --sessions 1 --messages 1 "$to"
timed busy-ours "${probe[@]}" --sessions "$sessions" --messages "$((20 * sessions))" --size 2048 "$to"
python3 - "$work" "$rounds" "$messages" "$large" "$sessions" <<'P'
import statistics, sys
work, rounds, messages, large, sessions = sys.argv[1], *map(int, sys.argv[2:])
def runs(name): return [tuple(map(float, l.split())) for l in open(f'{work}/{name}')]
def spread(values): return f'{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})'
print(f'### smtp-probe load\n\n{rounds} rounds in turn; medians. Ratios are within a round, in brackets the smallest and the largest.\n')
print('| load | the other | our messages/s | our CPU us/message | x its rate | x its CPU |\n|---|---|---:|---:|---:|---:|')
for name, other, what, count in (
        ('lock', 'source', '2 KiB, lock-step, 20 sessions', messages), ('session', 'source', '2 KiB, a session per message', messages),
        ('large', 'source', '10 MiB, 4 sessions', large), ('pipelined', 'load', '2 KiB, pipelined, 20 sessions', messages),
        ('starttls', 'load', '2 KiB, STARTTLS, 20 sessions', messages)):
    ours, theirs = runs(f'{name}-ours'), runs(f'{name}-{other}')
    pairs = list(zip(ours, theirs))
    print(f'| {what} | {"smtp-source" if other == "source" else "load.c"} | {count / statistics.median(r[0] for r in ours):.0f} '
          f'| {1e6 * statistics.median(r[1] + r[2] for r in ours) / count:.1f} | {spread([b[0] / a[0] for a, b in pairs])} '
          f'| {spread([(a[1] + a[2]) / (b[1] + b[2]) for a, b in pairs])} |')
print()
for name, what in (('idle', 'idle'), ('busy', 'sending 2 KiB')):
    print(f'{sessions} sessions at once, {what}: peak {runs(name + "-ours")[0][3] / 1024:.0f} MiB')
P
