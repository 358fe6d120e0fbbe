#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""No trace of the machine that somebody worked on: paths, hosts, left-over marks."""
import re

import project

# Hosts that the project's own text may point to.
HOSTS = {
    'www.kernel.org', 'git.kernel.org', 'docs.kernel.org', 'lore.kernel.org', 'kernel.org',
    'uefi.org', 'json-schema.org', 'github.com', 'www.gnu.org', 'spdx.org', 'mesonbuild.com',
    'jansson.readthedocs.io', 'cmocka.org', 'no-color.org', 'llvm.org', 'www.w3.org',
    'man7.org', 'docs.oasis-open.org', 'www.debian.org', 'efimapctl.example', 'example.org',
    'example.com',
}
# Written in pieces, so that this file does not hold them.
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
                                f'{match[1]} is not among the known hosts of traces.py')
    project.finish('traces', len(names), problems)


if __name__ == '__main__':
    main()
