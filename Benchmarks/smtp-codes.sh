#!/bin/bash
# Measures smtp-codes and prints a section of Markdown: start-up beside a C program that does the same look-up
# (Benchmarks/lookup.c) and errno, the speed of --annotate beside grep and Perl, its memory, and instructions.
#
#   Benchmarks/smtp-codes.sh [TOOL]       default: the tool that Scripts/build-smtp-codes builds
#
# Environment: ROUNDS (20) of RUNS (40) runs for start-up, LINES_TOTAL (1000000) log lines. Needs hyperfine, errno
# (moreutils), perl, cc and GNU time. Instructions are counted where valgrind is installed.
set -eu
cd "$(dirname "$0")/.."
ROUNDS=${ROUNDS:-20} RUNS=${RUNS:-40} LINES_TOTAL=${LINES_TOTAL:-1000000}
for need in hyperfine errno perl cc python3; do
    command -v "$need" >/dev/null || { echo "smtp-codes.sh: $need is needed" >&2; exit 2; }
done
[ -x /usr/bin/time ] || { echo "smtp-codes.sh: GNU time is needed at /usr/bin/time" >&2; exit 2; }
tool=${1:-$(Scripts/build-smtp-codes 2>/dev/null)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 - "$work" <<'P'
import json, sys
header, *rows = [line.rstrip("\n").split("\t") for line in open("Data/enhanced-status-codes.tsv", encoding="utf-8")]
columns = [header.index(name) for name in ("code", "sample_text", "description", "advice", "basic_codes", "reference")]
with open(f"{sys.argv[1]}/codes.h", "w") as table:
    for row in rows:
        table.write("{" + ", ".join(json.dumps(row[column]) for column in columns) + "},\n")
P
cc -O2 -I"$work" -o "$work/lookup" Benchmarks/lookup.c

# A log like a busy relay's: five kinds of lines, of which three have a code.
python3 - "$work" "$LINES_TOTAL" <<'P'
import sys
work, total = sys.argv[1], int(sys.argv[2])
kinds = [
    "smtpd[{p}]: connect from mail-{n}.example.net[192.0.2.{b}]",
    "smtp[{p}]: 4Xy{n}AbCz: to=<u{n}@example.org>, relay=mx.example.org[192.0.2.7]:25, delay=1.3, "
    "delays=0.1/0.01/0.6/0.59, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4Xy{b})",
    "smtp[{p}]: 4Xy{n}AbCz: to=<u{n}@example.org>, relay=mx.example.org[192.0.2.7]:25, delay=0.8, "
    "delays=0.1/0/0.4/0.3, dsn=5.1.1, status=bounced (host mx.example.org[192.0.2.7] said: 550 5.1.1 "
    "<u{n}@example.org>: Recipient address rejected: User unknown (in reply to RCPT TO command))",
    "qmgr[{p}]: 4Xy{n}AbCz: from=<news{b}@example.com>, size=4{b}, nrcpt=1 (queue active)",
    "smtpd[{p}]: NOQUEUE: reject: RCPT from unknown[198.51.100.{b}]: 450 4.7.1 <u{n}@example.org>: Recipient "
    "address rejected: Greylisted; from=<s@example.net> to=<u{n}@example.org> proto=ESMTP helo=<h.example.net>",
]
with open(f"{work}/log", "w") as log:
    for i in range(total):
        line = kinds[i % 5].format(p=1000 + i % 5000, n=i % 9973, b=i % 250)
        log.write(f"Nov 22 10:{i // 60 % 60:02}:{i % 60:02} mx1 postfix/{line}\n")
P
head -n 10000 "$work/log" >"$work/log-10k"
# Refusals of every kind, each with a line of another program before it: nearly half are judged by their words.
python3 - "$work" "$LINES_TOTAL" <<'P'
import subprocess, sys
work, total, corpus = sys.argv[1], int(sys.argv[2]), "Tests/SmtpCodesTests/Corpus"
rows = [line.rstrip("\n").split("\t") for line in open(f"{corpus}/rules.tsv", encoding="utf-8")][1:]
lines = [row[6].replace("\\n", " ").replace("\\r", " ").replace("\\t", "\t").replace("\\\\", "\\") for row in rows]
made = subprocess.run([sys.executable, f"{corpus}/other-logs.py"], capture_output=True, check=True)
other = made.stdout.decode().splitlines()
with open(f"{work}/refusals", "w", encoding="utf-8") as log:
    for i in range(total):
        log.write((lines[i * 7919 % len(lines)] if i % 2 else other[i // 2 % len(other)]) + "\n")
P
cat >"$work/annotate.pl" <<'P'
my %name = ('2.0.0' => 'Other undefined Status', '5.1.1' => 'Bad destination mailbox address',
            '4.7.1' => 'Delivery not authorized, message refused');
while (<STDIN>) {
    chomp;
    $_ .= "  [$1: $name{$1}]" if /\b([245]\.\d{1,3}\.\d{1,3})\b/ && $name{$1};
    print "$_\n";
}
P

names=() commands=()
add() { names+=("$1"); commands+=("$2"); }
add 'C look-up 5.7.1' "$work/lookup 5.7.1"
add 'C look-up --is transient 4.2.2' "$work/lookup --is transient 4.2.2"
add 'errno ENOENT' 'errno ENOENT'
add 'smtp-codes 5.7.1' "$tool 5.7.1"
add 'smtp-codes 550' "$tool 550"
add 'smtp-codes --is transient 4.2.2' "$tool --is transient 4.2.2"
add 'smtp-codes --brief 550 5.1.1' "$tool --brief 550 5.1.1"
add 'smtp-codes --json 5.7.1' "$tool --json 5.7.1"
add 'smtp-codes --provider gmail 4.7.28' "$tool --provider gmail 4.7.28"
add 'smtp-codes --search mailbox full' "$tool --search mailbox full"
add 'smtp-codes --list' "$tool --list"
add 'smtp-codes --help' "$tool --help"
add 'smtp-codes --list --class 5 --subject 7' "$tool --list --class 5 --subject 7"
add 'smtp-codes --sysexit 2.0.0' "$tool --sysexit 2.0.0"
for round in $(seq "$ROUNDS"); do
    for k in "${!names[@]}"; do
        hyperfine -N --style none --warmup 10 --runs "$RUNS" --output null \
            --export-json "$work/start.$k.$round.json" "${commands[$k]}" >/dev/null 2>&1
    done
done

# The best of three runs on one core. The output goes through a pipe: grep would stop early for /dev/null.
seconds() {
    for _ in 1 2 3; do /usr/bin/time -o "$work/t" -f %e taskset -c 0 "$@" | cat >/dev/null; cat "$work/t"; done | sort -n | head -n 1
}
peak() { /usr/bin/time -o "$work/t" -f %M "$tool" --annotate <"$1" >/dev/null; cat "$work/t"; }
cat >"$work/run" <<R
#!/bin/sh
exec "$tool" --annotate <"$work/log"
R
sed "s|exec .*|exec perl '$work/annotate.pl' <'$work/log'|" "$work/run" >"$work/run-perl"
sed "s|exec .*|exec grep -c . '$work/log'|" "$work/run" >"$work/run-grep"
sed "s|exec .*|exec '$tool' --count <'$work/log'|" "$work/run" >"$work/run-count"
sed "s|exec .*|exec '$tool' --annotate <'$work/refusals'|" "$work/run" >"$work/run-refusals"
chmod +x "$work/run-refusals" "$work/run" "$work/run-perl" "$work/run-count" "$work/run-grep"
grep_time=$(seconds "$work/run-grep")
annotate_time=$(seconds "$work/run")
refusals_time=$(seconds "$work/run-refusals")
perl_time=$(seconds "$work/run-perl")
count_time=$(seconds "$work/run-count")

printf '%s\n' "${names[@]}" >"$work/names"
python3 - "$work" "$ROUNDS" "$RUNS" "$LINES_TOTAL" "$annotate_time" "$count_time" "$grep_time" "$perl_time" \
    "$(peak "$work/log-10k")" "$(peak "$work/log")" "$(stat -c %s "$tool")" "$(stat -c %s "$work/log")" \
    "$refusals_time" "$(peak "$work/refusals")" <<'P'
import json, statistics, sys
work, rounds, runs, total = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
annotate, count, grep, perl = (max(float(value), 0.001) for value in sys.argv[5:9])
small, large, size, log = (int(value) for value in sys.argv[9:13])
refusals, peak = max(float(sys.argv[13]), 0.001), int(sys.argv[14])
names = open(f"{work}/names").read().split("\n")[:-1]
times = [[json.load(open(f"{work}/start.{k}.{r}.json"))["results"][0]["median"] for r in range(1, rounds + 1)]
         for k in range(len(names))]
print(f"## smtp-codes\n\nWhole-process time: {rounds} rounds in turn of {runs} runs each; ratios are within a round, in "
      f"brackets the smallest and the largest.\nThe tool is one static executable of {size / 1e6:.1f} MB.\n")
print("| command | median ms | × C look-up | × errno |\n| --- | ---: | ---: | ---: |")
for name, row in zip(names, times):
    def ratio(base):
        parts = [a / b for a, b in zip(row, base)]
        return f"{statistics.median(parts):.2f} ({min(parts):.2f}–{max(parts):.2f})"
    base = times[1] if "--is" in name else times[0]
    print(f"| `{name}` | {statistics.median(row) * 1e3:.2f} | {ratio(base)} | {ratio(times[2])} |")
print(f"\nA Postfix log of {total:,} lines, {log / 1e6:.0f} MB; best of three on one core, output through a pipe.\n")
print("| command | seconds | lines/s | × `grep -c .` | × Perl |\n| --- | ---: | ---: | ---: | ---: |")
for name, value in (("smtp-codes --annotate", annotate), ("smtp-codes --annotate, refusals", refusals),
                    ("smtp-codes --count", count), ("grep -c .", grep),
                    ("Perl, a regular expression and a table of three codes", perl)):
    print(f"| {name} | {value:.2f} | {total / value:,.0f} | {value / grep:.1f} | {value / perl:.2f} |")
print(f"\nPeak RSS of `--annotate`: {small:,} KiB for 10,000 lines, {large:,} KiB for {total:,} lines, "
      f"{peak:,} KiB for the refusals.")
P

# Instructions do not vary with the load of the machine.
if command -v valgrind >/dev/null; then
    count() {
        valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null | sed -n 's/.*refs: *//p'
    }
    head -n 20000 "$work/refusals" >"$work/refusals-20k"
    printf '\nInstructions (callgrind): C look-up %s, `5.7.1` %s, `--is permanent 5.7.1` %s, ' \
        "$(count "$work/lookup" 5.7.1)" "$(count "$tool" 5.7.1)" "$(count "$tool" --is permanent 5.7.1)"
    printf '`--annotate` of 20,000 lines of the refusals %s.\n' "$(count "$tool" --annotate <"$work/refusals-20k")"
fi
