# SPDX-License-Identifier: GPL-2.0-or-later
"""Helpers for lints, which list and read the project's files and report problems."""
import functools
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

if '--help' in sys.argv[1:]:
    print(sys.modules['__main__'].__doc__.strip())
    sys.exit()


def walk():
    for where, dirs, files in os.walk(ROOT):
        dirs[:] = [d for d in dirs
                   if d not in ('.git', '__pycache__') and not is_build(where, d)]
        for name in files:
            yield os.path.relpath(os.path.join(where, name), ROOT)


def is_build(where, name):
    return os.path.exists(os.path.join(where, name, 'meson-info'))


@functools.lru_cache(maxsize=None)
def every_name():
    """Return the files that git tracks or would add. Without git, or if the project is not a clone,
    return all files outside of build directories."""
    try:
        if not os.path.exists(os.path.join(ROOT, '.git')):
            return list(walk())
        # Set safe.directory, because git refuses to read a tree that belongs to another user.
        listing = subprocess.run(
            ['git', '-c', 'safe.directory=*', '-C', ROOT, 'ls-files', '-z', '--cached',
             '--others', '--exclude-standard'],
            check=True, capture_output=True).stdout.decode()
        return [n for n in listing.split('\0') if n]
    except (OSError, subprocess.CalledProcessError):
        return list(walk())


def files(*suffixes, under=()):
    """Return the names of the project's files with these suffixes and below these directories,
    relative to ROOT."""
    return sorted(n for n in every_name()
                  if n.endswith(suffixes or '') and n.startswith(tuple(under) or '')
                  and os.path.isfile(os.path.join(ROOT, n)))


def text(name):
    with open(os.path.join(ROOT, name), encoding='utf-8', errors='replace') as file:
        return file.read()


def is_text(name):
    with open(os.path.join(ROOT, name), 'rb') as file:
        return b'\0' not in file.read(65536)


def blank(match):
    return re.sub(r'[^\n]', ' ', match.group())


def code(name, strings=True):
    """Return C code in which spaces replace comments and literals. With strings=False, literals are
    not replaced."""
    literal = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|' + literal, re.S)

    def replace(match):
        is_literal = match.group()[0] in '"\''
        return match.group() if is_literal and not strings else blank(match)
    return pattern.sub(replace, text(name))


def line_of(content, offset):
    return content.count('\n', 0, offset) + 1


def finish(name, looked_at, problems):
    for problem in problems:
        print(problem)
    print(f'{name}: {looked_at} checked, {len(problems)} wrong')
    if looked_at == 0:
        print(f'{name}: no files to check, so the lint has an error')
    sys.exit(1 if problems or not looked_at else 0)
