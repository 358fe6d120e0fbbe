#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""docs/kernels.md lists the changes of Linux that src/model/kernel.c knows.

usage: changes.py [--write]
"""
import os
import re
import sys

import project

SOURCE = 'src/model/kernel.c'
DOCUMENT = 'docs/kernels.md'
BEGIN, END = (f'<!-- written by tests/lint/changes.py: {word} -->' for word in ('begin', 'end'))
ROW = re.compile(r'^\t\[EFIMAP_CHANGE_\w+\] = \{\n(.*?)^\t\},\n', re.M | re.S)


def version(text):
    """{ 6, 12, 5 } as 6.12.5."""
    return '.'.join(re.findall(r'\d+', text))


def cells(row):
    """A row of the document."""
    texts = {name: ''.join(re.findall(r'"(.*?)"', value, re.S))
             for name, value in re.findall(r'^\t\t\.(\w+) = ((?:"[^"]*"\s*)+),$', row, re.M)}
    first, lacks = (version(found.group(1)) if found else '' for found in
                    (re.search(rf'\.{name} = \{{(.*?)\}}', row) for name in ('first', 'lacks')))
    stable = re.search(r'\.stable = \{ (.*) \},$', row, re.M)
    since = f'after {lacks}, by {first}' if lacks else first
    if stable:
        since += ''.join(f', {version(one)}' for one in re.findall(r'\{[^}]*\}', stable.group(1)))
    return f'| {since} | {texts["before"]} | {texts["since"]} | {texts["source"]} |'


def main():
    """Compare, or write."""
    rows = [cells(row) for row in ROW.findall(project.text(SOURCE))]
    table = '\n'.join(['| since | before | from then on | commit, source |', '|---|---|---|---|',
                       *rows])
    text = project.text(DOCUMENT)
    before, _, rest = text.partition(BEGIN)
    wanted = f'{before}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}'
    problems = []
    if '--write' in sys.argv[1:]:
        with open(os.path.join(project.ROOT, DOCUMENT), 'w', encoding='utf-8') as file:
            file.write(wanted)
    elif text != wanted:
        problems.append(f'{DOCUMENT}: not what {SOURCE} has: run tests/lint/changes.py --write')
    project.finish('changes', len(rows), problems)


if __name__ == '__main__':
    main()
