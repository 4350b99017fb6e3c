#!/usr/bin/env python3
"""show.py: how `smtpd-lite show` takes a large mbox: the first message, all of it, and the peak of memory.

    Benchmarks/show.py [--rounds N] [--size MiB] SMTPD-LITE

Prints a table with medians. The mbox is the same in each run: messages of 5 to 300 lines, and one of 8 MiB.
"""
import argparse
import os
import random
import statistics
import subprocess
import tempfile
import time


def write_mbox(path, size):
    chance = random.Random(1)
    number = 0
    with open(path, 'wb') as mbox:
        while mbox.tell() < size:
            lines = 180_000 if number == 100 else chance.choice([5, 40, 300])
            number += 1
            mbox.write(b'From joe@example.org Sun Nov 22 15:00:00 2026\nReturn-Path: <joe@example.org>\n'
                       b'From: Joe <joe@example.org>\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= %d\n\n' % number)
            mbox.write(b''.join(b'line %d of the body, with some words in it\n' % line for line in range(lines)) + b'\n')
    return number


def run(words, report):
    # time(1) is small: the memory of this process would be counted for the child's.
    start = time.monotonic()
    process = subprocess.Popen(['time', '-f', '%U %S %M', '-o', report] + words, stdout=subprocess.PIPE)
    first = None
    while piece := process.stdout.read1(1 << 20):
        first = first or time.monotonic() - start
    if process.wait() != 0:
        raise SystemExit(f'show.py: {words} ended with status {process.returncode}')
    with open(report) as figures:
        user, system, peak = figures.read().split()
    return first * 1e3, float(user) + float(system), int(peak) / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--size', type=int, default=100)
    parser.add_argument('tool')
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'mbox')
        count = write_mbox(path, options.size << 20)
        rounds = [run([options.tool, 'show', path], os.path.join(folder, 'report')) for _ in range(options.rounds)]
    first, cpu, peak = (statistics.median(column) for column in zip(*rounds))
    print(f'### smtpd-lite show: an mbox of {options.size} MiB with {count} messages\n')
    print('| | goal | reached |\n|---|---|---|')
    print(f'| first output, ms | 100 | {first:.0f} |\n| peak, MiB | 32 | {peak:.1f} |\n| CPU, s | | {cpu:.1f} |')


main()
