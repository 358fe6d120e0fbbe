# SPDX-License-Identifier: GPL-2.0-or-later
"""Refuse to store expectations that depend on the machine on which the tests run."""
import difflib
import os
import subprocess
import sys

import namespace

HERE = os.path.dirname(os.path.abspath(__file__))
EQUIPPED = [sys.executable, os.path.join(HERE, 'equipped_host.py')]


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def save(paths):
    """Return the content of files before a test updates them, for refuse_host()."""
    return {path: read(path) for path in paths}


def refuse_host(old, command):
    """Run a test on this machine and on the machine of equipped_host.py after it updated files. If
    the results differ, restore the files.

    old: return value of save()
    Return the difference, or '' if the files were kept.
    """
    if all(read(path) == data for path, data in old.items()):
        return ''
    if namespace.refused():
        print(f'not checked whether the results depend on this machine: {namespace.refused()}')
        return ''
    here, there = (subprocess.run([*prefix, *command], check=False, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout
                   for prefix in ([], EQUIPPED))
    if here == there:
        return ''
    for path, data in old.items():
        with open(path, 'wb') as file:
            file.write(data)
    lines = difflib.unified_diff(here.splitlines(True), there.splitlines(True), 'on this machine',
                                 'on the machine of tests/tools/equipped_host.py')
    return ''.join(lines) + '\nNothing was stored, because the results depend on this machine. ' \
        'tests/tools/running.py hides its files.\n'
