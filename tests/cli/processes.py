#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test verify with many sources: its progress line on a terminal, and its memory use.

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
FINDING = str(FIXTURES / 'real' / 'ovmf-q35-6.1-noruntime-first')
CLEAR = b'\r\033[K'
# Timeout of a run in seconds. It is long because the machine may be busy.
SECONDS = 1200
# The number of sources, and the maximum growth of peak memory, which allows 0.4 KiB per source
MANY, MAX_GROWTH_KIB = 2000, 820
# The same with ASan, whose allocator keeps a varying amount of freed memory. Only a leak of more
# than 6 KiB per source is detected.
MANY_SANITIZED, MAX_GROWTH_SANITIZED_KIB = 10000, 65536
# The delay in seconds after which a progress line is due. The tool draws none in the first 0.3
# seconds.
PATIENCE = 0.35


def wait_until(condition):
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError('it did not happen')


def environment(**more):
    """Return an environment that has LC_ALL, PATH, the sanitizer options of the current one, and
    the given variables."""
    env = {name: value for name, value in os.environ.items() if name.endswith('SAN_OPTIONS')}
    env.update(LC_ALL='C', PATH='/usr/bin:/bin', **more)
    # Limit ASan's quarantine of freed memory, which would count as growth.
    env['ASAN_OPTIONS'] = (env.get('ASAN_OPTIONS', '') +
                           ':quarantine_size_mb=1:thread_local_quarantine_size_kb=64')
    return env


def has_open(pid, path):
    try:
        return any(os.readlink(link) == path for link in pathlib.Path(f'/proc/{pid}/fd').iterdir())
    except OSError:
        return False


def feed(process, pipes):
    """Let a run wait at each pipe until the progress line is due. Then write a document to the
    pipe."""
    for path, (pipe, document) in pipes.items():
        wait_until(lambda: has_open(process.pid, path) or process.poll() is not None)
        time.sleep(PATIENCE)
        with pipe:
            if process.poll() is None:
                pipe.write(document)


class Terminal:
    """Run the tool with these file descriptors on a pseudo-terminal. Pipes are sources whose
    document arrives late."""

    def __init__(self, arguments, columns=80, term='xterm', on=(1, 2), interrupt_at=None, pipes=()):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
        other = subprocess.DEVNULL
        # If no process had the pipes open for writing, the tool would read them as empty.
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
    """Return the lines that these bytes produce on a terminal of unlimited height."""
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
        return [piece.split(b'\n')[0] for piece in shown.split(CLEAR)[1:]
                if piece.split(b'\n')[0].strip()]

    def test_it_counts_to_the_end_and_goes(self):
        """The line is narrower than the terminal, is drawn at most ten times per second, and is
        cleared at the end."""
        for columns in (30, 100):
            run = Terminal(['--json', *self.many], columns=columns, on=(2,), pipes=self.pipes)
            lines = self.lines(run.shown)
            self.assertEqual(run.status, 0)
            self.assertGreater(len(lines), 0)
            self.assertLess(len(lines), 10 * run.seconds)
            self.assertTrue(all(len(line) < columns for line in lines), lines)
            self.assertIn(f' of {self.total}'.encode(), run.shown)
            self.assertEqual(b'[=' in run.shown, columns > 30)
            self.assertTrue(run.shown.endswith(CLEAR))

    def test_it_leaves_room_for_the_output(self):
        """If the output and the progress line are on one terminal, each output line starts at
        column 0."""
        # With 400 columns, no line wraps, even if the path of the fixtures is long.
        run = Terminal(self.many, columns=400, pipes=self.pipes)
        self.assertTrue(self.lines(run.shown))
        lines = screen(run.shown)
        self.assertEqual(sum(': kexec, assuming ' in line for line in lines), self.total)
        self.assertFalse([line for line in lines if '% ' in line])
        self.assertTrue(lines[-3].startswith(f'{self.total} sources: '), lines[-5:])

    def test_it_counts_sources_with_findings(self):
        """A source with status 1 counts, but a source that cannot be read does not."""
        for source, status, shown in ((FINDING, 1, True), ('missing', 3, False)):
            with self.subTest(source=source):
                run = Terminal(['--json', source, *self.many], on=(2,), pipes=self.pipes)
                self.assertEqual(run.status, status)
                self.assertTrue(self.lines(run.shown))
                self.assertEqual(b', 1 with findings' in run.shown, shown)

    def test_an_interrupt_leaves_a_clean_line(self):
        run = Terminal(['--json', *self.many], on=(2,), interrupt_at=b'% ', pipes=self.pipes)
        self.assertEqual(run.status, -signal.SIGINT)
        self.assertTrue(run.shown.endswith(CLEAR), run.shown[-200:])

    def test_it_is_not_drawn_elsewhere(self):
        """No line is drawn on dumb terminals, with -q, without a terminal, or for a single
        source."""
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
    try:
        text = pathlib.Path(f'/proc/{pid}/status').read_text('ascii')
    except (OSError, UnicodeDecodeError):
        return 0
    found = re.search(r'^VmHWM:\s*(\d+)', text, re.M)
    return int(found[1]) if found else 0


class Memory(unittest.TestCase):
    def peak(self, names):
        with tempfile.TemporaryFile() as out:
            process = subprocess.Popen([EFIMAPCTL, 'verify', '--json', *names], env=environment(),
                                       stdin=subprocess.DEVNULL, stdout=out)
            most = 0
            # wait4() would also count the memory that this program used before exec.
            while process.poll() is None:
                most = max(most, high_water(process.pid))
                time.sleep(0.02)
            self.assertEqual(process.returncode, 0)
            out.seek(0)
            self.assertEqual(sum(1 for _ in out), len(names))
        return most

    def test_memory_does_not_grow(self):
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
