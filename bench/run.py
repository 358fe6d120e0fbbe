#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Print the CPU time of the tool relative to minimal programs.

usage: run.py EFIMAPCTL

All programs run in turn on one core. The result for each program is its minimum CPU time (user and
system), because other load can only increase the time. Times depend on the machine, but their
ratios hardly do. The status tells nothing about the speed.
"""
import os
import random
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'tests', 'tools'))
import fixture  # noqa: E402 pylint: disable=wrong-import-position

# A capture with 100 entries, and a kernel log of 60 KiB
CAPTURE = 'ovmf-q35-6.1-efidebug-first'


def cpu_time(command):
    """Run a command without its output, and return its CPU time in milliseconds."""
    null = [(os.POSIX_SPAWN_OPEN, fd, '/dev/null', os.O_WRONLY, 0) for fd in (1, 2)]
    pid = os.posix_spawn(command[0], command, {'LC_ALL': 'C'}, file_actions=null)
    _, status, usage = os.wait4(pid, 0)
    # verify exits with 1 or 4 if an answer is bad or unknown.
    if os.waitstatus_to_exitcode(status) not in (0, 1, 4):
        sys.exit(f'{" ".join(command[:4])}: exit status {os.waitstatus_to_exitcode(status)}')
    return (usage.ru_utime + usage.ru_stime) * 1e3


def race(rounds, commands):
    """Return the minimum CPU time of each command over all rounds."""
    best = {name: float('inf') for name in commands}
    for _ in range(rounds):
        # The order is random, because each command affects the caches for the next command.
        for name, command in random.sample(list(commands.items()), len(commands)):
            best[name] = min(best[name], cpu_time(command))
    return best


def compile_floor(place, *libraries):
    """Compile floor.c, linked with libraries that it does not use, and return its path."""
    subprocess.run(['cc', '-O2', '-Wall', '-Werror', '-o', place, os.path.join(HERE, 'floor.c'),
                    '-Wl,--no-as-needed', *(f'-l:{name}' for name in libraries)], check=True)
    return place


def opened(command, capture):
    """Return the paths below a capture that a command opens, whether they exist or not."""
    done = subprocess.run(['strace', '-y', '-e', 'trace=openat,openat2', *command], check=False,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    # As root, the tool opens files below a clone of the mount, whose path is "/".
    found = [os.path.join(place.removeprefix(capture).strip('/'), name) for place, name in
             re.findall(r'^openat2?\(\d+<([^>]*)>, "([^"]+)"', done.stderr, re.M)]
    if len(found) < 500:
        sys.exit(f'strace shows only {len(found)} files:\n{done.stderr}')
    return found


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    tool = os.path.abspath(sys.argv[1])
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as where:
        linked = subprocess.run(['readelf', '-d', tool], capture_output=True, text=True, check=True)
        floor = compile_floor(os.path.join(where, 'floor'))
        empty = compile_floor(os.path.join(where, 'empty'),
                              *re.findall(r'\(NEEDED\).*\[(.*)\]', linked.stdout))
        capture, snapshot = fixture.real(CAPTURE), os.path.join(where, 'snapshot')
        subprocess.run([tool, 'snapshot', '-O', snapshot, capture], check=True)
        some = '100 snapshots'
        dump = [tool, 'dump', '--json', capture]
        ms = race(400, {
            'empty program': [empty], '--version': [tool, '--version'],
            'verify': [tool, 'verify', capture],
            'floor': [floor, capture, *opened(dump, capture)], 'dump --json': dump})
        ms |= race(20, {
            f'floor of {some}': [floor, where, *[snapshot] * 100],
            f'verify --json of {some}': [tool, 'verify', '--json', *[snapshot] * 100]})
    for name, base in (('--version', 'empty program'), ('verify', 'empty program'),
                       ('dump --json', 'floor'),
                       (f'verify --json of {some}', f'floor of {some}')):
        print(f'{name + " : " + base:55}{ms[name]:8.2f}{ms[base]:8.2f} ms {ms[name] / ms[base]:6.2f}')


if __name__ == '__main__':
    main()
