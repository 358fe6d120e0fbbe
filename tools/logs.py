#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write a table of efimapctl's results for many kernel logs. usage: logs.py EFIMAPCTL PAGE FILE...

The script updates docs/logs.md (PAGE) between its two marks: a row for each FILE, and for each rule
how often it matched and on which share of the logs without an error, which are assumed to be
healthy. The logs are public ones from other people and are not part of the project. The part of a
file name before "@" is the public repository that has it.
"""
import collections
import json
import os
import re
import subprocess
import sys

BEGIN, END = '<!-- written by tools/logs.py: begin -->', '<!-- written by tools/logs.py: end -->'


def ask(tool, *words):
    """Return the JSON document of a command, and its exit status."""
    done = subprocess.run([tool, *words], capture_output=True, check=False, timeout=120)
    return (json.loads(done.stdout) if done.stdout else None), done.returncode


def name_of(path):
    """Return repository and file from the name of a log."""
    name = os.path.basename(path).replace('~', '/').replace('+', '/', 1)
    return name.replace('@', ': ', 1).replace('|', '/')


def release_of(path):
    """Return the kernel release that the log names."""
    with open(path, 'rb') as file:
        found = re.search(rb'Linux version (\S+)', file.read())
    return found[1].decode('ascii', 'replace') if found else ''


def row_of(tool, path, rules):
    """Return a line of the table, whether the log was verified, and its findings if none is an
    error."""
    report, status = ask(tool, 'verify', '-J', path)
    receipt, _ = ask(tool, 'received', '-J', path)
    if report is None or receipt is None:
        return f'| {name_of(path)} | {release_of(path)} | not read | | {status} | | |', False, set()
    said = {(f['severity'], f['rule']) for f in report['findings']}
    rules.update(said)
    started = receipt['loader'] if receipt['verdict'] == 'received' else \
        receipt['answer'].removeprefix('This kernel: ').split(',')[0].split(':')[0].rstrip('.')
    words = ', '.join(f'{rule} ({severity})' for severity, rule in sorted(said))
    return (f'| {name_of(path)} | {release_of(path)} | {report["verdict"]} | '
            f'`{report["outcome"]}` | {status} | {started} | {words} |',
            report['verdict'] != 'not-applicable',
            set() if report['counts']['error'] else said)


def main(argv):
    """Update the page."""
    if len(argv) < 4:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    tool, page, paths = argv[1], argv[2], sorted(argv[3:])
    rules, of_healthy, rows, judged, failed = collections.Counter(), collections.Counter(), [], 0, 0
    for path in paths:
        row, is_judged, said = row_of(tool, path, rules)
        of_healthy.update(said)
        rows.append(row)
        judged += is_judged
        failed += '| fail |' in row
    healthy = judged - failed
    text = [BEGIN, '', f'{len(paths)} logs, {judged} of them of kernels with EFI or with findings.',
            '', f'| rule | severity | logs | of {healthy} judged without an error |',
            '|---|---|--:|--:|',
            *(f'| {rule} | {severity} | {count} | '
              f'{of_healthy[severity, rule] / healthy:.0%} |'
              for (severity, rule), count in sorted(rules.items())),
            '', '| log | kernel | verdict | outcome | status | who started it | findings |',
            '|---|---|---|---|---|---|---|', *rows, '', END]
    with open(page, encoding='utf-8') as file:
        before, rest = file.read().split(BEGIN)
    with open(page, 'w', encoding='utf-8') as file:
        file.write(before + '\n'.join(text) + rest.split(END)[1])
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
