#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare the segments that are computed for a capture with those that the loader logged there.

usage: placed-logs.py PLACED-SEGMENTS FIXTURES

Each real capture with a log of kexec counts. What the log says of the load (sizes of kernel and
initrd, length of the command line) is given to the computation; the addresses must come out.
"""
import pathlib
import sys

from placement import Computing, Log, Tally

# What a log does not say: how kexec was called
WORDS = {'kexec-memmax.log': {'mem_max': 0x50000000}}
# A 32-bit kernel is not computed.
NOT_COMPUTED = ('ovmf32-q35-6.1-i386-first',)


def main():
    """Exit status 1 when a segment lies elsewhere, or too little was compared."""
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
