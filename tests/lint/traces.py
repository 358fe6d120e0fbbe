#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that no file contains leftovers (local paths, hosts, conflict marks) or the name of a
source file that does not exist."""
import os
import re

import project

HOSTS = {
    'www.kernel.org', 'git.kernel.org', 'docs.kernel.org', 'lore.kernel.org', 'kernel.org',
    'uefi.org', 'json-schema.org', 'github.com', 'www.gnu.org', 'mesonbuild.com',
    'jansson.readthedocs.io', 'cmocka.org', 'no-color.org', 'llvm.org', 'www.w3.org',
    'man7.org', 'docs.oasis-open.org', 'www.debian.org', 'efimapctl.example', 'example.org',
    'example.com',
}
# The patterns are split so that they do not match this file.
PATTERNS = [
    (re.compile(r'/wo' r'rk/'), 'a path of somebody\'s machine'),
    (re.compile(r'/ho' r'me/[a-z]'), 'a path of somebody\'s machine'),
    (re.compile(r'\.\./sha' r'red/'), 'a path outside the project'),
    (re.compile(r'\b(?:de' r'b|secu' r'rity|snap' r'shot)\.debian\.org'), 'a package host'),
    (re.compile(r'^(?:<{7}|>{7}|={7})(?: |$)', re.M), 'a conflict mark'),
    (re.compile(r'\b(?:FIX' r'ME|XX' r'X|TO' r'DO)\b'), 'unfinished business'),
]
URL = re.compile(r'\b(?:https?|ftp)://([\w.-]+)')
SKIP = ('tests/fixtures/real/', 'tests/fuzz/corpus/', 'LICENSES/')

# A path of a source file, relative to the top directory or to a directory below it.
SOURCE = re.compile(r'(?<![\w./-])(?:\.\./|\{\w+\}/|\$\w+/|@\w+@/)*'
                    r'(src/[a-z0-9_./-]*[a-z0-9_-]\.(?:c|h|S|ld|rules|topics|changes|css|py|txt))\b')
# A path in parts, such as 'src' / 'cli' / 'main.c' or os.path.join(ROOT, 'src', 'cli', 'main.c').
PIECES = re.compile(r"""(?<=['"])(src(?:['"][ ]?[,/][ ]?['"][\w.-]+)+)(?=['"])""")
# Documents that may name files of older commits or of other projects
OLD_FILES = ('NEWS', 'debian/changelog', 'docs/upstream/')


def missing_sources(name, content):
    joined = PIECES.sub(lambda m: re.sub(r"""['"][ ]?[,/][ ]?['"]""", '/', m[1]), content)
    for match in SOURCE.finditer(joined):
        here = os.path.dirname(name)
        places = (os.path.join(project.ROOT, base, match[1])
                  for base in ('', here, os.path.dirname(here)))
        if not any(os.path.exists(place) for place in places):
            yield project.line_of(joined, match.start()), match[1]


def main():
    names = [n for n in project.files() if not n.startswith(SKIP) and project.is_text(n)]
    problems = []
    for name in names:
        content = project.text(name)
        for pattern, what in PATTERNS:
            for match in pattern.finditer(content):
                problems.append(f'{name}:{project.line_of(content, match.start())}: {what}: '
                                f'{match.group()}')
        for match in URL.finditer(content):
            if match[1].rstrip('.') not in HOSTS:
                problems.append(f'{name}:{project.line_of(content, match.start())}: '
                                f'{match[1]} is not a known host in traces.py')
        if not name.startswith(OLD_FILES):
            problems += [f'{name}:{line}: {path} does not exist'
                         for line, path in missing_sources(name, content)]
    project.finish('traces', len(names), problems)


if __name__ == '__main__':
    main()
