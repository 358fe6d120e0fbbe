#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare predicted segments with the segments in logs of real loads.

usage: placed-logs.py PLACED-SEGMENTS FIXTURES

Real captures contain logs of kexec. The prediction uses the sizes of the kernel and the initrd and
the length of the command line from the log, and must result in the logged addresses.
"""
import pathlib
import sys

from placement import Computing, Log, Tally

WORDS = {'kexec-memmax.log': {'mem_max': 0x50000000}}
# efimapctl does not predict the segments of a 32-bit kernel.
NOT_COMPUTED = ('ovmf32-q35-6.1-i386-first',)


def main():
    program, fixtures = sys.argv[1:]
    tally = Tally()
    with Computing(program) as computing:
        for path in sorted(pathlib.Path(fixtures).glob('real/*-first/*.log')):
            log = Log(path.read_text(encoding='utf-8', errors='replace'))
            words = log.words | WORDS.get(path.name, {}) | {'cpus': 1}
            reason, _, computed = computing.place(path.parent, **words)
            name = f'{path.parent.name}/{path.name}'
            if path.parent.name in NOT_COMPUTED:
                assert reason, name
                continue
            print(f'{name}: {len(log.segments)} segments {reason}')
            tally.add(name, log.segments, computed)
    print(tally, *tally.wrong, sep='\n')
    return 1 if tally.wrong or tally.loads < 13 or tally.exact < 73 else 0


if __name__ == '__main__':
    sys.exit(main())
