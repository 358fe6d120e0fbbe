#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every real capture has an ORIGIN, every made one can be assembled and says WHY."""
import os
import re
import sys

import project

FIXTURES = os.path.join(project.ROOT, 'tests', 'fixtures')
sys.path.insert(0, FIXTURES)
import assemble  # noqa: E402  pylint: disable=wrong-import-position,import-error


def children(place):
    """The names below a directory."""
    path = os.path.join(FIXTURES, place)
    return sorted(os.listdir(path)) if os.path.isdir(path) else []


def check_real(name, problems):
    """Complaints about one real capture."""
    path = os.path.join(FIXTURES, 'real', name)
    origin = os.path.join(path, 'ORIGIN')
    if not os.path.isfile(origin):
        problems.append(f'real/{name}: no ORIGIN')
    else:
        with open(origin, encoding='utf-8') as file:
            content = file.read()
        for word in ('machine:', 'healthy:', 'captured:'):
            if word not in content:
                problems.append(f'real/{name}/ORIGIN: does not say {word}')
    for where, dirs, files in os.walk(path):
        for entry in dirs + files:
            full = os.path.join(where, entry)
            if os.path.islink(full) or not (os.path.isfile(full) or os.path.isdir(full)):
                problems.append(f'{os.path.relpath(full, FIXTURES)}: neither file nor directory')
        if not dirs and not files:
            problems.append(f'{os.path.relpath(where, FIXTURES)}: empty: git does not keep it')


def check_expect(name, problems):
    """Complaints about the EXPECT of a made capture."""
    text = assemble.read_text(os.path.join(FIXTURES, 'made', name), 'EXPECT')
    for line in text.splitlines():
        if not re.fullmatch(r'[a-z0-9-]+ (error|warning|note) (-|\d+(,\d+)*)', line):
            problems.append(f'made/{name}/EXPECT: not "rule severity entries": {line}')


def check_made(name, problems):
    """Complaints about one made capture."""
    path = os.path.join(FIXTURES, 'made', name)
    try:
        assemble.check(path)
    except assemble.Refused as refusal:
        problems.append(f'made/{name}: {refusal}')
    for entry in os.listdir(path) if os.path.isdir(path) else []:
        if entry not in ('WHY', 'BASE', 'FIRST', 'COMMAND', 'REMOVE', 'COPIES', 'EXPECT', 'SAYS',
                         'tree'):
            problems.append(f'made/{name}/{entry}: does not belong there')
    check_expect(name, problems)


def main():
    """The lint."""
    problems = []
    real, made = children('real'), children('made')
    for name in real:
        check_real(name, problems)
    for name in made:
        check_made(name, problems)
    project.finish('fixtures', len(real) + len(made), problems)


if __name__ == '__main__':
    main()
