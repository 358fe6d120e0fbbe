#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that running.py hides all files of the machine on which the tests run.

usage: hidden_host.py EFIMAPCTL

A recording of a running system contains each path that efimapctl tried to read. The test compares
recordings of one capture on this machine and on the machine of equipped_host.py, which has each
file of src/capture/sources.table.
"""
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import equipped_host  # noqa: E402 pylint: disable=wrong-import-position
import fixture  # noqa: E402 pylint: disable=wrong-import-position
import host_files  # noqa: E402 pylint: disable=wrong-import-position
import namespace  # noqa: E402 pylint: disable=wrong-import-position

CAPTURE = 'ovmf-q35-6.1-kexec-first'
# Paths that kernel_log.py replaces, and the log of a tree
REPLACED = {'dmesg', 'proc/config.gz', 'var/log/dmesg'}
# What is recorded of a path that is missing, or of a directory without files
NOTHING = ({'error': 'ENOENT'}, {'list': []})


def record(*command):
    """Return the files of a recording of the running system. Their content is None if there is
    none."""
    done = subprocess.run([*command, 'snapshot', '-q'], check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f'hidden_host: {done.stderr}')
    return {path: None if content in NOTHING else content
            for path, content in json.loads(done.stdout)['files'].items() if path not in REPLACED}


def problems_of(capture, here, equipped, hidden):
    """Yield the problems of three recordings: of the capture on this machine, of the other machine,
    and of the capture on the other machine."""
    for path in sorted({*here, *equipped}):
        if host_files.place_of(path) not in host_files.places():
            yield f'{path} is read, but is not in sources.table: add it to OTHERS in host_files.py'
    for path in sorted({*here, *hidden}):
        is_known = path in host_files.DEFAULTS or os.path.lexists(os.path.join(capture, path))
        if here.get(path) != hidden.get(path) or not (is_known or here.get(path) in (None, '')):
            yield f'{path} is not hidden: {here.get(path)!r:.40}, {hidden.get(path)!r:.40}'
    for file in host_files.table():
        paths = set(equipped_host.paths_of(file)) - REPLACED
        if paths and all(equipped.get(path) is None for path in paths):
            yield f'{file.name}: equipped_host.py makes no file of this block that is read'


def main(argv):
    if '--help' in argv[1:]:
        print(__doc__.strip())
        return 0
    if len(argv) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    if namespace.refused():
        print(f'skipped: mount namespaces: {namespace.refused()}')
        return 77
    tool, capture = os.path.abspath(argv[1]), fixture.real(CAPTURE)
    running, other = ([sys.executable, '-SE', os.path.join(HERE, name)]
                      for name in ('running.py', 'equipped_host.py'))
    here = record(*running, capture, tool)
    problems = list(problems_of(capture, here, record(*other, tool),
                                record(*other, *running, capture, tool)))
    print('\n'.join([*problems, f'{len(here)} paths, {len(problems)} problems']))
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
