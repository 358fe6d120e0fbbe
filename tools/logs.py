#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Count efimapctl's results for many kernel logs. usage: logs.py EFIMAPCTL PAGE FILE...

The script updates docs/logs.md (PAGE) between its two marks. It counts the logs by verdict, outcome
and status of "efimapctl verify" and by the loader that "efimapctl received" found. For each rule,
it counts the logs with a finding, and computes the share of the healthy logs with a finding. Logs
that could be checked and have no error are assumed to be healthy. Other people's logs are not part
of the project, so the page names no log.
"""
import collections
import json
import subprocess
import sys

BEGIN, END = '<!-- written by tools/logs.py: begin -->', '<!-- written by tools/logs.py: end -->'


def ask(tool, *words):
    """Return the JSON document of a command, and its exit status."""
    done = subprocess.run([tool, *words], capture_output=True, check=False, timeout=120)
    return (json.loads(done.stdout) if done.stdout else None), done.returncode


class Counts:
    def __init__(self):
        self.outcomes = collections.Counter()
        self.rules = collections.Counter()
        self.healthy_rules = collections.Counter()
        self.checked = self.healthy = 0

    def add(self, tool, path):
        report, status = ask(tool, 'verify', '-J', path)
        received, _ = ask(tool, 'received', '-J', path)
        if report is None or received is None:
            self.outcomes['not read', '', status, ''] += 1
            return
        loader = received['loader'] if received['verdict'] == 'received' else ''
        self.outcomes[report['verdict'], report['outcome'], status, loader] += 1
        found = {(finding['rule'], finding['severity']) for finding in report['findings']}
        self.rules.update(found)
        if report['verdict'] == 'not-applicable':
            return
        self.checked += 1
        if not report['counts']['error']:
            self.healthy += 1
            self.healthy_rules.update(found)

    def text(self, count):
        rows = [BEGIN, '', f'{count} logs. {self.checked} of them are from kernels with EFI, '
                f'and {self.healthy} of these have no error.', '',
                '| verdict | outcome | status | loader | logs |', '|---|---|--:|---|--:|']
        rows += [f'| {verdict} | {f"`{outcome}`" if outcome else ""} | {status} | '
                 f'{loader or ""} | {number} |'
                 for (verdict, outcome, status, loader), number in self.outcomes.most_common()]
        rows += ['', f'| rule | severity | logs | share of the {self.healthy} logs without an '
                 'error |', '|---|---|--:|--:|']
        rows += [f'| {rule} | {severity} | {number} | '
                 f'{self.healthy_rules[rule, severity] / self.healthy:.0%} |'
                 for (rule, severity), number in self.rules.most_common()]
        return '\n'.join([*rows, '', END])


def main(argv):
    if len(argv) < 4:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    counts = Counts()
    for path in sorted(argv[3:]):
        counts.add(argv[1], path)
    with open(argv[2], encoding='utf-8') as file:
        before, rest = file.read().split(BEGIN)
    with open(argv[2], 'w', encoding='utf-8') as file:
        file.write(before + counts.text(len(argv) - 3) + rest.split(END)[1])
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
