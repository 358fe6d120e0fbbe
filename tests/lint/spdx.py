#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that the first lines of each file state the licence that its directory requires, and that a
file that begins with "#!" is executable."""
import os
import re

import project

LGPL = 'LGPL-2.1-or-later'
GPL = 'GPL-2.0-or-later'
LGPL_PLACES = tuple(f'src/{module}/' for module in
                    ('base', 'capture', 'infer', 'linux', 'rules', 'answer', 'compare', 'document',
                     'input', 'show'))
# Files without a licence line: prose, data, and formats without comments.
WITHOUT = re.compile(r'''
    LICENSES/.* | .*\.json | .*\.md | NEWS | LICENSE | COPYING | \.[^/]* | (.*/)?\.gitignore |
    tests/fixtures/(real|made|logs)/.* | tests/fuzz/corpus/.* |
    tests/cli/(cases|thorough|large)/.* |
    tests/cli/.*/(cmd|stdout|stderr|exit|stdin|files/.*) | tests/lint/.*\.txt |
    debian/.* | .*\.patch | .*\.svg | .*\.bin | .*\.t(xt|sv)
    ''', re.X)
# Scripts that debhelper or meson makes executable
TEMPLATES = re.compile(r'debian/.*|.*\.in')


def is_unexecutable(name):
    return project.text(name).startswith('#!') and not TEMPLATES.fullmatch(name) and \
        not os.access(os.path.join(project.ROOT, name), os.X_OK)


def main():
    names = [n for n in project.files() if not WITHOUT.fullmatch(n)]
    problems = [f'{name}: begins with #!, but is not executable: run chmod +x'
                for name in names if is_unexecutable(name)]
    for name in names:
        want = LGPL if name.startswith(LGPL_PLACES) else GPL
        head = '\n'.join(project.text(name).split('\n')[:4])
        found = re.search(r'SPDX-License-Identifier: (\S+)', head)
        if not found:
            problems.append(f'{name}: no SPDX-License-Identifier in its first lines')
        elif found[1] != want:
            problems.append(f'{name}: licence {found[1]}, expected {want}')
    project.finish('spdx', len(names), problems)


if __name__ == '__main__':
    main()
