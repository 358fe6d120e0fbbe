#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that fixtures and cases have the format that tests/tools/pack writes, that real captures
state their origin, and that synthetic fixtures state their purpose."""
import os
import sys

import project

sys.path.insert(0, os.path.join(project.ROOT, 'tests', 'tools'))
import fixture  # noqa: E402  pylint: disable=wrong-import-position,import-error
import txtar  # noqa: E402  pylint: disable=wrong-import-position,import-error

SAID = ('machine:', 'healthy:', 'captured:')
ABOUT = {'BASE', 'FIRST', 'COMMAND', 'SOURCE', 'REMOVE', 'COPIES', 'EXPECT', 'SAYS'}


def check_real(archive):
    for word in SAID:
        if word not in archive.comment.decode():
            yield f'the member {word} is missing'
    for name in archive.members:
        if txtar.ABOUT.fullmatch(name):
            yield f'the member {name} is not allowed in this kind of fixture'


def check_made(archive):
    if not archive.comment.strip():
        yield 'the comment with the purpose is missing'
    for name in archive.members:
        if txtar.ABOUT.fullmatch(name) and name not in ABOUT:
            yield f'the member {name} is not allowed in this kind of fixture'


def find_problems(name):
    path = os.path.join(project.ROOT, name)
    kind = name.split('/')[-2]
    try:
        archive = txtar.load(path)
        with open(path, 'rb') as file:
            if file.read() != txtar.write(archive):
                yield 'differs from the output of tests/tools/pack'
        if kind in ('real', 'made'):
            fixture.tree_of(archive, path)
            yield from (check_real if kind == 'real' else check_made)(archive)
    except txtar.Refused as refusal:
        yield str(refusal)


def main():
    names = project.files(under=('tests/fixtures/real/', 'tests/fixtures/made/',
                                 'tests/cli/cases/', 'tests/cli/thorough/', 'tests/cli/large/'))
    problems = [f'{name}: not a text that ends with {txtar.SUFFIX}' for name in names
                if not name.endswith(txtar.SUFFIX) or name.count('/') != 3]
    for name in names:
        problems += [f'{name}: {problem}' for problem in find_problems(name)]
    project.finish('fixtures', len(names), problems)


if __name__ == '__main__':
    main()
