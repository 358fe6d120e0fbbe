#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that the shared library exports exactly the symbols that the installed headers declare, and
that the static library defines them.

usage: exports.py LIBRARY.so [LIBRARY.a] HEADER...
"""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'lint'))
import project  # noqa: E402 pylint: disable=wrong-import-position

FUNCTION = re.compile(r'^(?!static|typedef|#|\s|\}|/)[\w\s*]*?\b(\w+)\s*\(', re.M)
OBJECT = re.compile(r'^extern\s[^;()]*?\b(\w+)\s*(?:\[[^]]*\])*\s*;', re.M)
NODE = re.compile(r'LIBEFIMAP_\d+\.\d+')
# These limits keep the public API small enough to learn in an hour.
MAX_SYMBOLS, MAX_HEADERS = 48, 8


def declared(header):
    content = re.sub(r'^EFIMAP_API_\w+$', '', project.code(os.path.abspath(header)), flags=re.M)
    return set(FUNCTION.findall(content)) | set(OBJECT.findall(content))


def exported(library, problems):
    """Return the exported symbols, each of which must have one version."""
    listing = subprocess.run(['nm', '-D', '--defined-only', '--with-symbol-versions', library],
                             check=True, capture_output=True, text=True).stdout
    names = set()
    for line in listing.splitlines():
        kind, symbol = line.split()[-2:]
        name, _, version = symbol.partition('@@')
        if kind == 'A':
            continue
        names.add(name)
        if not NODE.fullmatch(version):
            problems.append(f'{name}: exported without a version ({symbol})')
    return names


def defined(archive):
    listing = subprocess.run(['nm', '-g', '--defined-only', archive],
                             check=True, capture_output=True, text=True).stdout
    return {line.split()[-1] for line in listing.splitlines() if len(line.split()) == 3}


def main():
    library, headers = sys.argv[1], [word for word in sys.argv[2:] if word.endswith('.h')]
    archives = [word for word in sys.argv[2:] if word not in headers]
    problems, wanted = [], {}
    for header in headers:
        for name in declared(header):
            wanted[name] = os.path.basename(header)
    seen = exported(library, problems)
    for name in sorted(wanted.keys() - seen):
        problems.append(f'{name}: declared in {wanted[name]}, not exported')
    for name in sorted(seen - wanted.keys()):
        problems.append(f'{name}: exported, and no installed header declares it')
    for archive in archives:
        for name in sorted(wanted.keys() - defined(archive)):
            problems.append(f'{name}: declared in {wanted[name]}, not in the static library')
    if len(seen) > MAX_SYMBOLS or len(headers) > MAX_HEADERS:
        problems.append(f'{len(seen)} symbols in {len(headers)} headers: at most {MAX_SYMBOLS} '
                        f'in {MAX_HEADERS}')
    project.finish('exports', len(wanted), problems)


if __name__ == '__main__':
    main()
