#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that the tool never writes to another user's file, and never follows another user's link.

usage: links.py EFIMAPCTL FIXTURES

The output file is in a world-writable directory with the sticky bit. While the tool writes to this
file, the test continuously exchanges the names of another user's file and of that user's link to a
file of the tool's user. The test also exchanges a FIFO of the tool's user with another user's FIFO
or with a link to that FIFO. The test requires root, to create files of another user. The cases
output-link-* test links that do not change.
"""
import contextlib
import ctypes
import os
import pathlib
import select
import subprocess
import sys
import tempfile
import threading

EFIMAPCTL, CAPTURE = sys.argv[1], pathlib.Path(sys.argv[2]) / 'real' / 'real-003'
SOMEBODY = 12345
AT_FDCWD, RENAME_EXCHANGE = -100, 2
RUNS = 50


def link_to(target, path):
    """Atomically replace path with another user's link to target."""
    new = f'{path}.new'
    os.symlink(target, new)
    os.lchown(new, SOMEBODY, SOMEBODY)
    os.rename(new, path)


@contextlib.contextmanager
def swapped(one, other):
    renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    paths = [os.fsencode(path) for path in (one, other)]
    done = threading.Event()

    def swap():
        while not done.is_set():
            if renameat2(AT_FDCWD, paths[0], AT_FDCWD, paths[1], RENAME_EXCHANGE):
                done.set()

    attacker = threading.Thread(target=swap)
    attacker.start()
    try:
        yield
    finally:
        done.set()
        attacker.join()


def write(path):
    return subprocess.run([EFIMAPCTL, 'dump', '--raw', '-O', path, CAPTURE], check=False,
                          stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          timeout=1200).returncode


def files(temp):
    one, other, victim = temp / 'sticky/out', temp / 'sticky/other', temp / 'victim'
    victim.write_text('precious', encoding='ascii')
    one.touch()
    os.chown(one, SOMEBODY, SOMEBODY)
    link_to(victim, other)
    with swapped(one, other):
        for _ in range(RUNS):
            status = write(one)
            if victim.read_text(encoding='ascii') != 'precious':
                yield 'the tool followed another user\'s link'
                return
            if status not in (0, 3, 5):
                yield f'exit status {status}, expected 0, 3 or 5'
            # Restore the link if the tool has replaced it with its own file.
            if not one.is_symlink() and not other.is_symlink():
                link_to(victim, other)


def pipes(temp, other):
    """Yield the problems if the tool's FIFO is exchanged with another user's FIFO or with a link to
    that FIFO."""
    ours, theirs = temp / 'sticky/ours', temp / 'sticky/theirs'
    for path in (ours, theirs):
        os.mkfifo(path)
    os.chown(theirs, SOMEBODY, SOMEBODY)
    if other != theirs:
        link_to(theirs, other)
    with open(os.open(ours, os.O_RDWR | os.O_NONBLOCK), 'rb', 0) as mine, \
         open(os.open(theirs, os.O_RDONLY | os.O_NONBLOCK), 'rb', 0) as his:
        poll = select.poll()
        poll.register(his, select.POLLIN)
        with swapped(ours, other):
            for _ in range(RUNS):
                status = write(ours)
                while mine.read(65536):
                    pass
                # POLLHUP means that a process opened the FIFO for writing and closed it.
                seen = dict(poll.poll(0)).get(his.fileno(), 0)
                if seen & select.POLLIN or (seen and other != theirs):
                    yield f'the tool opened {other.name} for writing, or wrote to it'
                    break
                if status not in (0, 3, 5):
                    yield f'exit status {status}, expected 0, 3 or 5'
    for path in temp.glob('sticky/*'):
        path.unlink()


def run(temp):
    (temp / 'sticky').mkdir()
    (temp / 'sticky').chmod(0o1777)
    for name in ('theirs', 'link'):
        yield from pipes(temp, temp / 'sticky' / name)
    yield from files(temp)


def main():
    if os.geteuid() != 0:
        print('skipped: the test requires root')
        return 77
    with tempfile.TemporaryDirectory() as temp:
        wrong = list(run(pathlib.Path(temp)))
    print('\n'.join(wrong) or f'no link was followed in 3 * {RUNS} runs')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
