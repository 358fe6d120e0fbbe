#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test txtar.py: archives keep every byte, and no member is written outside of the directory."""
import os
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import fixture  # noqa: E402 pylint: disable=wrong-import-position
import txtar  # noqa: E402 pylint: disable=wrong-import-position

HERE = os.path.dirname(os.path.abspath(__file__))
CONTENTS = [
    b'', b'\n', b'\n\n', b'x', b'x\n', b'x\n\n', b'a\r\nb\r', b'\x1b[31mred\x1b[m\n', b'\0', b'\xff\n',
    b'\x7fELF', 'ä\n'.encode(), b'-- a --\n', b'-- a', b'\\-- a --\n', b'\\\\-- a\n-- \n', b'--\n---\n -- a --\n',
    b'*\n', bytes(16), bytes(17), bytes(48), bytes(4095) + b'\1', bytes(range(256)) * 3,
    b'\0' * 32 + b'\1' * 40, 'x\u2028y\x85z\n'.encode(),
]
# Pack a tree with tools that the initramfs of a guest contains.
SHELL = r"""
cd "$1"
find . -type f | while read -r path; do
	path=${path#./}
	case $path in
	*.bin) printf -- '-- hex %s --\n' "$path"; od -A x -t x1 "$path" ;;
	*) printf -- '-- %s --\n' "$path"; sed 's/^\\*-- /\\&/' "$path" ;;
	esac
done
"""
BASE = b"""Where it is from.
-- a/0/phys_addr --
0x1000
-- a/0/type --
0x5
-- a/1/type --
0x6
-- b --
x
"""


def run(*words):
    done = subprocess.run([sys.executable, *words], capture_output=True, check=False, text=True)
    return done.returncode, done.stdout + done.stderr


class Text(unittest.TestCase):
    def test_every_content_comes_back(self):
        members = {f'd/{number}': data for number, data in enumerate(CONTENTS)}
        members['empty'] = None
        for comment in (b'', b'one\n\n-- two\n', b'\n'):
            archive = txtar.Archive(comment, members)
            self.assertEqual(txtar.parse(txtar.write(archive)), archive)

    def test_bytes_are_written_as_od_writes_them(self):
        for data in CONTENTS:
            done = subprocess.run(['od', '-A', 'x', '-t', 'x1'], input=data, check=True,
                                  capture_output=True, env={'LC_ALL': 'C'})
            self.assertEqual(txtar.to_hex(data), done.stdout)
            done = subprocess.run(['od', '-v', '-A', 'x', '-t', 'x1'], input=data, check=True,
                                  capture_output=True, env={'LC_ALL': 'C'})
            self.assertEqual(txtar.from_hex(done.stdout.splitlines()), data)

    def test_what_is_lost_on_the_way_is_noticed(self):
        lines = txtar.to_hex(bytes(range(256))).splitlines()
        for number, line in enumerate(lines):
            with self.assertRaises(txtar.Refused):
                txtar.from_hex(lines[:number] + lines[number + 1:])
            for wrong in (b'', line + b' 1g', line + b' 100', line + b' 00', b'x' + line):
                with self.assertRaises(txtar.Refused, msg=wrong):
                    txtar.from_hex(lines[:number] + [wrong] + lines[number + 1:])
        with self.assertRaises(txtar.Refused):
            txtar.from_hex([b'0 00', b'*', b'7fffffffffff'])

    def test_what_is_not_well_formed_is_refused(self):
        for data in (b'x', b'-- a --', b'-- a\n', b'-- a--\n', b'--  a --\n', b'-- a -- \n', b'--  --\n',
                     b'-- \n', b'-- a --\n-- a --\n', b'-- /a --\n', b'-- ../a --\n', b'-- a/../b --\n',
                     b'-- a//b --\n', b'-- ./a --\n', b'-- a/ --\n', b'-- . --\n', b'-- hex hex a --\n',
                     b'-- hex a --\n', b'-- dir a --\nx\n'):
            with self.assertRaises(txtar.Refused, msg=data):
                txtar.parse(data)

    def test_a_shell_can_write_it(self):
        members = {'a': b'-- b --\n\\-- c\nx\n', 'b c': b'', 'd/e.bin': bytes(99)}
        with tempfile.TemporaryDirectory() as where:
            place = os.path.join(where, 'tree')
            txtar.write_tree(members, place)
            done = subprocess.run(['sh', '-euc', SHELL, 'sh', place], check=True, capture_output=True)
            self.assertEqual(txtar.parse(done.stdout), txtar.Archive(b'', members))


class Trees(unittest.TestCase):
    def test_each_becomes_each(self):
        trees = [{}, {'a': b''}, {'a': b'x', 'b': b'y'}, {'a': None, 'b': b'z'}, {'a/b': b'x', 'b/c/d': b''},
                 {'a/b/c': b'x', 'b/c': None}, {'a/b': None, 'a/c': b'x'}]
        for before in trees:
            for after in trees:
                with tempfile.TemporaryDirectory(dir=fixture.MEMORY) as where:
                    place = os.path.join(where, 'tree')
                    txtar.write_tree(before, place)
                    txtar.change_tree(before, after, place)
                    self.assertEqual(txtar.read_tree(place), after, before)


