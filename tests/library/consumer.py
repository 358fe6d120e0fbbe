#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compile, link and run programs with only the installed library.

usage: consumer.py BUILD -- CC [ARG...]
"""
import glob
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'tools'))
import fixture  # noqa: E402 pylint: disable=wrong-import-position

EXAMPLES = os.path.join(ROOT, 'examples')
WARNINGS = ['-Wall', '-Wextra', '-Werror']


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        sys.exit(f'{" ".join(command)}: status {done.returncode}\n{done.stdout}{done.stderr}')
    return done.stdout


class Installed:
    """An installation in a separate directory, with its pkg-config files."""

    def __init__(self, build, temp):
        run(['meson', 'install', '-C', build, '--no-rebuild', '--destdir', temp])
        pc, = glob.glob(f'{temp}/**/libefimap.pc', recursive=True)
        self.libdir = os.path.dirname(os.path.dirname(pc))
        with open(pc, encoding='utf-8') as file:
            prefix = re.search('^prefix=(.*)$', file.read(), re.M)[1]
        self.prefix = temp + prefix
        self.env = {**os.environ, 'PKG_CONFIG_PATH': os.path.dirname(pc)}

    def flags(self, *words):
        prefix = self.prefix.replace(' ', '\\ ')
        return shlex.split(run(['pkg-config', f'--define-variable=prefix={prefix}', *words,
                                'libefimap'], env=self.env))


def expect(command, status, words, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode != status or not all(word in done.stdout for word in words):
        sys.exit(f'{" ".join(command)}: status {done.returncode}\n{done.stdout}{done.stderr}')


def check_answers(programs, env):
    env = {**os.environ, **env}
    for name, status, words in (('ovmf-q35-6.1-kexec-first', 0, ['[table-in-ram]', ', pass ']),
                                ('seabios-q35-6.1-first', 2, ['not-applicable']),
                                ('no-such-capture', 2, [])):
        expect([programs['verify'], fixture.real(name)], status, words, env=env)
    for name, status, words in (
            ('logs/001-asustek-zenbook-ux391fa.txt', 1, ['table-in-ram: ', '\t1. Specify the next kernel']),
            ('logs/003-lenovo-21ah00hfge.txt', 0, ['boot-services-reserved: ']),
            ('logs/070-ami-am-g6x.txt', 1, ['table-in-ram: ']),
            ('real/seabios-q35-6.1-first/dmesg.txt', 2, ['not judged: ', 'booted without EFI'])):
        with open(os.path.join(fixture.unpacked(), name), encoding='utf-8') as file:
            expect([programs['verify-log']], status, words, env=env, stdin=file)


def build(compiler, temp, kind, flags):
    programs = {}
    for name in ('verify', 'verify-log'):
        programs[name] = os.path.join(temp, f'{name}-{kind}')
        run([*compiler, *WARNINGS, os.path.join(EXAMPLES, f'{name}.c'), '-o', programs[name],
             *flags])
    return programs


def check_shared(there, compiler, temp, kind):
    """Check that programs linked through pkg-config need libefimap.so.1, but not the libraries that
    it uses."""
    programs = build(compiler, temp, kind, there.flags('--cflags', '--libs'))
    for program in programs.values():
        needed = run(['readelf', '-d', program])
        if '[libefimap.so.1]' not in needed:
            sys.exit(f'not linked against libefimap.so.1:\n{needed}')
        for private in ('jansson', 'libmd', 'sysfs'):
            if private in needed:
                sys.exit(f'{private} leaks into a program that does not use it:\n{needed}')
    check_answers(programs, {'LD_LIBRARY_PATH': there.libdir})


def check_static(there, compiler, temp):
    libs = ['-l:libefimap.a' if word == '-lefimap' else word
            for word in there.flags('--static', '--cflags', '--libs')]
    programs = build(compiler, temp, 'static', libs)
    for program in programs.values():
        if 'libefimap' in run(['readelf', '-d', program]):
            sys.exit('the static library was not used')
    check_answers(programs, {})


def check_headers(there, compiler):
    """Check that each header compiles alone, with only the installed headers, in C and C++."""
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
    built, compiler = sys.argv[1], sys.argv[3:]
    with tempfile.TemporaryDirectory() as temp:
        there = Installed(built, os.path.join(temp, 'root'))
        check_headers(there, compiler)
        check_shared(there, compiler, temp, 'c')
        # With a sanitizer, the C and C++ compilers would have to use the same sanitizer library.
        if shutil.which('c++') and not any(word.startswith('-fsanitize=') for word in compiler):
            check_shared(there, ['c++', '-x', 'c++'], temp, 'c++')
        # -Ddefault_library decides whether there is a static library.
        if os.path.exists(os.path.join(there.libdir, 'libefimap.a')):
            check_static(there, compiler, temp)


if __name__ == '__main__':
    main()
