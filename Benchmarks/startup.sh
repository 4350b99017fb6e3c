#!/bin/bash
# startup.sh: process start-up side by side, medians and ratios to a C hello.
#
#   Benchmarks/startup.sh [NAME=COMMAND ...]        e.g.  Benchmarks/startup.sh 'smtp-codes=.build/release/smtp-codes 5.7.1'
#
# Each COMMAND is run by hyperfine -N (no shell), in turn over ROUNDS rounds (default 5) of RUNS runs
# (default 200); a command that is not installed is left out. A command must exit 0.
# Beside the time: user+system CPU, page faults (minor) and peak RSS of one run, which vary less than time.
set -eu
ROUNDS=${ROUNDS:-5} RUNS=${RUNS:-200}
command -v hyperfine >/dev/null || { echo "startup.sh: hyperfine is needed (apt-get install hyperfine)" >&2; exit 2; }
W=$(mktemp -d); trap 'rm -rf "$W"' EXIT
printf '#include <stdio.h>\nint main(void){puts("hello");return 0;}\n' > "$W/hello.c"
cc -O2 -o "$W/hello" "$W/hello.c"
cc -O2 -static -o "$W/hello-static" "$W/hello.c" 2>/dev/null || true
# page faults and peak RSS of one run, taken by a small process: a large parent's own RSS would be counted
cat > "$W/ru.c" <<'C'
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int n, char **a) {
    struct rusage u; int s, d = open("/dev/null", O_RDWR); (void)n;
    pid_t p = vfork();
    if (!p) { dup2(d, 1); dup2(d, 2); execvp(a[1], a + 1); _exit(127); }
    wait4(p, &s, 0, &u);
    printf("%ld %ld\n", u.ru_minflt, u.ru_maxrss);
    return 0;
}
C
cc -O2 -static -o "$W/ru" "$W/ru.c" 2>/dev/null || cc -O2 -o "$W/ru" "$W/ru.c"
names=(); cmds=()
add() { # NAME COMMAND: only when its program is there
    local prog=${2%% *}
    command -v "$prog" >/dev/null || { echo "startup.sh: $1: no $prog, left out" >&2; return 0; }
    names+=("$1"); cmds+=("$2")
}
add c-hello "$W/hello"
add c-hello-static "$W/hello-static"
for a in "$@"; do add "${a%%=*}" "${a#*=}"; done
add errno "errno ENOENT"
add perl-e "perl -e 1"
# the real interpreter: a pyenv shim is a shell script and would be measured instead
py=$(python3 -c 'import sys; print(sys.executable)' 2>/dev/null || true); [ -z "$py" ] || add python3-c "$py -c pass"
[ -z "$py" ] || add python3-I-S-c "$py -I -S -c pass"
add swaks-version "swaks --version"
add node-e "node -e 0"
extra=()
for i in $(seq "$ROUNDS"); do
    for k in "${!names[@]}"; do
        n=$RUNS; case ${names[$k]} in node-e|swaks-version|python3-c) n=$((RUNS / 10 < 10 ? 10 : RUNS / 10));; esac
        hyperfine -N --style none --warmup 5 --runs "$n" --output null --export-json "$W/${names[$k]}.$i.json" "${cmds[$k]}" >/dev/null 2>"$W/err" ||
            { echo "startup.sh: ${names[$k]} failed:" >&2; cat "$W/err" >&2; exit 1; }
    done
done
printf '%s\n' "${names[@]}" > "$W/names"; printf '%s\n' "${cmds[@]}" > "$W/cmds"
python3 - "$W" "$ROUNDS" <<'P'
import json, shlex, statistics, subprocess, sys
w, rounds = sys.argv[1], int(sys.argv[2])
names = open(f'{w}/names').read().split('\n')[:-1]; cmds = open(f'{w}/cmds').read().split('\n')[:-1]
r = {n: [json.load(open(f'{w}/{n}.{i}.json'))['results'][0] for i in range(1, rounds + 1)] for n in names}
print(f'{rounds} rounds in turn; median of the rounds\' medians; ratio within a round, in brackets the smallest and largest.\n')
print('| command | median ms | x c-hello | user+sys ms | minor faults | peak RSS MiB |\n|---|---:|---:|---:|---:|---:|')
for n, c in zip(names, cmds):
    q = [a['median'] / b['median'] for a, b in zip(r[n], r['c-hello'])]
    faults, kib = subprocess.run([f'{w}/ru', *shlex.split(c)], capture_output=True, text=True).stdout.split()
    med = statistics.median
    print(f"| {n} | {med(a['median'] for a in r[n]) * 1e3:.2f} | {med(q):.2f} ({min(q):.2f}-{max(q):.2f}) | "
          f"{med((a['user'] + a['system']) * 1e3 for a in r[n]):.2f} | {faults} | {int(kib) / 1024:.1f} |")
P
