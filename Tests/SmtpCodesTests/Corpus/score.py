#!/usr/bin/env python3
"""Scores smtp-codes on the corpus beside this file.

    score.py TOOL [--half rules] [--misses rules]

Prints one `name value` pair per line: percentages, and false alarms per 10,000 lines of other programs.
With `--half rules` the other half is left out, so that its scores cannot guide a choice. With `--misses rules` each miss
in the half `rules` is printed to standard error. The other half keeps its secrets.
"""
import json
import os
import subprocess
import sys

folder = os.path.dirname(os.path.abspath(__file__))
tool = sys.argv[1]
options = dict(zip(sys.argv[2::2], sys.argv[3::2]))
if len(sys.argv) % 2 or set(options) - {"--half", "--misses"} or set(options.values()) - {"rules"}:
    sys.exit("score.py: the options are --half rules and --misses rules")
show = options.get("--misses")


def unescape(text):
    out, index = [], 0
    while index < len(text):
        if text[index] == "\\" and index + 1 < len(text):
            out.append({"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}.get(text[index + 1], "\\" + text[index + 1]))
            index += 2
        else:
            out.append(text[index])
            index += 1
    return "".join(out)


def answers(lines):
    """One answer per line, None for a line without a code."""
    run = subprocess.run([tool, "--jsonl", "--all", "-"], input="".join(line + "\n" for line in lines).encode(), capture_output=True)
    found = [json.loads(line) for line in run.stdout.splitlines()]
    if len(found) != len(lines):
        sys.exit("score.py: %d answers to %d lines: %s" % (len(found), len(lines), run.stderr.decode(errors="replace")[:500]))
    return found


def same_code(expected, found, vague_ok=True):
    found = found or "-"
    if expected == found:
        return True
    # A detail that says nothing (X.0.0) is as good as none.
    return vague_ok and "-" in (expected, found) and (expected + found).endswith(".0.0")


def percent(good, all_):
    return 100.0 * good / all_ if all_ else 100.0


def miss(half, what, label, wanted, answer):
    if show == half:
        print("%s\t%s\twanted %s\tgot %s" % (what, label, wanted, answer), file=sys.stderr)


def score_lines(half):
    rows = [line.rstrip("\n").split("\t") for line in open(os.path.join(folder, half + ".tsv"), encoding="utf-8")][1:]
    picked = actions = refusals = reasons = reasoned = lone = lone_right = 0
    for (name, kind, reply, status, action, reason, text), answer in zip(rows, answers([unescape(row[6]) for row in rows])):
        answer = answer or {}
        right = same_code(reply, answer.get("reply"), False) and same_code(status, answer.get("enhanced"))
        picked += right
        if not right:
            miss(half, "pick", name, (reply, status), (answer.get("reply"), answer.get("enhanced"), text))
        if reply[:1] not in ("4", "5") and status[:1] not in ("4", "5"):
            continue
        if action != "-":
            refusals += 1
            actions += answer.get("action") == action
            if answer.get("action") != action:
                miss(half, "action", name, action, (answer.get("action"), text))
        if reason != "-":
            reasoned += 1
            reasons += answer.get("reason") == reason
            if answer.get("reason") != reason:
                miss(half, "reason", name, reason, (answer.get("reason"), text))
            if status == "-":
                lone += 1
                lone_right += answer.get("reason") == reason
    print("%s-lines %d" % (half, len(rows)))
    print("%s-pick %.2f" % (half, percent(picked, len(rows))))
    print("%s-action %.2f" % (half, percent(actions, refusals)))
    print("%s-reason %.2f" % (half, percent(reasons, reasoned)))
    print("%s-reason-basic-code-alone %.2f" % (half, percent(lone_right, lone)))


def score_bounces(half):
    base = os.path.join(folder, "bounces", half)
    expected = {}
    for line in open(os.path.join(base, "expected.tsv"), encoding="utf-8").read().splitlines()[1:]:
        file, recipient, status, reply, action, reason = line.split("\t")
        expected.setdefault(file, [])
        if recipient != "-":
            expected[file].append((recipient, status, reply, action, reason))
    good = actions = reasons = recipients = total = 0
    for file, wanted in sorted(expected.items()):
        run = subprocess.run([tool, "--jsonl", os.path.join(base, file)], capture_output=True)
        found = [json.loads(line) for line in run.stdout.splitlines()]
        found = [answer for answer in found if answer]
        total += max(1, len(wanted))
        if not wanted:
            good += not any(answer.get("recipient") for answer in found)
            if found:
                miss(half, "bounce", file, "no bounce", found[0])
            continue
        for recipient, status, reply, action, reason in wanted:
            recipients += 1
            answer = next((one for one in found if one.get("recipient") == recipient), {})
            right = same_code(status, answer.get("enhanced")) and same_code(reply, answer.get("reply"), False)
            good += right
            actions += answer.get("action") == action
            reasons += answer.get("reason") == reason
            if not right:
                miss(half, "bounce", file, (recipient, status, reply), answer or run.stderr.decode(errors="replace")[:200])
    print("%s-bounces %d" % (half, len(expected)))
    print("%s-bounce-status %.2f" % (half, percent(good, total)))
    print("%s-bounce-action %.2f" % (half, percent(actions, recipients)))
    print("%s-bounce-reason %.2f" % (half, percent(reasons, recipients)))


def false_alarms():
    lines = subprocess.run([sys.executable, os.path.join(folder, "other-logs.py")], capture_output=True, check=True).stdout.decode().splitlines()
    found = [(line, answer) for line, answer in zip(lines, answers(lines)) if answer]
    for line, answer in found[:40]:
        miss("rules", "alarm", line, "none", (answer.get("reply"), answer.get("enhanced")))
    print("false-alarms %.1f" % (10000.0 * len(found) / len(lines)))


for half in [options["--half"]] if "--half" in options else ("rules", "heldout"):
    score_lines(half)
    score_bounces(half)
false_alarms()
