#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that fixtures and cases have the format that tests/tools/pack writes, that real captures
state their origin, and that synthetic fixtures state their purpose and name no removed rule."""
import os
import re
import sys

import project

sys.path[:0] = [os.path.join(project.ROOT, 'tests', 'tools'), os.path.join(project.ROOT, 'tools')]
import fixture  # noqa: E402  pylint: disable=wrong-import-position,import-error
import rules  # noqa: E402  pylint: disable=wrong-import-position,import-error
import txtar  # noqa: E402  pylint: disable=wrong-import-position,import-error

SAID = ('machine:', 'healthy:', 'captured:')
ABOUT = {'BASE', 'FIRST', 'COMMAND', 'SOURCE', 'REMOVE', 'COPIES', 'EXPECT', 'SAYS'}
WORD = re.compile(r'(?<![\w./=-])[a-z][a-z0-9]*(?:-[a-z0-9]+)+(?![\w/=-])')
# Words that begin like names of rules
OTHER_WORDS = {'identity-mapped', 'kexec-tools', 'runtime-map',
               *rules.OUTCOMES, *rules.CONCERNS}


def rule_names():
    return {name for path in project.files('.rules')
            for name in re.findall('^Rule: (.*)', project.text(path), re.M)}


def unknown_rules():
    """Yield an error for each word in a purpose that begins like the name of a rule, but is none."""
    known = rule_names()
    families = {name.split('-')[0] for name in known}
    for name in fixture.names('made'):
        for word in WORD.findall(fixture.load('made', name).comment.decode()):
            if word.split('-')[0] in families and word not in known | OTHER_WORDS:
                yield f'{name}: the purpose names {word}, which is not a rule'


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
        cases = txtar.load_cases(path) if kind == 'made' else {name: txtar.load(path)}
        with open(path, 'rb') as file:
            if file.read() != txtar.write_cases(cases):
                yield 'differs from the output of tests/tools/pack'
        for archive in cases.values() if kind in ('real', 'made') else ():
            fixture.tree_of(archive, path)
            yield from (check_real if kind == 'real' else check_made)(archive)
    except txtar.Refused as refusal:
        yield str(refusal)


def main():
    names = project.files(under=('tests/fixtures/real/', 'tests/fixtures/made/',
                                 'tests/cli/cases/', 'tests/cli/thorough/', 'tests/cli/large/'))
    problems = [f'{name}: not a text that ends with {txtar.SUFFIX}' for name in names
                if not name.endswith(txtar.SUFFIX) or name.count('/') != 3]
    problems += unknown_rules()
    for name in names:
        problems += [f'{name}: {problem}' for problem in find_problems(name)]
    project.finish('fixtures', len(names), problems)


if __name__ == '__main__':
    main()
