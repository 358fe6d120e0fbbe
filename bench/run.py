#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Time the tool against floors, as ratios of CPU time. usage: run.py BUILD [ROUNDS]

All programs run by turns on one core; what counts is the least user and system time of
each, because load from elsewhere only ever adds. Times belong to the machine, ratios
hardly do. The targets are aims, not tests.
"""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def cpu_time(command):
    """Run a command with its output thrown away; its CPU seconds."""
    null = [(os.POSIX_SPAWN_OPEN, 1, '/dev/null', os.O_WRONLY, 0)]
    pid = os.posix_spawn(command[0], command, {'LC_ALL': 'C'}, file_actions=null)
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f'{" ".join(command)}: exit status {os.waitstatus_to_exitcode(status)}')
    return usage.ru_utime + usage.ru_stime


def race(commands, rounds):
    """The least CPU time of each command."""
    best = {name: float('inf') for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            best[name] = min(best[name], cpu_time(command))
    return best


def tree(count, where):
    """A capture with so many entries."""
    dest = os.path.join(where, f'tree-{count}')
    subprocess.run([sys.executable, os.path.join(HERE, 'make-tree.py'), str(count), dest],
                   check=True)
    return dest


def commands(build, capture):
    """The programs that race over one capture."""
    tool = os.path.join(build, 'src', 'cli', 'efimapctl')
    return {
        'floor': [os.path.join(build, 'bench', 'floor'), capture],
        'kexec': [os.path.join(build, 'bench', 'kexec-loop'), capture],
        'dump': [tool, 'dump', '--json', capture],
        'verify': [tool, 'verify', '--json', capture],
        'encode': [tool, 'dump', '--format=efi-memmap', capture],
        'table': [tool, 'dump', capture],
        'compare': [tool, 'compare', capture, capture],
        'snapshot': [tool, 'snapshot', capture],
        'version': [tool, '--version'],
    }


def judge(build, order):
    """CPU milliseconds of verify and of qsort for a million entries."""
    done = subprocess.run([os.path.join(build, 'bench', 'judge'), '1000000', '3', order],
                          check=True, capture_output=True, text=True)
    verify, sort, findings = done.stdout.split()
    return float(verify), float(sort), int(findings)


def compare(build):
    """CPU milliseconds of compare and of qsort for both of 100,000 entries a side."""
    done = subprocess.run([os.path.join(build, 'bench', 'compare'), '100000', '5'],
                          check=True, capture_output=True, text=True)
    ours, sort, _ = done.stdout.split()
    return float(ours), float(sort)


def row(name, left, right, limit, aim):
    """One line of the table; times in milliseconds."""
    ratio = left / right
    verdict = 'ok' if ratio <= limit else 'OVER'
    print(f'{name:38} {left:10.3f} {right:10.3f} {ratio:7.2f} {limit:7.2f} {aim:6.2f}  '
          f'{verdict}')
    return ratio <= limit


def main():
    """Make the trees, race, print the table."""
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    build = os.path.abspath(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) == 3 else 400
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as where:
        small = race(commands(build, tree(107, where)), rounds)
        large = race(commands(build, tree(10000, where)), max(rounds // 20, 5))
    shuffled, in_order = judge(build, 'shuffled'), judge(build, 'sorted')
    matched = compare(build)
    print(f'{"CPU time, least of many, one core":38} {"left ms":>10} {"right ms":>10} '
          f'{"ratio":>7} {"limit":>7} {"aim":>6}')
    ok = [
        row('dump --json of 107 / floor', small['dump'] * 1e3, small['floor'] * 1e3, 1.30,
            1.08),
        row('verify --json of 107 / floor', small['verify'] * 1e3, small['floor'] * 1e3,
            1.30, 1.08),
        row('dump --json of 107 / kexec loop', small['dump'] * 1e3, small['kexec'] * 1e3,
            1.00, 0.75),
        row('dump efi-memmap of 107 / dump of 107', small['encode'] * 1e3,
            small['table'] * 1e3, 1.00, 1.00),
        row('compare 2 x 107 / snapshot of both', small['compare'] * 1e3,
            2 * small['snapshot'] * 1e3, 1.00, 1.00),
        row('dump --json of 10,000 / floor', large['dump'] * 1e3, large['floor'] * 1e3,
            1.30, 1.08),
        row('judge 1,000,000 shuffled / qsort', shuffled[0], shuffled[1], 3.00, 0.20),
        row('judge 1,000,000 in order / qsort', in_order[0], in_order[1], 3.00, 0.20),
        row('compare 2 x 100,000 / qsort of both', matched[0], matched[1], 3.00, 2.00),
    ]
    print(f'start of the tool (--version): {small["version"] * 1e3:.3f} ms; '
          f'findings of judge: {shuffled[2]} shuffled, {in_order[2]} in order')
    return 0 if all(ok) else 1


if __name__ == '__main__':
    sys.exit(main())