class Commands(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(dir=fixture.MEMORY)
        self.addCleanup(scratch.cleanup)
        self.where = scratch.name
        self.number = 0
        for kind in ('real', 'made'):
            os.mkdir(self.at(kind))
        self.put('real/base.txtar', BASE)

    def at(self, name):
        return os.path.join(self.where, name)

    def put(self, name, data):
        os.makedirs(os.path.dirname(self.at(name)), exist_ok=True)
        with open(self.at(name), 'wb') as file:
            file.write(data)
        return self.at(name)

    def unpack(self, path):
        self.number += 1
        place = self.at(f'{self.number}/tree')
        status, said = run(os.path.join(HERE, 'unpack'), path, place)
        self.assertEqual(status, 1 if said else 0)
        return said or txtar.read_tree(place)

    def overlay(self, text):
        return self.unpack(self.put('made/overlay.txtar', b'Why.\n-- BASE --\nbase\n' + text))

    def test_there_and_back(self):
        members = {f'd/{number}': data for number, data in enumerate(CONTENTS)}
        members['empty/one'] = None
        place, file = self.at('tree'), self.at('file')
        txtar.write_tree(members, place)
        self.assertEqual(run(os.path.join(HERE, 'pack'), place, file), (0, ''))
        self.assertEqual(self.unpack(file), members)
        self.put('file', b'From somewhere.\n' + txtar.write(txtar.Archive(b'', {})))
        self.assertEqual(run(os.path.join(HERE, 'pack'), place, file), (0, ''))
        self.assertEqual(txtar.load(file), txtar.Archive(b'From somewhere.\n', members))
        self.assertIn('exists already', run(os.path.join(HERE, 'unpack'), file, place)[1])

    def test_what_cannot_be_packed_is_refused(self):
        for make in (lambda p: os.symlink('x', p), os.mkfifo):
            place = self.at(f'odd-{self.number}')
            self.number += 1
            os.mkdir(place)
            make(os.path.join(place, 'a'))
            self.assertEqual(run(os.path.join(HERE, 'pack'), place, self.at('file'))[0], 1)
        self.assertFalse(os.path.exists(self.at('file')))
        self.put('real/BASE', b'x')
        self.assertEqual(run(os.path.join(HERE, 'pack'), self.at('real'), self.at('file'))[0], 1)

    def test_one_that_is_a_file_and_a_directory(self):
        self.assertIn('unpack: ', self.unpack(self.put('file', b'-- a --\n-- a/b --\n')))

    def test_an_overlay(self):
        whole = txtar.parse(BASE).members
        self.assertEqual(self.overlay(b'-- b --\ny\n-- c/d --\n-- EXPECT --\nx\n'),
                         {**whole, 'b': b'y\n', 'c/d': b''})
        self.assertEqual(self.overlay(b'-- REMOVE --\na/0\na/1\n'), {'a': None, 'b': b'x\n'})
        self.assertEqual(self.overlay(b'-- REMOVE --\na\n-- a --\nx\n'), {'a': b'x\n', 'b': b'x\n'})
        seen = self.overlay(b'-- COPIES --\na/2 3 12 0x10\n'
                            b'-- a/2/phys_addr --\n0x3000\n-- a/2/type --\n0x3\n')
        self.assertEqual(seen['a/12/phys_addr'], b'0x30a0\n')
        self.assertEqual(seen['a/12/type'], b'0x3\n')
        self.assertEqual(len(seen), len(whole) + 22)

    def test_an_overlay_that_is_not_well_formed(self):
        for text, word in ((b'', 'holds no file'), (b'-- b --\nx\n', 'the same as in the base'),
                           (b'-- REMOVE --\nc\n', 'does not have'), (b'-- REMOVE --\n../b\n', 'not a path'),
                           (b'-- c --\n-- COPIES --\nc 1 2 3\n', 'no directory'),
                           (b'-- c/1 --\n-- COPIES --\nc 1 2\n', 'PATH FIRST LAST STEP'),
                           (b'-- c/1 --\n-- COPIES --\na/0 1 2 3\n', 'would write over')):
            self.assertIn(word, self.overlay(text))
        for base in (b'none', b'../real/base', b'base\nbase'):
            self.assertIn('BASE', self.unpack(self.put(
                'made/overlay.txtar', b'-- BASE --\n' + base + b'\n-- c --\n')))

    def test_a_directory_for_others(self):
        place = self.at('all')
        mask = os.umask(0o077)
        try:
            read = fixture.unpack_all(place)
        finally:
            os.umask(mask)
        self.assertTrue(all(os.path.exists(path) for path in read))
        self.assertEqual(sorted(os.listdir(os.path.join(place, 'real'))), fixture.names('real'))
        for where, _, names in os.walk(place):
            self.assertEqual(os.stat(where).st_mode & 0o777, 0o755, where)
            for name in names:
                self.assertEqual(os.stat(os.path.join(where, name)).st_mode & 0o777, 0o644)
        # A second call of unpack_all() repairs a tree that was changed.
        seen = txtar.read_tree(place)
        for path in list(seen)[:3]:
            os.unlink(os.path.join(place, path))
        self.put('all/real/gone/x', b'x')
        fixture.unpack_all(place)
        self.assertEqual(txtar.read_tree(place), seen)


if __name__ == '__main__':
    unittest.main(verbosity=0)
