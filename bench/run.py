#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Time the tool against floors, as ratios of CPU time. usage: run.py BUILD [ROUNDS]

All programs run by turns on one core; what counts is the least user and system time of
each, because load from elsewhere only ever adds. Times belong to the machine, ratios
hardly do. The targets are aims, not tests.
"""
import dataclasses
import os
import shutil
import subprocess
import sys
import tempfile

import archives

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'tests', 'tools'))
import fixture  # noqa: E402 pylint: disable=wrong-import-position


def cpu_time(command, output='/dev/null'):
    """Run a command with its output thrown away; its CPU seconds."""
    null = [(os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
    pid = os.posix_spawn(command[0], command, {'LC_ALL': 'C'}, file_actions=null)
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f'{" ".join(command)}: exit status {os.waitstatus_to_exitcode(status)}')
    return usage.ru_utime + usage.ru_stime


def race(commands, rounds, measure=cpu_time):
    """The least time of each command."""
    best = {name: float('inf') for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            best[name] = min(best[name], measure(command))
    return best


def tree(count, where, only=None):
    """A capture with so many entries; 'map-only' leaves out all that is not the map."""
    dest = os.path.join(where, f'tree-{count}' + (f'-{only}' if only else ''))
    if os.path.exists(dest):
        return dest
    subprocess.run([sys.executable, os.path.join(HERE, 'make-tree.py'), str(count), dest],
                   check=True)
    if only:
        efi = os.path.join(dest, 'sys', 'firmware', 'efi')
        keep = os.path.join(where, 'keep')
        shutil.move(os.path.join(efi, 'runtime-map'), keep)
        shutil.rmtree(dest)
        os.makedirs(efi)
        shutil.move(keep, os.path.join(efi, 'runtime-map'))
    return dest


def commands(build, capture):
    """The programs that race over one capture."""
    tool = os.path.join(build, 'src', 'cli', 'efimapctl')
    return {
        'floor': [os.path.join(build, 'bench', 'floor'), capture],
        'judge': [os.path.join(build, 'bench', 'floor'), 'judge', capture],
        'kexec': [os.path.join(build, 'bench', 'kexec-loop'), capture],
        'dump': [tool, 'dump', '--json', capture],
        'verify': [tool, 'verify', '--json', capture],
        'encode': [tool, 'dump', '--format=efi-memmap', capture],
        'table': [tool, 'dump', capture],
        'compare': [tool, 'compare', capture, capture],
        'snapshot': [tool, 'snapshot', capture],
        'version': [tool, '--version'],
        'true': ['/bin/true'],
    }


# Sources of one run, where there are many.
MANY = 100


def measure_many(build, capture, rounds):
    """Many trees against reading them: a row."""
    tool = [os.path.join(build, 'src', 'cli', 'efimapctl'), 'verify', '--json']
    trees = [capture] * MANY
    cpu = race({'floor': [os.path.join(build, 'bench', 'floor'), *trees],
                'verify': [*tool, *trees]}, rounds)
    return ms(f'verify {MANY} trees of 107 / floor', cpu['verify'], cpu['floor'], 1.25, 1.10)


def judge(build, order):
    """CPU milliseconds of verify and of qsort for a million entries."""
    done = subprocess.run([os.path.join(build, 'bench', 'judge'), '1000000', '10', order],
                          check=True, capture_output=True, text=True)
    verify, sort, findings = done.stdout.split()
    return float(verify), float(sort), int(findings)


def compare(build):
    """CPU milliseconds of compare and of qsort for both of 100,000 entries a side."""
    done = subprocess.run([os.path.join(build, 'bench', 'compare'), '100000', '20'],
                          check=True, capture_output=True, text=True)
    ours, sort, _ = done.stdout.split()
    return float(ours), float(sort)


def watch(build, *command):
    """How many system calls it makes, and its private dirty KiB when it exits."""
    done = subprocess.run([os.path.join(build, 'bench', 'watch'), *command], check=True,
                          capture_output=True, text=True)
    return [int(word) for word in done.stdout.split()]


def log(where, name, repeats):
    """A kernel log of 200 MiB: one boot and other text, or the same boot over and over."""
    path = os.path.join(where, name)
    lines = fixture.load('real', 'ovmf-q35-6.1-efidebug-first').text('dmesg.txt') \
        .encode('ascii', 'replace').decode().splitlines(True)
    other = ''.join(line for line in lines if repeats or not any(
        word in line for word in ('efi', 'e820', 'Linux version')))
    with open(path, 'w', encoding='ascii', errors='replace') as file:
        file.write(''.join(lines))
        for _ in range((200 << 20) // len(other)):
            file.write(other)
    return path


def race_log(build, path, rounds):
    """The tool and grep, which stops at the first match if nobody reads what it says."""
    said = path + '.out'
    return race({
        'dump': [os.path.join(build, 'src', 'cli', 'efimapctl'), 'dump', '--json', '--quiet', path],
        'grep': [shutil.which('grep'), '-c', 'efi: mem', path],
    }, rounds, lambda command: cpu_time(command, said))


def measure_memory(build, where):
    """System calls and memory of dumps: rows of the table."""
    tool = os.path.join(build, 'src', 'cli', 'efimapctl')
    # Pages of a program that was just built are not yet clean.
    os.sync()
    calls, dirty = watch(build, tool, 'dump', '--json', tree(107, where, 'map-only'))
    floor_calls, floor_dirty = watch(build, os.path.join(build, 'bench', 'floor'),
                                     os.path.join(where, 'tree-107-map-only'))
    few, many = (watch(build, tool, 'dump', '--json', tree(count, where))[1]
                 for count in (1000, 10000))
    return [
        Row('system calls of dump of 107', '', calls, floor_calls, 1720, 1660, calls),
        Row('private dirty memory of dump of 107', 'KiB', dirty, floor_dirty, 200, 140,
            dirty),
        Row('memory per entry, 1,000 to 10,000', 'B', many, few, 128, 64,
            (many - few) * 1024 / 9000),
    ]


@dataclasses.dataclass
class Row:
    """A line of the table: two figures, what they make, its limit and its aim."""
    name: str
    unit: str
    left: float
    right: float
    limit: float
    aim: float
    value: float = None

    def __post_init__(self):
        if self.value is None:
            self.value = self.left / self.right

    def show(self):
        """Print it; is it within its limit?"""
        good = self.value <= self.limit
        name = f'{self.name}, {self.unit}' if self.unit else self.name
        print(f'{name:42} {self.left:9.2f} {self.right:9.2f} {self.value:8.2f} '
              f'{self.limit:8.2f} {self.aim:8.2f}  {"ok" if good else "OVER"}')
        return good


def measure_snapshot(build, where, rounds):
    """Judging a snapshot of 10,000 entries against a parser that does nothing with it: a row."""
    tool = os.path.join(build, 'src', 'cli', 'efimapctl')
    path = os.path.join(where, 'snapshot')
    cpu_time([tool, 'snapshot', tree(10000, where)], path)
    best = race({'verify': [tool, 'verify', '--json', path],
                 'floor': [os.path.join(build, 'bench', 'json-floor'), path]}, rounds)
    return ms('verify a snapshot of 10,000 / bare yajl', best['verify'], best['floor'], 5.00, 3.00)


def measure_archives(build, where):
    """Importing a report against tar -tf of it: rows, none without the importer."""
    importer = os.path.join(build, 'importers', 'import-archive')
    if not os.path.exists(importer):
        print('no libarchive, so no import-archive to time')
        return []
    best = race(archives.commands(importer, archives.make(where, tree(107, where))), 7)
    return [ms(f'import of a 100 MB report, {name} / tar -tf', best[f'import {name}'],
               best[f'tar {name}'], 1.20, 1.00) for name in ('gz', 'xz')]


def ms(name, left, right, limit, aim):
    """A row of CPU times, which come in seconds."""
    return Row(name, 'ms', left * 1e3, right * 1e3, limit, aim)


def main():
    """Make the trees, race, print the table."""
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    build = os.path.abspath(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) == 3 else 400
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as where:
        memory = measure_memory(build, where)
        small = race(commands(build, tree(107, where)), rounds)
        packed = measure_archives(build, where)
        many = measure_many(build, tree(107, where), max(rounds // 10, 5))
        large = race(commands(build, tree(10000, where)), max(rounds // 20, 5))
        document = measure_snapshot(build, where, max(rounds // 20, 5))
        noisy = race_log(build, log(where, 'noisy', False), max(rounds // 40, 3))
        boots = race_log(build, log(where, 'boots', True), max(rounds // 40, 3))
    shuffled, in_order = judge(build, 'shuffled'), judge(build, 'sorted')
    matched = compare(build)
    rows = [
        ms('dump --json of 107 / floor', small['dump'], small['floor'], 1.30, 1.08),
        ms('dump --json of 107 / kexec-tools\' loop', small['dump'], small['kexec'],
           1 / 1.12, 1 / 1.40),
        ms('verify --json of 107 / floor', small['verify'], small['floor'], 1.30, 1.08),
        ms('all rules on 107 / overlap, coverage', small['verify'], small['judge'],
           1.30, 1.15),
        ms('dump --json of 10,000 / floor', large['dump'], large['floor'], 1.25, 1.05),
        Row('judge 1,000,000 shuffled / qsort', 'ms', *shuffled[:2], 1.00, 0.20),
        Row('judge 1,000,000 descending / qsort', 'ms', *in_order[:2], 1.00, 0.20),
        Row('compare 2 x 100,000 / qsort of both', 'ms', *matched, 2.00, 1.00),
        ms('dump efi-memmap of 107 / dump of 107', small['encode'], small['table'], 1.00,
           1.00),
        ms('compare 2 x 107 / snapshot of both', small['compare'], 2 * small['snapshot'],
           1.00, 1.00),
        ms('--version / true', small['version'], small['true'], 1.30, 0.85),
        document,
        *packed,
        many,
        ms('dump of a 200 MiB log / grep -c', noisy['dump'], noisy['grep'], 1.30, 0.80),
        ms('dump of 200 MiB of boots / grep -c', boots['dump'], boots['grep'], 1.60, 1.30),
        *memory,
    ]
    print(f'{"least of many, one core":42} {"left":>9} {"right":>9} {"value":>8} '
          f'{"limit":>8} {"aim":>8}')
    good = [row.show() for row in rows]
    return 0 if all(good) else 1


if __name__ == '__main__':
    sys.exit(main())
