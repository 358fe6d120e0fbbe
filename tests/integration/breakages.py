# SPDX-License-Identifier: GPL-2.0-or-later
"""Read breakages.rows. A "way" is a function that reads the text of a file, and yields pairs of a
description and a broken text."""
import os
import re
import sys
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, 'tools'))
import rules  # noqa: E402 pylint: disable=wrong-import-position

SHIPPED = ('integration/', 'debian/', 'rpm/')
# Files that need no row in breakages.rows: documentation, packaging files that only
# scripts/package tests, and tests.
NOT_SHIPPED = ('integration/README.md', 'debian/changelog',
               'debian/copyright', 'debian/source/', 'debian/tests/',
               'debian/efimapctl.lintian-overrides', 'rpm/macros.test')


@dataclass(frozen=True)
class Breakage:
    row: 'Row'
    what: str
    text: str

    def __str__(self):
        return f'{self.row.file}: {self.what}'


@dataclass(frozen=True)
class Row:
    file: str
    tests: tuple
    ways: tuple = ()

    def read(self):
        with open(os.path.join(ROOT, self.file), encoding='utf-8') as file:
            return file.read()

    def breakages(self):
        text = self.read()
        yield Breakage(self, 'removed', None)
        yield Breakage(self, 'cut off at 60 %', text[:len(text) * 6 // 10])
        for way in self.ways:
            for what, broken in way(text):
                yield Breakage(self, what, broken)


def each(line):
    """Return a way that replaces one match of a pattern at a time, except in comments."""
    what, pattern, replacement = re.fullmatch(r'(.*?): (.*) =>(?: (.*))?', line).groups('')

    def way(text):
        for match in re.finditer(pattern, text, re.M):
            start = text.rfind('\n', 0, match.start()) + 1
            if text[start:match.end()].lstrip().startswith('#'):
                continue
            number = text.count('\n', 0, match.start()) + 1
            broken = text[:match.start()] + match.expand(replacement) + text[match.end():]
            if broken != text:
                yield f'line {number}: {" ".join(match[0].split()).lstrip(", ")}: {what}', broken
    way.__doc__ = what
    return way


def read_rows():
    common, rows = {}, []
    for block in rules.read_blocks(os.path.join(HERE, 'breakages.rows')):
        ways = [way for name in block.get('With').split() for way in common[name]]
        ways += map(each, block.keys.get('Breaks', '').splitlines())
        if 'Common' in block.keys:
            common[block.get('Common')] = ways
        rows += [Row(file, tuple(block.keys['Tests'].splitlines()), tuple(ways))
                 for file in block.get('Files').split()]
    return rows


ROWS = read_rows()
