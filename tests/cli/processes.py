#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""verify over many sources as a process: what a terminal shows, and how much memory thousands of
sources take.

usage: processes.py EFIMAPCTL FIXTURES
"""
import fcntl
import os
import pathlib
import pty
import re
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import unittest

EFIMAPCTL, FIXTURES = sys.argv[1], pathlib.Path(sys.argv[2])
GOOD = [str(FIXTURES / 'real' / name) for name in ('real-003', 'real-001', 'real-061')]
CLEAR = b'\r\033[K'
# For what hangs, however busy the machine is.
SECONDS = 1200
# So many sources, and how much more memory they may take than few: 0.4 KiB for each.
MANY, MAX_GROWTH_KIB = 2000, 820
# ASan's allocator keeps what was freed, and how much is chance: only a leak of 6 KiB a source shows.
MANY_SANITIZED, MAX_GROWTH_SANITIZED_KIB = 10000, 65536
# Nothing is drawn before three tenths of a second.
PATIENCE = 0.35


def wait_until(condition):
    """Wait for something that is about to happen; its value."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError('it did not happen')


def environment(**more):
    """Nothing of ours but the options of sanitizers."""
    env = {name: value for name, value in os.environ.items() if name.endswith('SAN_OPTIONS')}
    env.update(LC_ALL='C', PATH='/usr/bin:/bin', **more)
    # Freed memory that is kept to catch its use is no growth.
    env['ASAN_OPTIONS'] = (env.get('ASAN_OPTIONS', '') +
                           ':quarantine_size_mb=1:thread_local_quarantine_size_kb=64')
    return env


def has_open(pid, path):
    """Has a process opened this file?"""
    try:
        return any(os.readlink(link) == path for link in pathlib.Path(f'/proc/{pid}/fd').iterdir())
    except OSError:
        return False


def feed(process, pipes):
    """Let a run wait at each pipe until it is time to draw, then give it a document."""
    for path, (pipe, document) in pipes.items():
        wait_until(lambda: has_open(process.pid, path) or process.poll() is not None)
        time.sleep(PATIENCE)
        with pipe:
            if process.poll() is None:
                pipe.write(document)


class Terminal:
    """A terminal of so many columns behind the given descriptors of a run; pipes are sources,
    and the document that comes out of each in the end."""

    def __init__(self, arguments, columns=80, term='xterm', on=(1, 2), interrupt_at=None, pipes=()):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
        other = subprocess.DEVNULL
        # Before the run, which would find them empty.
        held = {path: (os.fdopen(os.open(path, os.O_RDWR), 'wb'), document)
                for path, document in dict(pipes).items()}
        began = time.monotonic()
        process = subprocess.Popen(
            [EFIMAPCTL, 'verify', *arguments], env=environment(**({'TERM': term} if term else {})),
            stdin=subprocess.DEVNULL, stdout=theirs if 1 in on else other,
            stderr=theirs if 2 in on else other)
        feeder = threading.Thread(target=feed, args=(process, held))
        feeder.start()
        os.close(theirs)
        self.shown = b''
        while True:
            try:
                block = os.read(ours, 65536)
            except OSError:
                break
            if not block:
                break
            self.shown += block
            if interrupt_at and interrupt_at in self.shown:
                process.send_signal(signal.SIGINT)
                interrupt_at = None
        os.close(ours)
        self.status = process.wait(SECONDS)
        feeder.join()
        self.seconds = time.monotonic() - began


def screen(shown):
    """The lines that a terminal of endless height shows after all these bytes."""
    lines, column = [''], 0
    for text in re.findall(r'\x1b\[[0-9;]*[A-Za-z]|\r|\n|[^\x1b\r\n]+', shown.decode()):
        if text == '\r':
            column = 0
        elif text == '\n':
            lines.append('')
        elif text == '\033[K':
            lines[-1] = lines[-1][:column]
        elif not text.startswith('\033'):
            lines[-1] = lines[-1][:column] + text + lines[-1][column + len(text):]
            column += len(text)
    return lines


