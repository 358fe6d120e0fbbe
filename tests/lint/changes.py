#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that docs/kernels.md lists every change of Linux in src/infer/linux.changes.

usage: changes.py [--write]
"""
import os
import sys

import project

sys.path.insert(0, os.path.join(project.ROOT, 'tools'))
import rules  # noqa: E402 pylint: disable=wrong-import-position,import-error

SOURCE = 'src/infer/linux.changes'
DOCUMENT = 'docs/kernels.md'
BEGIN, END = (f'<!-- written by tests/lint/changes.py: {word} -->' for word in ('begin', 'end'))


def cells(block):
    first, lacks = block.get('First'), block.get('Lacks')
    since = f'after {lacks}, by {first}' if lacks else first
    since += ''.join(f', {one}' for one in block.get('Stable').split())
    return f'| {since} | {" | ".join(block.get(key) for key in ("Before", "Since", "Source"))} |'


def main():
    rows = [cells(block) for block in rules.read_blocks(os.path.join(project.ROOT, SOURCE))]
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
        problems.append(f'{DOCUMENT}: differs from {SOURCE}: run tests/lint/changes.py --write')
    project.finish('changes', len(rows), problems)


if __name__ == '__main__':
    main()
