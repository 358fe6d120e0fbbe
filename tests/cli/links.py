#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Where somebody else may put a symbolic link or a FIFO, they must not choose what is written.

usage: links.py EFIMAPCTL FIXTURES

A directory that all may write to, with the sticky bit, is such a place: the rules are those
of fs.protected_symlinks and fs.protected_fifos, whatever the kernel is set to. Needs root, to
make things that are somebody else's.
"""
import ctypes
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest

EFIMAPCTL, CAPTURE = sys.argv[1], pathlib.Path(sys.argv[2]) / 'real' / 'real-003'
SOMEBODY, HOST = 12345, 23456
# What each command that writes is started with before the name of the file.
WRITERS = {
    'dump': ['dump', '--raw', '-O'],
    'binary': ['dump', '--format=efi-memmap', '-O'],
    'snapshot': ['snapshot', '-O'],
    'plot': ['plot', '-O'],
    'report': ['report', '-q', '-O'],
    'metrics': ['metrics', '-q', '-O'],
    'pagetable': ['pagetable', '--base=0x100000', '-O'],
    'baseline': ['verify', '-q', '--write-baseline'],
}
AT_FDCWD, RENAME_EXCHANGE = -100, 2
RUNS = 150


def run(command, **options):
    """The tool on a capture."""
    return subprocess.run([EFIMAPCTL, *command, CAPTURE], capture_output=True, check=False,
                          stdin=subprocess.DEVNULL, timeout=1200, **options)


def write(*name):
    """Let the tool write a file."""
    return run([*WRITERS['dump'], os.path.join(*name)])


class Links(unittest.TestCase):
    """A sticky directory of root's, and a file that only root may write to."""

    def setUp(self):
        temp = tempfile.TemporaryDirectory()
        self.addCleanup(temp.cleanup)
        self.temp = temp.name
        os.chmod(self.temp, 0o755)
        self.sticky = self.make_dir('sticky', 0o1777)
        self.victim = os.path.join(self.temp, 'victim')
        self.spare = pathlib.Path(self.victim)
        self.spare.write_text('precious', encoding='ascii')

    def make_dir(self, name, mode, owner=0):
        path = os.path.join(self.temp, name)
        os.mkdir(path)
        os.chmod(path, mode)
        os.chown(path, owner, owner)
        return path

    def link(self, target, path, owner=SOMEBODY):
        """A link of somebody; its path."""
        os.symlink(target, path)
        os.lchown(path, owner, owner)
        return path

    def refused(self, done):
        """It failed and said so, and what is precious is as it was."""
        self.assertEqual(done.returncode, 3, done)
        self.assertIn(b'Permission denied', done.stderr)
        self.assertEqual(self.spare.read_bytes(), b'precious')

    def test_every_writer(self):
        """A link of somebody else in a sticky directory is not followed, whoever writes."""
        link = self.link(self.victim, os.path.join(self.sticky, 'out.html'))
        # A baseline is read before it is written.
        self.link(self.victim + '-new', os.path.join(self.sticky, 'new'))
        for name, command in WRITERS.items():
            with self.subTest(name):
                if name == 'baseline':
                    link = os.path.join(self.sticky, 'new')
                self.refused(run([*command[:-1], f'{command[-1]}={link}']
                                 if command[-1].startswith('--') else [*command, link]))

    def test_new_file(self):
        """Nor one that leads to no file yet."""
        new = os.path.join(self.temp, 'new')
        self.refused(write(self.link(new, os.path.join(self.sticky, 'out'))))
        self.assertFalse(os.path.lexists(new))

    def test_on_the_way(self):
        """Nor one that stands for a directory, nor one in a chain that begins with ours."""
        self.link(self.temp, os.path.join(self.sticky, 'dir'))
        self.refused(write(self.sticky, 'dir', 'victim'))
        self.refused(write(self.sticky, '.', 'dir', '..', 'sticky', 'dir', 'victim'))
        self.link(self.victim, os.path.join(self.sticky, 'last'))
        ours = self.link(os.path.join(self.sticky, 'last'), os.path.join(self.temp, 'ours'), 0)
        self.refused(write(ours))

    def test_store(self):
        """Nor one where a store or a directory of dumps is to be."""
        dumps = self.make_dir('dumps', 0o755)
        pathlib.Path(dumps, 'vmcore').write_text('', encoding='ascii')
        link = self.link(dumps, os.path.join(self.sticky, 'store'))
        capture = os.path.join(self.temp, 'capture')
        subprocess.run(['cp', '-R', CAPTURE, capture], check=True)
        boot_id = pathlib.Path(capture, 'proc/sys/kernel/random/boot_id')
        boot_id.parent.mkdir(parents=True, exist_ok=True)
        boot_id.write_text('0f4dc9d2-5b0e-4c3a-9d0f-6f1c2b3a4901\n', encoding='ascii')
        for option in ('store', 'beside-vmcore'):
            before = os.listdir(dumps)
            for path in (link, link + '/', link + '/.'):
                done = subprocess.run([EFIMAPCTL, 'snapshot', f'--{option}={path}', capture],
                                      check=False, capture_output=True)
                self.assertIn(done.returncode, (3, 5), done)
                self.assertEqual(os.listdir(dumps), before)
            for path in (dumps, dumps + '/'):
                done = subprocess.run([EFIMAPCTL, 'snapshot', f'--{option}={path}', capture],
                                      check=False, capture_output=True)
                self.assertEqual(done.returncode, 0, done)
        self.assertEqual(len(os.listdir(dumps)), 3)
        done = subprocess.run([EFIMAPCTL, 'snapshot', f'--store={self.temp}/new/', capture],
                              check=False, capture_output=True)
        self.assertEqual(done.returncode, 0, done)

    def test_followed(self):
        """Ours, the directory's owner's, and anybody's where the sticky bit is missing are."""
        theirs = self.make_dir('theirs', 0o1777, HOST)
        for where, owner in ((self.sticky, 0), (theirs, 0), (theirs, HOST),
                             (self.make_dir('open', 0o777), SOMEBODY),
                             (self.make_dir('own', 0o1755), SOMEBODY)):
            with self.subTest(where=where, owner=owner):
                self.spare.write_text('old', encoding='ascii')
                link = self.link('../victim', os.path.join(where, f'out{owner}'), owner)
                self.assertEqual(write(link).returncode, 0)
                self.assertTrue(os.path.islink(link))
                self.assertNotEqual(self.spare.read_bytes(), b'old')
        self.refused_in(theirs)

    def refused_in(self, directory):
        """A third one's is not."""
        self.spare.write_text('precious', encoding='ascii')
        self.refused(write(self.link(self.victim, os.path.join(directory, 'third'))))

    def test_file_of_somebody(self):
        """A file of somebody else is replaced, not written to: they cannot read it."""
        path = os.path.join(self.sticky, 'out')
        with open(path, 'w', encoding='ascii') as file:
            os.fchown(file.fileno(), SOMEBODY, SOMEBODY)
            before = os.fstat(file.fileno())
            self.assertEqual(run([*WRITERS['snapshot'], path]).returncode, 0)
            self.assertEqual(os.fstat(file.fileno()).st_size, before.st_size)
        after = os.stat(path)
        self.assertEqual((after.st_uid, after.st_mode & 0o777), (0, 0o600))

    def test_fifo(self):
        """A FIFO of somebody else is not written to there; ours is."""
        for owner, status in ((SOMEBODY, 3), (0, 0)):
            path = os.path.join(self.sticky, f'fifo{owner}')
            os.mkfifo(path, 0o666)
            os.chown(path, owner, owner)
            reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
            done = write(path)
            self.assertEqual(done.returncode, status, done)
            self.assertEqual(bool(os.read(reader, 1)), status == 0)
            os.close(reader)

    def test_own_descriptors(self):
        """What we have been given open is ours to write to, whatever it is called."""
        def plain(name, **options):
            done = subprocess.run([EFIMAPCTL, *WRITERS['dump'], name, CAPTURE], check=False,
                                  stdin=subprocess.DEVNULL, timeout=1200, **options)
            self.assertEqual(done.returncode, 0, name)
            return done

        for name in ('/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'):
            self.assertIn(b'0x', plain(name, stdout=subprocess.PIPE).stdout, name)
            with open(self.victim, 'wb') as file:
                plain(name, stdout=file)
            self.assertIn(b'0x', self.spare.read_bytes(), name)
        # Somebody's FIFO, but opened by who started us.
        path = os.path.join(self.sticky, 'fifo')
        os.mkfifo(path, 0o666)
        os.chown(path, SOMEBODY, SOMEBODY)
        both = os.open(path, os.O_RDWR)
        plain('/dev/stdout', stdout=both)
        self.assertTrue(os.read(both, 1))
        os.close(both)
        directory = os.open(self.temp, os.O_RDONLY)
        plain(f'/proc/self/fd/{directory}/victim', pass_fds=[directory])
        os.unlink(self.victim)
        plain(f'/dev/fd/{directory}/victim', pass_fds=[directory])
        self.assertIn(b'0x', self.spare.read_bytes())
        os.close(directory)

    def test_odd_names(self):
        """What is no file, and what is too long or too deep."""
        deep = self.link('..', os.path.join(self.temp, 'up'), 0)
        for name in (self.temp, self.temp + '/.', self.victim + '/', self.victim + '/x',
                     '/' + 'x' * 256, 'x/' * 2100 + 'x', deep + '/none/x'):
            done = write(name)
            self.assertEqual(done.returncode, 3, (name, done))
        os.symlink('a' * 200 + '/../a', os.path.join(self.temp, 'a'))
        self.assertEqual(write(self.temp, 'a').returncode, 3)
        self.assertEqual(self.spare.read_bytes(), b'precious')

    def test_longest_names(self):
        """A file that is not finished has a longer name, where there is room for it."""
        for length in range(245, 256):
            name = os.path.join(self.temp, 'x' * length)
            self.assertEqual(write(name).returncode, 0, length)
            os.unlink(name)

    def test_race(self):
        """A link that takes the place of what was looked at is replaced, never followed."""
        names = [os.path.join(self.sticky, name) for name in ('out', 'other')]
        pathlib.Path(names[0]).write_text('', encoding='ascii')
        os.chown(names[0], SOMEBODY, SOMEBODY)
        self.link(self.victim, names[1])
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
        paths = [os.fsencode(name) for name in names]
        done = threading.Event()

        def swap():
            while not done.is_set():
                if renameat2(AT_FDCWD, paths[0], AT_FDCWD, paths[1], RENAME_EXCHANGE):
                    done.set()

        attacker = threading.Thread(target=swap)
        attacker.start()
        statuses = set()
        try:
            for _ in range(RUNS):
                statuses.add(write(names[0]).returncode)
                self.assertEqual(self.spare.read_bytes(), b'precious')
                # A file of ours has replaced one of the two: both, and there is no link left.
                if not os.path.islink(names[0]) and not os.path.islink(names[1]):
                    self.link(self.victim, names[0] + '.new')
                    os.rename(names[0] + '.new', names[1])
        finally:
            done.set()
            attacker.join()
        self.assertLessEqual(statuses, {0, 3})


if __name__ == '__main__':
    if os.geteuid() != 0:
        print('skipped: needs root')
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
