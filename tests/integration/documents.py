#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Follow each relative link of each installed document.

usage: documents.py EFIMAPCTL BUILD [CASE...]
"""
import os
import re
import sys

from common import ROOT, below, expect, main, read

DIRECTORY = 'usr/share/doc/efimapctl'


def anchors(text):
    """Return the anchors of the headings in Markdown, as GitHub names them."""
    heads = re.findall(r'^#+ (.*)$', text, re.M)
    return {re.sub(r'[^\w -]', '', head.lower()).replace(' ', '-') for head in heads}


def case_links(case):
    build = case.set_up(['--prefix=/usr'])
    root = case.path('root')
    done = case.run(['meson', 'install', '-C', build, '--no-rebuild', '--tags=doc',
                     f'--destdir={root}'])
    expect(done.returncode == 0, done.stdout[-800:] + done.stderr[-800:])
    where = os.path.join(root, DIRECTORY)
    names = below(where)
    expect('integration/README.md' in names, names)
    followed, wrong = 0, []
    for name in sorted(names):
        expect(os.stat(os.path.join(where, name)).st_mode & 0o777 == 0o644, f'mode of {name}')
        if not name.endswith('.md'):
            continue
        text = read(os.path.join(where, name))
        for link in re.findall(r'\]\(([^)\s]+)\)', text):
            if re.match('[a-z]+:', link):
                continue
            path, _, anchor = link.partition('#')
            target = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
            followed += 1
            if target not in names:
                wrong.append(f'{name}: {link}: the file is not installed')
            elif anchor and anchor not in anchors(read(os.path.join(where, target))):
                wrong.append(f'{name}: {link}: no such heading')
    expect(not wrong, wrong)
    expect(followed > 10, f'only {followed} links were found')
    # Manual pages name documents by their paths.
    for page in sorted(os.listdir(f'{ROOT}/man')):
        for path in re.findall(rf'/{DIRECTORY}/(\S+)', read(f'{ROOT}/man/{page}')):
            expect(path in names, f'{page}: {path} is not installed')


if __name__ == '__main__':
    sys.exit(main())
