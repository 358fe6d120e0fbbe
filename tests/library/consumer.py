#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A program of somebody else: what is installed is enough to compile, link and run one.

usage: consumer.py BUILD -- CC [ARG...]
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'tools'))
import fixture  # noqa: E402 pylint: disable=wrong-import-position

EXAMPLE = os.path.join(ROOT, 'examples', 'verify.c')
WARNINGS = ['-Wall', '-Wextra', '-Werror', '-Wno-unused-parameter']


def run(command, **options):
    """Run something that must succeed; what it printed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        sys.exit(f'{" ".join(command)}: status {done.returncode}\n{done.stdout}{done.stderr}')
    return done.stdout


class Installed:
    """An installation in a directory of its own, and pkg-config's view of it."""

    def __init__(self, build, temp):
        run(['meson', 'install', '-C', build, '--no-rebuild', '--destdir', temp])
        pc, = glob.glob(f'{temp}/**/libefimap.pc', recursive=True)
        self.libdir = os.path.dirname(os.path.dirname(pc))
        with open(pc, encoding='utf-8') as file:
            prefix = re.search('^prefix=(.*)$', file.read(), re.M)[1]
        self.prefix = temp + prefix
        self.env = {**os.environ, 'PKG_CONFIG_PATH': os.path.dirname(pc)}

    def flags(self, *words):
        """What pkg-config says."""
        return run(['pkg-config', f'--define-variable=prefix={self.prefix}', *words,
                    'libefimap'], env=self.env).split()


def check_answers(program, env):
    """The example judges real machines as they are."""
    for name, status, words in (('ovmf-q35-6.1-kexec-first', 0, ['[table-in-ram]', ', pass ']),
                                ('seabios-q35-6.1-first', 2, ['not-applicable']),
                                ('no-such-capture', 2, [])):
        done = subprocess.run([program, fixture.real(name)], env={**os.environ, **env},
                              capture_output=True, text=True, check=False)
        if done.returncode != status or not all(w in done.stdout for w in words):
            sys.exit(f'{program} {name}: status {done.returncode}\n{done.stdout}{done.stderr}')


def check_shared(there, compiler, temp):
    """Linked through pkg-config, it needs libefimap.so.0."""
    program = os.path.join(temp, 'shared')
    run([*compiler, *WARNINGS, EXAMPLE, '-o', program,
         *there.flags('--cflags', '--libs')])
    needed = run(['readelf', '-d', program])
    if '[libefimap.so.0]' not in needed:
        sys.exit(f'not linked against libefimap.so.0:\n{needed}')
    for private in ('jansson', 'libmd', 'sysfs'):
        if private in needed:
            sys.exit(f'{private} leaks into a program that does not use it:\n{needed}')
    check_answers(program, {'LD_LIBRARY_PATH': there.libdir})


def check_static(there, compiler, temp):
    """With the static library it runs where libefimap.so.0 is not."""
    program = os.path.join(temp, 'static')
    libs = ['-l:libefimap.a' if word == '-lefimap' else word
            for word in there.flags('--static', '--libs')]
    run([*compiler, *WARNINGS, EXAMPLE, '-o', program, *there.flags('--cflags'), *libs])
    if 'libefimap' in run(['readelf', '-d', program]):
        sys.exit('the static library was not used')
    check_answers(program, {})


def check_headers(there, compiler):
    """Each header compiles alone with nothing but the others that are installed; in C++ too."""
    headers = sorted(glob.glob(f'{there.prefix}/include/efimap/*.h'))
    languages = [['-x', 'c', '-std=gnu11', '-Wstrict-prototypes']]
    if shutil.which('c++'):
        languages.append(['-x', 'c++'])
    for words in languages:
        command = ['c++'] if 'c++' in words else compiler
        for header in headers:
            run([*command, *WARNINGS, '-D_GNU_SOURCE', *words, '-fsyntax-only',
                 *there.flags('--cflags'), '-'], input=f'#include <efimap/'
                f'{os.path.basename(header)}>\n')
    if not headers:
        sys.exit('no headers are installed')
    print(f'{len(headers)} headers')


def main():
    """The test."""
    build, compiler = sys.argv[1], sys.argv[3:]
    with tempfile.TemporaryDirectory() as temp:
        there = Installed(build, os.path.join(temp, 'root'))
        check_headers(there, compiler)
        check_shared(there, compiler, temp)
        check_static(there, compiler, temp)


if __name__ == '__main__':
    main()
