#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that the sos plugin, the patch with this plugin and efimapctl-source(7) contain the files of
src/capture/sources.table.

usage: sources.py [--write]
"""
import os
import re
import sys

import project

sys.path.insert(0, os.path.join(project.ROOT, 'tools'))
import sources  # noqa: E402 pylint: disable=wrong-import-position,import-error

TABLE = 'src/capture/sources.table'
PLUGIN = 'integration/sos/efimap.py'
PATCH = 'docs/upstream/sos/0001-efimap-Add-plugin-for-the-EFI-runtime-memory-map.patch'
PAGE = 'man/efimapctl-source.7'
# The lists in the plugin and in the patch, in which each line begins with "+"
LIST = re.compile(r"(^COPIED = \[\n)(?:    '.*\n)*", re.M)
PATCH_LIST = re.compile(r"(^\+            # The files that efimapctl reads\n)(?:\+            '.*\n)*",
                        re.M)
# The number of added lines, which is in three lines of the patch
LENGTH = re.compile(r'(?<=efimap.py \| )\d+ \++|(?<= changed, )\d+(?= insertion)|'
                    r'(?<=^@@ -0,0 \+1,)\d+', re.M)
PLUSES = 35
# The part of the page that lists the files of the groups
GROUPS = re.compile(r'(^\.\\" FILES: begin\n).*?(?=^\.\\" FILES: end\n)', re.M | re.S)


def update_list(text, files, pattern=LIST, before='    '):
    specs = dict.fromkeys(spec for file in files for spec in file.specs)
    lines = ''.join(f"{before}'{spec}',\n" for spec in specs)
    return pattern.sub(lambda match: match[1] + lines, text, count=1)


def update_patch(text, files):
    text = update_list(text, files, PATCH_LIST, '+' + 12 * ' ')
    count = len(re.findall(r'^\+(?!\+\+ )', text, re.M))
    return LENGTH.sub(lambda match: f'{count} {"+" * PLUSES}' if '+' in match[0] else str(count),
                      text)


def item(file):
    """Return the mdoc line that names the paths of a file."""
    return '.It ' + ' , '.join('Pa ' + ('' if path.startswith('sos_commands/') else '/') +
                               path.replace('%s', 'RELEASE') for path in file.paths)


def update_page(text, files, pages):
    lines = ''.join('\n'.join([item(file) for file in files if file.page == page] + [words]) + '\n'
                    for page, words in pages.items())
    return GROUPS.sub(lambda match: match[1] + lines, text)


def main():
    files, pages = sources.read_table(os.path.join(project.ROOT, TABLE))
    texts = {name: project.text(name) for name in (PLUGIN, PATCH, PAGE)}
    wanted = {PLUGIN: update_list(texts[PLUGIN], files), PATCH: update_patch(texts[PATCH], files),
              PAGE: update_page(texts[PAGE], files, pages)}
    problems = []
    for name, text in wanted.items():
        if '--write' in sys.argv[1:]:
            with open(os.path.join(project.ROOT, name), 'w', encoding='utf-8') as file:
                file.write(text)
        elif text != texts[name]:
            problems.append(f'{name}: differs from {TABLE}: run tests/lint/sources.py --write')
    project.finish('sources', len(files), problems)


if __name__ == '__main__':
    main()
