#!/bin/bash
# Whether memory and descriptors of the server grow with the TLS sessions that it has had.
#
#   Benchmarks/growth.sh [--quick] SMTPD-LITE LOAD
#
# LOAD is load.c, built by Benchmarks/server.py. Writes a table: what the process holds after 2,000 and after
# 20,000 sessions with STARTTLS and one message each (--quick: 200 and 2,000).
set -euo pipefail
few=2000 many=20000
if [ "${1-}" = --quick ]; then
    few=200 many=2000
    shift
fi
[ $# -eq 2 ] || { echo "usage: Benchmarks/growth.sh [--quick] SMTPD-LITE LOAD" >&2; exit 64; }
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT

"$1" -q -n bench.test -l 0 --tls --discard --port-file "$folder/port" &
server=$!
until [ -s "$folder/port" ]; do sleep 0.05; done
port=$(cat "$folder/port")

figures() { # SESSIONS
    echo "| $1 | $(awk '/^VmRSS/ { print $2 }' /proc/$server/status) | $(ls /proc/$server/fd | wc -l) |"
}
sessions() { # NUMBER
    "$2" -p "$port" -c 20 -n "$1" -s 2048 -m 1 -t starttls >"$folder/load"
    sleep 0.5
}

echo "### growth: one server, sessions with STARTTLS and one 2 KiB message each"
echo
echo "| sessions so far | RSS KiB | descriptors |"
echo "|---:|---:|---:|"
sessions "$few" "$2"
figures "$few"
sessions "$((many - few))" "$2"
figures "$many"
