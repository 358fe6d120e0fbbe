#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A link that takes the place of what was looked at is replaced, never followed.

usage: links.py EFIMAPCTL FIXTURES

In a directory that all may write to, with the sticky bit, somebody else's file and link to a
file of ours change places all the time, while the tool writes to one of them. Needs root, to make
things that are somebody else's; what such links do at rest is in cases, output-link-*.
"""
import ctypes
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

EFIMAPCTL, CAPTURE = sys.argv[1], pathlib.Path(sys.argv[2]) / 'real' / 'real-003'
SOMEBODY = 12345
AT_FDCWD, RENAME_EXCHANGE = -100, 2
RUNS = 150


def link_to(target, path):
    """A link of somebody else, in the place of what is there."""
    new = f'{path}.new'
    os.symlink(target, new)
    os.lchown(new, SOMEBODY, SOMEBODY)
    os.rename(new, path)


def swap(one, other, done):
    """Let two names change places until it is enough."""
    renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    paths = [os.fsencode(path) for path in (one, other)]
    while not done.is_set():
        if renameat2(AT_FDCWD, paths[0], AT_FDCWD, paths[1], RENAME_EXCHANGE):
            done.set()


def run(temp):
    """What is wrong with the tool's writing while somebody else changes names."""
    sticky, victim = temp / 'sticky', temp / 'victim'
    one, other = sticky / 'out', sticky / 'other'
    sticky.mkdir()
    sticky.chmod(0o1777)
    victim.write_text('precious', encoding='ascii')
    one.touch()
    os.chown(one, SOMEBODY, SOMEBODY)
    link_to(victim, other)
    done = threading.Event()
    attacker = threading.Thread(target=swap, args=(one, other, done))
    attacker.start()
    try:
        for _ in range(RUNS):
            status = subprocess.run([EFIMAPCTL, 'dump', '--raw', '-O', one, CAPTURE], check=False,
                                    stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                    timeout=1200).returncode
            if victim.read_text(encoding='ascii') != 'precious':
                yield 'it wrote to what somebody else chose'
                return
            if status not in (0, 3):
                yield f'status {status}'
            # A file of ours has replaced one of the two: both, and there is no link left.
            if not one.is_symlink() and not other.is_symlink():
                link_to(victim, other)
    finally:
        done.set()
        attacker.join()


def main():
    if os.geteuid() != 0:
        print('skipped: needs root')
        return 77
    with tempfile.TemporaryDirectory() as temp:
        wrong = list(run(pathlib.Path(temp)))
    print('\n'.join(wrong) or f'{RUNS} runs, and no link was followed')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
