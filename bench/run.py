#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measure CPU time and memory of the tool relative to minimal programs.

usage: run.py EFIMAPCTL FLOOR [ROUNDS]

All programs run in turn on one core. The result for each program is its minimum CPU time (user and
system), because other load can only increase the time. Times depend on the machine, but their
ratios hardly do. The limits are goals, not tests.
"""
import fcntl
import os
import random
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'tests', 'tools'))
import fixture  # noqa: E402 pylint: disable=wrong-import-position

# A capture with 100 entries, and a kernel log of 60 KiB
CAPTURE = 'ovmf-q35-6.1-efidebug-first'
FEW, MANY = 1000, 10000
FEW_SOURCES, MANY_SOURCES = 100, 1000
# Size of each runtime region in the logs with FEW and MANY regions
REGION = 0x4000
FIRST = 0x40000000


def cpu_time(command):
    """Run a command without its output, and return its CPU time in milliseconds."""
    null = [(os.POSIX_SPAWN_OPEN, fd, '/dev/null', os.O_WRONLY, 0) for fd in (1, 2)]
    pid = os.posix_spawn(command[0], command, {'LC_ALL': 'C'}, file_actions=null)
    _, status, usage = os.wait4(pid, 0)
    # For the logs of write_log(), verify exits with status 4, because they show no EFI tables.
    if os.waitstatus_to_exitcode(status) not in (0, 1, 4):
        sys.exit(f'{" ".join(command)}: exit status {os.waitstatus_to_exitcode(status)}')
    return (usage.ru_utime + usage.ru_stime) * 1e3


def race(rounds, commands):
    """Return the minimum CPU time of each command over all rounds."""
    best = {name: float('inf') for name in commands}
    for _ in range(rounds):
        # The order is random, because each command affects the caches for the next command.
        for name, command in random.sample(list(commands.items()), len(commands)):
            best[name] = min(best[name], cpu_time(command))
    return best


def proc(process, name):
    with open(f'/proc/{process.pid}/{name}', encoding='ascii') as file:
        return file.read()


def private_memory(command):
    """Return the private memory of a command at its first write, in KiB."""
    output, full = os.pipe()
    size = fcntl.fcntl(full, fcntl.F_GETPIPE_SZ)
    os.write(full, bytes(size))
    # The pipe is full, so the command sleeps at its first write.
    with subprocess.Popen(command, stdout=full, stderr=subprocess.DEVNULL) as process:
        os.close(full)
        while (state := proc(process, 'stat').rsplit(') ', 1)[1][0]) != 'S':
            if state == 'Z':
                sys.exit(f'{command[0]}: no output')
            time.sleep(0.001)
        kib = re.search(r'^Private_Dirty: +(\d+) kB$', proc(process, 'smaps_rollup'), re.M)[1]
        with os.fdopen(output, 'rb') as file:
            file.read()
    return int(kib)


def opened(command, capture):
    """Return the paths below a capture that a command opens, whether they exist or not."""
    done = subprocess.run(['strace', '-y', '-e', 'trace=openat,openat2', *command], check=False,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    found = []
    for place, name in re.findall(r'^openat2?\(\d+<([^>]*)>, "([^"]+)"', done.stderr, re.M):
        # As root, the tool opens files below a clone of the mount, whose path is "/".
        found.append(os.path.join(place.removeprefix(capture).strip('/'), name))
    if len(found) < 500:
        sys.exit(f'strace shows only {len(found)} files:\n{done.stderr}')
    return found


def write_log(path, count):
    """Write the kernel log of a machine with count runtime regions."""
    end = FIRST + count * REGION
    lines = ['Linux version 6.1.0-56-amd64', 'Command line: efi=debug',
             'BIOS-provided physical RAM map:',
             f'BIOS-e820: [mem {0:#018x}-{FIRST - 1:#018x}] usable',
             f'BIOS-e820: [mem {FIRST:#018x}-{end - 1:#018x}] reserved', 'efi: EFI v2.70 by EDK II']
    for i in range(count):
        first = FIRST + i * REGION
        name = 'Runtime Code' if i % 8 == 0 else 'Runtime Data'
        lines.append(f'efi: mem{i:02d}: [{name}|RUN|  |  |  |  |  |  |  |  |   |WB|WT|WC|UC] '
                     f'range=[{first:#018x}-{first + REGION - 1:#018x}] (0MB)')
    # A log that ends in the EFI memory map may be incomplete, and compare does not read it.
    lines.append('SMBIOS 3.0.0 present.')
    with open(path, 'w', encoding='ascii') as file:
        file.writelines(f'[    0.000000] {line}\n' for line in lines)
    return path


def measure(tool, floor, where, rounds):
    """Yield rows: name, two values, their unit, and the limit of their ratio."""
    capture = fixture.real(CAPTURE)
    json = {name: [tool, name, '--json', capture] for name in ('dump', 'verify')}
    floor = [floor, capture, *opened(json['verify'], capture)]
    ms = race(rounds, {'floor': floor, 'dump': json['dump'], 'verify': json['verify'],
                       'dump text': [tool, 'dump', capture],
                       'verify text': [tool, 'verify', capture],
                       'version': [tool, '--version'], 'true': ['/bin/true']})
    # The dynamic loader takes time that the checks do not need.
    with open(tool, 'rb') as file:
        limit = 1.45 if b'libjansson.so' in file.read() else 1.35
    for name in ('dump', 'verify'):
        yield f'{name} --json / floor', ms[name], ms['floor'], 'ms', limit
    for name in ('dump', 'verify'):
        yield f'{name} / {name} --json', ms[f'{name} text'], ms[name], 'ms', 1.15
    yield '--version / true', ms['version'], ms['true'], 'ms', 1.30
    few, many = (write_log(os.path.join(where, str(count)), count) for count in (FEW, MANY))
    ms = race(max(rounds // 10, 5), {
        'verify few': [tool, 'verify', '--json', few],
        'verify many': [tool, 'verify', '--json', many],
        'compare few': [tool, 'compare', '--json', few, few],
        'compare many': [tool, 'compare', '--json', many, many]})
    for name in ('verify', 'compare'):
        yield (f'{name} an entry of {MANY:,} / of {FEW:,}', ms[f'{name} many'] * 1e3 / MANY,
               ms[f'{name} few'] * 1e3 / FEW, 'us', 1.30)
    ms = race(max(rounds // 50, 3), {
        count: [tool, 'verify', '--json', *[capture] * count]
        for count in (FEW_SOURCES, MANY_SOURCES)})
    yield (f'verify a source of {MANY_SOURCES:,} / of {FEW_SOURCES}',
           ms[MANY_SOURCES] / MANY_SOURCES, ms[FEW_SOURCES] / FEW_SOURCES, 'ms', 1.10)
    # Write the linked programs to the disk, because unwritten pages count as private memory.
    os.sync()
    for name in ('dump', 'verify'):
        yield (f'private memory of {name} / of floor', private_memory(json[name]),
               private_memory(floor), 'KiB', 1.70)


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    tool, floor = map(os.path.abspath, sys.argv[1:3])
    rounds = int(sys.argv[3]) if len(sys.argv) == 4 else 400
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    over = 0
    with tempfile.TemporaryDirectory() as where:
        for name, left, right, unit, limit in measure(tool, floor, where, rounds):
            over += left / right > limit
            print(f'{name:40} {left:8.2f} {right:8.2f} {unit:3} {left / right:6.2f} <= {limit:.2f}'
                  f'  {"OVER" if left / right > limit else "ok"}', flush=True)
    return 1 if over else 0


if __name__ == '__main__':
    sys.exit(main())
