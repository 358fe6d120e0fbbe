#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs and libraries that are hardened as meson.build asks, seen in what was built.

usage: hardening.py [--fortify] [--cet] FILE...

Of each FILE, a linked program or shared library: is it position-independent, are all its
relocations read-only before it starts, is its stack not executable, and nothing both
writable and executable? Of the objects compiled for it, which lie beside it in FILE.p:
do they check their stacks and, with --fortify, buffers of known size; with --cet, has
each the marks of Intel's CET? Of a static library only the objects.
"""
import argparse
import os
import re
import subprocess
import sys

# Most objects have arrays on their stack; a build without the option has a function of none.
GUARDED_SHARE = 0.3


def readelf(*words):
    return subprocess.run(['readelf', '--wide', *words], check=True, capture_output=True,
                          text=True, env={**os.environ, 'LC_ALL': 'C'}).stdout


def check_linked(path):
    """Complain about what the linker made."""
    header, segments, dynamic = (readelf(word, path) for word in
                                 ('--file-header', '--segments', '--dynamic'))
    flags = ' '.join(re.findall(r'\(FLAGS(?:_1)?\)(.*)', dynamic)).replace('Flags:', '').split()
    if not re.search(r'Type: +DYN ', header):
        yield 'is not position-independent'
    elif '.so' not in os.path.basename(path) and 'PIE' not in flags:
        yield 'is not a position-independent program'
    if 'GNU_RELRO' not in segments:
        yield 'has no relocations that become read-only (RELRO)'
    if 'NOW' not in flags:
        yield 'is bound lazily: the table of functions stays writable (-z now)'
    stack = re.search(r'GNU_STACK(?: +0x\w+){5} +(\S[RWE ]*?) +0x', segments)
    if not stack or 'E' in stack[1]:
        yield 'has an executable stack'
    if re.search(r'LOAD .* RWE ', segments):
        yield 'has a segment that is writable and executable'
    if 'TEXTREL' in dynamic:
        yield 'relocates its code'


def objects_of(path):
    """What was compiled for a target: meson keeps it in a directory of its own."""
    private = path + '.p'
    if not os.path.isdir(private):
        return []
    return sorted(os.path.join(private, name) for name in os.listdir(private)
                  if name.endswith('.o'))


def undefined(objects):
    """Of each object, the names that it takes from elsewhere; all in one run of nm."""
    listing = subprocess.run(['nm', '--undefined-only', '--print-file-name', *objects],
                             check=True, capture_output=True, text=True).stdout
    names = {path: set() for path in objects}
    for line in listing.splitlines():
        path, _, name = line.rpartition(' U ')
        names[path.rstrip().rstrip(':')].add(name)
    return list(names.values())


def without_marks(objects):
    """Those that are not marked for CET."""
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
    """Complain about what the compiler made of all of them."""
    names = undefined(objects)
    guarded = sum('__stack_chk_fail' in each or '__stack_chk_fail_local' in each
                  for each in names)
    fortified = sum(any(re.fullmatch(r'__\w+_chk', name) for name in each) for each in names)
    if guarded < GUARDED_SHARE * len(objects):
        yield (f'only {guarded} of {len(objects)} objects check their stack '
               '(-fstack-protector-strong)')
    if options.fortify and not fortified:
        yield f'none of {len(objects)} objects checks sizes of buffers (_FORTIFY_SOURCE)'
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
        problems += [f'{path}: {complaint}' for complaint in check_linked(path)]
        if options.cet and not re.search(r'x86 feature:.*SHSTK', readelf('--notes', path)):
            problems.append(f'{path}: not linked for a shadow stack (-z shstk)')
    if not objects:
        problems.append('no objects were found beside the files')
    problems += check_objects(objects, options)
    for problem in problems:
        print(f'hardening: {problem}')
    print(f'hardening: {linked} linked, {len(objects)} compiled, {len(problems)} wrong')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