class Progress(unittest.TestCase):
    """The line on a terminal."""

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        document = subprocess.run([EFIMAPCTL, 'snapshot', GOOD[0]], env=environment(), check=True,
                                  capture_output=True).stdout
        cls.pipes = {os.path.join(cls.directory.name, name): document for name in ('a', 'b')}
        for pipe in cls.pipes:
            os.mkfifo(pipe)
        first, second = cls.pipes
        cls.many = [*GOOD * 5, first, *GOOD * 5, second, *GOOD]
        cls.total = len(cls.many)

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def lines(self, shown):
        """What stood in the line, one drawing after the other."""
        return [piece.split(b'\n')[0] for piece in shown.split(CLEAR)[1:]
                if piece.split(b'\n')[0].strip()]

    def test_it_counts_to_the_end_and_goes(self):
        """Never wider than the terminal, not drawn too often, and away at the end."""
        for columns in (30, 100):
            run = Terminal(['--json', *self.many], columns=columns, on=(2,), pipes=self.pipes)
            lines = self.lines(run.shown)
            self.assertEqual(run.status, 0)
            self.assertGreater(len(lines), 0)
            # Ten times a second at most.
            self.assertLess(len(lines), 10 * run.seconds)
            self.assertTrue(all(len(line) < columns for line in lines), lines)
            self.assertIn(f' of {self.total}'.encode(), run.shown)
            self.assertEqual(b'[=' in run.shown, columns > 30)
            self.assertTrue(run.shown.endswith(CLEAR))

    def test_it_leaves_room_for_the_output(self):
        """Both on one terminal: every line of the output begins where a line begins."""
        # So wide that no line wraps, however long the path of the fixtures is.
        run = Terminal(self.many, columns=400, pipes=self.pipes)
        self.assertTrue(self.lines(run.shown))
        lines = screen(run.shown)
        self.assertEqual(sum(': kexec, assuming ' in line for line in lines), self.total)
        self.assertFalse([line for line in lines if '% ' in line])
        self.assertTrue(lines[-3].startswith(f'{self.total} sources: '), lines[-5:])

    def test_an_interrupt_leaves_a_clean_line(self):
        """The end by the signal, and nothing of the line."""
        run = Terminal(['--json', *self.many], on=(2,), interrupt_at=b'% ', pipes=self.pipes)
        self.assertEqual(run.status, -signal.SIGINT)
        self.assertTrue(run.shown.endswith(CLEAR), run.shown[-200:])

    def test_it_is_not_drawn_elsewhere(self):
        """Not where it cannot be cleared, not when asked to be quiet, not for one source."""
        many = self.many
        one, = [path for path in self.pipes if path.endswith('a')]
        for arguments, term, on in ((['--json', *many], 'dumb', (2,)), (many, None, (2,)),
                                    (['-q', *many], 'xterm', (2,)), (many, 'xterm', (1,)),
                                    ([one], 'xterm', (1, 2))):
            with self.subTest(arguments=arguments, term=term, on=on):
                run = Terminal(arguments, term=term, on=on, pipes={one: self.pipes[one]}
                               if arguments == [one] else self.pipes)
                self.assertEqual(run.status, 0)
                self.assertNotIn(CLEAR, run.shown)


def high_water(pid):
    """KiB that a process has taken at most so far."""
    try:
        text = pathlib.Path(f'/proc/{pid}/status').read_text('ascii')
    except (OSError, UnicodeDecodeError):
        return 0
    found = re.search(r'^VmHWM:\s*(\d+)', text, re.M)
    return int(found[1]) if found else 0


class Memory(unittest.TestCase):
    """Thousands of sources take no more memory than a hundred."""

    def peak(self, names):
        """KiB that the run took at most."""
        with tempfile.TemporaryFile() as out:
            process = subprocess.Popen([EFIMAPCTL, 'verify', '--json', *names], env=environment(),
                                       stdin=subprocess.DEVNULL, stdout=out)
            most = 0
            # Not by wait4(): that counts what this program had before it called exec.
            while process.poll() is None:
                most = max(most, high_water(process.pid))
                time.sleep(0.02)
            self.assertEqual(process.returncode, 0)
            out.seek(0)
            self.assertEqual(sum(1 for _ in out), len(names))
        return most

    def test_memory_does_not_grow(self):
        """Trees and snapshots."""
        with tempfile.TemporaryDirectory() as where:
            snapshots = []
            for name in GOOD:
                snapshots.append(f'{where}/{os.path.basename(name)}.json')
                subprocess.run([EFIMAPCTL, 'snapshot', '-O', snapshots[-1], name],
                               env=environment(), check=True)
            mixed = [*GOOD, *snapshots[:2]]
            with open(EFIMAPCTL, 'rb') as file:
                many, most = ((MANY_SANITIZED, MAX_GROWTH_SANITIZED_KIB)
                              if b'__asan_init' in file.read() else (MANY, MAX_GROWTH_KIB))
            few = self.peak(mixed * 20)
            self.assertGreater(few, 500)
            self.assertLess(self.peak(mixed * (many // len(mixed))) - few, most)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
