#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that the built programs have the hardening that meson.build requests.

usage: hardening.py [--fortify] [--cet] FILE...

A linked program must be position-independent and have full RELRO. It must not have an executable
stack, or a segment that is both writable and executable. A minimum share of the objects in FILE.p
must use stack protectors. With --fortify, at least one object must use fortified functions. With
--cet, all objects must have the marks of Intel CET. For a static library, only the objects are
checked.
"""
import argparse
import os
import re
import subprocess
import sys

# Minimum share of objects with a stack guard. An object has no guard if its functions have no arrays
# on the stack and take no addresses of local variables.
GUARDED_SHARE = 0.3


def readelf(*words):
    return subprocess.run(['readelf', '--wide', *words], check=True, capture_output=True,
                          text=True, env={**os.environ, 'LC_ALL': 'C'}).stdout


def check_linked(path):
    header, segments, dynamic = (readelf(word, path) for word in
                                 ('--file-header', '--segments', '--dynamic'))
    flags = ' '.join(re.findall(r'\(FLAGS(?:_1)?\)(.*)', dynamic)).replace('Flags:', '').split()
    if not re.search(r'Type: +DYN ', header):
        yield 'is not position-independent'
    elif 'PIE' not in flags:
        yield 'is not a position-independent program'
    if 'GNU_RELRO' not in segments:
        yield 'is linked without RELRO'
    if 'NOW' not in flags:
        yield 'is bound lazily, so the table of functions is writable (use -z now)'
    stack = re.search(r'GNU_STACK(?: +0x\w+){5} +(\S[RWE ]*?) +0x', segments)
    if not stack or 'E' in stack[1]:
        yield 'has an executable stack'
    if re.search(r'LOAD .* RWE ', segments):
        yield 'has a segment that is writable and executable'
    if 'TEXTREL' in dynamic:
        yield 'has relocations in its code'


def objects_of(path):
    private = path + '.p'
    if not os.path.isdir(private):
        return []
    return sorted(os.path.join(private, name) for name in os.listdir(private)
                  if name.endswith('.o'))


def undefined(objects):
    """Return the undefined symbols of each object. readelf is used, because nm does not read the
    symbols of the machine code if an object also contains code for link-time optimization."""
    names = {path: set() for path in objects}
    path = objects[0]
    for line in readelf('--symbols', *objects).splitlines():
        if line.startswith('File: '):
            path = line[len('File: '):]
        found = re.search(r' UND (\S+)$', line)
        if found:
            names[path].add(found[1])
    return list(names.values())


def without_marks(objects):
    marked = set()
    path = objects[0]
    for line in readelf('--notes', *objects).splitlines():
        if line.startswith('File: '):
            path = line[len('File: '):]
        found = re.search(r'x86 feature: (.*)', line)
        if found and {'IBT', 'SHSTK'} <= set(found[1].split(', ')):
            marked.add(path)
    return [path for path in objects if path not in marked]


def check_objects(objects, options):
    names = undefined(objects)
    guarded = sum('__stack_chk_fail' in each or '__stack_chk_fail_local' in each
                  for each in names)
    fortified = sum(any(re.fullmatch(r'__\w+_chk', name) for name in each) for each in names)
    if guarded < GUARDED_SHARE * len(objects):
        yield (f'only {guarded} of {len(objects)} objects check their stack '
               '(-fstack-protector-strong)')
    if options.fortify and not fortified:
        yield f'none of {len(objects)} objects uses fortified functions (_FORTIFY_SOURCE)'
    for path in without_marks(objects) if options.cet else []:
        yield f'{path}: not compiled for CET (-fcf-protection)'


def main():
    parser = argparse.ArgumentParser()
    for word in ('--fortify', '--cet'):
        parser.add_argument(word, action='store_true')
    parser.add_argument('files', nargs='+')
    options = parser.parse_args()
    problems, objects, linked = [], [], 0
    for path in options.files:
        objects += objects_of(path)
        if path.endswith('.a'):
            continue
        linked += 1
        problems += [f'{path}: {problem}' for problem in check_linked(path)]
        if options.cet and not re.search(r'x86 feature:.*SHSTK', readelf('--notes', path)):
            problems.append(f'{path}: not linked for a shadow stack (-z shstk)')
    if not objects:
        problems.append('no objects were found in FILE.p')
    problems += check_objects(objects, options)
    for problem in problems:
        print(f'hardening: {problem}')
    print(f'hardening: {linked} linked, {len(objects)} compiled, {len(problems)} wrong')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
