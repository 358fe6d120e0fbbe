#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that tests do not depend on the machine on which they run.

usage: test_running.py EFIMAPCTL

On a machine that has everything that the tool reads (equipped_host.py), running.py must show the
same files to the tool as on this machine, for captures with many and with few files.
"""
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import equipped_host  # noqa: E402 pylint: disable=wrong-import-position
import fixture  # noqa: E402 pylint: disable=wrong-import-position
import namespace  # noqa: E402 pylint: disable=wrong-import-position

EQUIPPED = [sys.executable, os.path.join(HERE, 'equipped_host.py')]
RUNNING = [sys.executable, '-SE', os.path.join(HERE, 'running.py')]


def output(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin',
                                                         **fixture.sanitizer_options()})
    # The time of a recording may differ. An empty directory is the same as a missing one.
    return ''.join(line + '\n' for line in done.stdout.splitlines()
                   if not re.search(r'"time":|": \{"list": \[\]\}|": \{"error": "ENOENT"\}', line)
                   ) + done.stderr


def problems(tool, temp):
    direct = output([*EQUIPPED, tool, 'snapshot', '-q'])
    if direct.count(equipped_host.MARK) < 8:
        yield f'the equipped host lacks files: {direct}'
    for path in equipped_host.FILES:
        if equipped_host.MARK in path and os.path.exists('/' + path):
            yield f'equipped_host.py changed this machine: /{path}'
    few = os.path.join(temp, 'few')
    os.makedirs(few)
    many = os.path.join(temp, 'many')
    shutil.copytree(fixture.real('ovmf-q35-6.1-crash-first'), many)
    for name, capture in (('few', few), ('many', many)):
        for words in (['snapshot', '-q'], ['verify', '-v'], ['dump', '--json'], ['received']):
            here = output([*RUNNING, capture, tool, *words])
            there = output([*EQUIPPED, *RUNNING, capture, tool, *words])
            if here != there or equipped_host.MARK in there:
                yield f'{name} {" ".join(words)}: depends on the machine:'
                yield from difflib.unified_diff(here.splitlines(), there.splitlines(), 'this machine',
                                                'equipped machine', lineterm='')
        where = ('for file in /boot/* /etc/default/* /etc/sysconfig/* /var/crash/* '
                 '/etc/systemd/system/* /var/lib/efimapctl/* /sys/firmware/efi; do '
                 '[ ! -e "$file" ] || echo "$file"; done')
        seen = output([*EQUIPPED, *RUNNING, capture, 'sh', '-c', where]).split()
        wanted = [] if name == 'few' else ['/sys/firmware/efi']
        if seen != wanted:
            yield f'{name}: expected to see {wanted}, found {seen}'


def main():
    if namespace.refused():
        print(f'skipped: running: needs mount namespaces: {namespace.refused()}')
        return 77
    with tempfile.TemporaryDirectory(prefix='efimap-test-') as temp:
        found = list(problems(os.path.abspath(sys.argv[1]), temp))
    print('\n'.join(found) or 'ok')
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main())
