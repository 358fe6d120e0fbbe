#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check the messages that scripts/test prints while it installs packages and during a long step.

Stubs replace apt-get, apt-cache, dpkg-query, scripts/e2e and sleep. A stub that takes long creates
the file "waiting" and waits for the file "printed". The stub of sleep, which the script calls
between two messages, ends when "waiting" exists, and creates "printed" when it is called again.

Also check that scripts/test and scripts/try print their usage, and refuse unknown arguments.
"""
import os
import re
import subprocess
import sys
import tempfile

WAIT = ': >waiting; until [ -e printed ]; do /bin/sleep 0.05; done; rm printed'
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAMS = {
    'id': 'echo 0',
    'dpkg-query': 'exit 1',
    'apt-cache': '''case "$*" in
        madison\\ lacking) ;;
        madison*) echo 'a name | 1 | a mirror' ;;
        pkgnames*) for n in 9 10; do echo linux-image-6.1.0-$n-cloud-amd64; done ;;
        esac''',
    # --print-uris prints a line for each package. The third word is the size of the package.
    'apt-get': '''case "$*" in
        *--print-uris*download*linux-image-6.1.0-10-cloud-amd64*) echo "u f 70000000 h" ;;
        *--print-uris*) echo "u f 1500000 h"; echo "u f 2500000 h" ;;
        *update*) echo "Hit:1 a mirror" ;;
        *install*bad*) echo "E: there is no bad"; exit 100 ;;
        *install*) echo "Get:1 a package"
            ''' + WAIT + '''
            echo "Setting up" ;;
        esac''',
    'scripts/e2e': f'echo "ok first (3 s)"; {WAIT}; echo "ok second (4 s)"',
    'sleep': '''[ ! -e told ] || { rm told; : >printed; }
        until [ -e waiting ] || ! kill -0 $PPID 2>/dev/null; do /bin/sleep 0.05; done
        rm -f waiting; : >told''',
}


def run(commands):
    """Run commands in a script that sources lib.sh and count.sh. Return its output, apt's log, and
    the exit status."""
    with tempfile.TemporaryDirectory(prefix='efimap-progress-') as temp:
        os.mkdir(f'{temp}/scripts')
        for name, text in PROGRAMS.items():
            with open(f'{temp}/{name}', 'w', encoding='utf-8') as file:
                file.write(f'#!/bin/sh\n{text}\n')
            os.chmod(f'{temp}/{name}', 0o755)
        done = subprocess.run(
            ['bash', '-c', f'. "{ROOT}/scripts/lib.sh"\n. "{ROOT}/scripts/count.sh"\n{commands}'],
            cwd=temp, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
            env={'PATH': f'{temp}:{os.environ["PATH"]}', 'EFIMAPCTL_STILL_SECONDS': '1',
                 'EFIMAPCTL_ORACLE_CACHE': temp, 'EFIMAPCTL_E2E_CACHE': temp})
        try:
            with open(f'{temp}/build-packages.log', encoding='utf-8') as file:
                return done.stdout, file.read(), done.returncode
        except FileNotFoundError:
            return done.stdout, '', done.returncode


def lacks(printed, *patterns):
    """Yield an error for the first pattern that does not occur in this order."""
    at = 0
    for pattern in patterns:
        match = re.compile(pattern, re.M).search(printed, at)
        if not match:
            yield f'no line matches /{pattern}/:\n{printed}'
            return
        at = match.end()


def problems():
    printed, log, status = run('count_begin packages; find_missing one lacking two; say_unpacked; '
                               'install_missing')
    yield from lacks(printed, r'^ 0:0\d  packages$',
                     '^This release of Debian does not have: lacking$',
                     '^Missing packages: one two$',
                     r'^Tests unpack \d+ packages .*: 70 MB to download\.$',
                     r'^Installing them .*: 4 MB to download\.$',
                     r'^ 0:0\d  still: packages: Get:1 a package$')
    if re.search('^(Get|Hit|Setting)', printed, re.M) or status:
        yield f'output of apt is printed, or the status is {status}:\n{printed}'
    yield from lacks(log, 'Hit:1', 'Get:1', 'Setting up')
    printed, _, status = run('install_packages bad')
    yield from lacks(printed, '^E: there is no bad$')
    if not status:
        yield 'a failure of apt is not reported'
    printed, _, _ = run('count_begin begin; machines; count_end')
    yield from lacks(printed, r'^ 0:0\d  real machines *$',
                     r'^ 0:0\d  still: real machines *: ok first \(3 s\)$',
                     r'^ok second \(4 s\)$', '^2 passed, 0 failed$')


def usage_problems():
    """Yield an error if a script with an argument starts its work. Without root and packages, its
    first message would be about packages."""
    for name in ('test', 'try'):
        for word, status, wanted in (('--help', 0, rf'^usage: scripts/{name} '),
                                     ('-h', 0, rf'^usage: scripts/{name} '),
                                     ('--nonsense', 2, rf'^scripts/{name}: unknown argument '),
                                     ('word', 2, rf'^scripts/{name}: unknown argument ')):
            with tempfile.TemporaryDirectory(prefix='efimap-usage-') as temp:
                done = subprocess.run([f'{ROOT}/scripts/{name}', word], cwd=temp, text=True,
                                      check=False, stdout=subprocess.PIPE, timeout=60,
                                      stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
            if done.returncode != status:
                yield f'scripts/{name} {word}: status {done.returncode}: {done.stdout}'
            yield from lacks(done.stdout, wanted)


def main():
    found = [*usage_problems(), *problems()]
    print('\n'.join(found) or 'ok')
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main())
