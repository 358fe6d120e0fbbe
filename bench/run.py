#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measure the CPU time of the tool relative to minimal programs. usage: run.py BUILD [ROUNDS]

All programs run in turn on one core. The result for each program is its minimum CPU time (user and
system), because other load can only increase the time. Times depend on the machine, but their
ratios hardly do. The limits are goals, not tests.
"""
import dataclasses
import os
import random
import shutil
import subprocess
import sys
import tempfile

import trees

# Number of entries in a real machine's runtime map, and about a hundred times as many.
ENTRIES = 107
MANY_ENTRIES = 10000
# A map of this size fits into the setup_data that kexec can pass. For larger maps, verify also
# computes the remedies, which takes as long as the check itself.
LINEAR_ENTRIES = 5000
MANY = 1000
LOG_BYTES = 200 << 20


@dataclasses.dataclass
class Row:
    """A row of the table: two values, the limit for their ratio, and the unit."""
    name: str
    left: float
    right: float
    limit: float
    unit: str = 'ms'
    at_least: bool = False

    @property
    def value(self):
        """Return the ratio of the two values, or the first value if there is only one."""
        return self.left / self.right if self.right else self.left

    def show(self):
        """Print the row, and return whether the value is within its limit."""
        good = self.value >= self.limit if self.at_least else self.value <= self.limit
        right = f'{self.right:9.2f}' if self.right else f'{"":9}'
        print(f'{self.name:46} {self.left:9.2f} {right} {self.unit:3} {self.value:8.2f} '
              f'{">=" if self.at_least else "<="} {self.limit:6.2f}  {"ok" if good else "OVER"}')
        return good


def cpu_time(command, output='/dev/null'):
    """Run a command, write its output to a file, and return its CPU time in milliseconds."""
    null = [(os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
    pid = os.posix_spawn(command[0], command, {'LC_ALL': 'C'}, file_actions=null)
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f'{" ".join(command)}: exit status {os.waitstatus_to_exitcode(status)}')
    return (usage.ru_utime + usage.ru_stime) * 1e3


def race(commands, rounds, measure=cpu_time):
    """Return the minimum CPU time of each command over all rounds."""
    best = {name: float('inf') for name in commands}
    for _ in range(rounds):
        # The order of the commands is random, because each affects the caches for the next one.
        for name, command in random.sample(list(commands.items()), len(commands)):
            best[name] = min(best[name], measure(command))
    return best


class Bench:
    def __init__(self, build, where, rounds):
        self.build, self.where, self.rounds = build, where, rounds
        self.tool = os.path.join(build, 'src', 'cli', 'efimapctl')
        self.capture = trees.make(ENTRIES, os.path.join(where, 'tree'))

    def program(self, name, *arguments):
        return [os.path.join(self.build, 'bench', name), *arguments]

    def one_capture(self):
        ms = race({
            'floor': self.program('floor', self.capture),
            'kexec': self.program('kexec-loop', self.capture),
            'dump': [self.tool, 'dump', '--json', self.capture],
            'verify': [self.tool, 'verify', '--json', self.capture],
            'table': [self.tool, 'dump', self.capture],
            'version': [self.tool, '--version'],
            'true': ['/bin/true'],
        }, self.rounds)
        return [
            Row('dump --json / floor', ms['dump'], ms['floor'], 1.35),
            Row('verify --json / floor', ms['verify'], ms['floor'], 1.35),
            Row('kexec-tools\' way of reading / dump --json', ms['kexec'], ms['dump'], 0.95,
                at_least=True),
            Row('dump / dump --json', ms['table'], ms['dump'], 1.15),
            Row('--version / true', ms['version'], ms['true'], 1.50),
        ]

    def scale(self, count):
        """Return the CPU time per entry of efimap_verify() and efimap_compare(), in microseconds,
        for count entries."""
        done = subprocess.run(self.program('scale', str(count), str(100000 // count)),
                              check=True, capture_output=True, text=True)
        return [float(word) / 1e3 / count for word in done.stdout.split()]

    def many_entries(self):
        runs = [(self.scale(LINEAR_ENTRIES // 10), self.scale(LINEAR_ENTRIES))
                for _ in range(max(self.rounds // 40, 3))]
        few, many = ([min(both) for both in zip(*side)] for side in zip(*runs))
        return [Row(f'{what} an entry of 5,000 / of 500', many[i], few[i], 1.30, 'us')
                for i, what in enumerate(('verifying', 'comparing'))]

    def many_captures(self):
        tool = [self.tool, 'verify', '--json']
        ms = race({'few': [*tool, *[self.capture] * (MANY // 10)],
                   'many': [*tool, *[self.capture] * MANY]}, max(self.rounds // 25, 3))
        return [Row('verify a capture of 1,000 / of 100', ms['many'] / MANY,
                    ms['few'] / (MANY // 10), 1.10)]

    def snapshot(self):
        path = os.path.join(self.where, 'snapshot')
        tree = trees.make(MANY_ENTRIES, os.path.join(self.where, 'large'))
        cpu_time([self.tool, 'snapshot', tree], path)
        ms = race({'verify': [self.tool, 'verify', '--json', path],
                   'floor': self.program('json-floor', path)}, max(self.rounds // 20, 5))
        return [Row('verify a snapshot of 10,000 / bare jansson', ms['verify'], ms['floor'], 2.00),
                Row('verify a snapshot of 10,000', ms['verify'], 0, 60)]

    def log(self):
        path = os.path.join(self.where, 'log')
        boot = trees.boot_log()
        with open(path, 'w', encoding='ascii') as file:
            for _ in range(LOG_BYTES // len(boot)):
                file.write(boot)
        # Without this call, writeback of the file would run during the measurement.
        os.sync()
        # The output goes to a file, because grep stops at the first match if the output is
        # /dev/null.
        said = path + '.out'
        ms = race({'dump': [self.tool, 'dump', '--json', '--quiet', path],
                   'grep': [shutil.which('grep'), '-c', 'efi', path]},
                  max(self.rounds // 15, 3), lambda command: cpu_time(command, said))
        return [Row('dump of 200 MiB of boots / grep -c', ms['dump'], ms['grep'], 2.50)]


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    rounds = int(sys.argv[2]) if len(sys.argv) == 3 else 400
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as where:
        bench = Bench(os.path.abspath(sys.argv[1]), where, rounds)
        rows = [*bench.one_capture(), *bench.many_entries(), *bench.many_captures(),
                *bench.snapshot(), *bench.log()]
    print(f'{"least of many, one core":46} {"left":>9} {"right":>9} {"":3} {"value":>8}    '
          f'{"limit":>6}')
    good = [row.show() for row in rows]
    return 0 if all(good) else 1


if __name__ == '__main__':
    sys.exit(main())
