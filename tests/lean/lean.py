#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Is the lean tool small, alone, and of one mind with the whole one? usage: lean.py LEAN WHOLE

One file that needs nothing but the C library, no larger than an initramfs should have to
bear; and on every real capture it says what the whole tool says, byte for byte.
"""
import lzma
import pathlib
import re
import subprocess
import sys
import tempfile

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / 'tools'))
import fixture  # noqa: E402 pylint: disable=wrong-import-position

MAX_BYTES = 200 << 10
MAX_PACKED = 80 << 10
COMMANDS = (['dump', '--json'], ['dump', '--format=csv'], ['dump', '--format=setup-data'],
            ['verify'], ['verify', '--json', '--fail-on=note'], ['verify', '-q', '--if-efi'],
            ['verify', '--only=nonidentity,table-in-ram'], ['handover', '--json'],
            ['snapshot'])
LIBRARIES = {'libc.so.6', 'linux-vdso.so.1', 'ld-linux-x86-64.so.2'}


def run(tool, *words):
    """What it says and its exit status, wherever it lies."""
    done = subprocess.run([tool, *words], capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr


def is_small(tool):
    """Complain about its size, as an initramfs packs it."""
    with tempfile.NamedTemporaryFile() as stripped:
        subprocess.run(['strip', '-R', '.comment', '-o', stripped.name, tool], check=True)
        data = pathlib.Path(stripped.name).read_bytes()
    packed = lzma.compress(data, preset=9 | lzma.PRESET_EXTREME, check=lzma.CHECK_CRC64)
    print(f'lean: {len(data)} bytes, {len(packed)} packed with xz -9e')
    if len(data) > MAX_BYTES:
        yield f'{len(data)} bytes, more than {MAX_BYTES}'
    if len(packed) > MAX_PACKED:
        yield f'{len(packed)} bytes packed with xz, more than {MAX_PACKED}'


def is_alone(tool):
    """Complain about libraries beside that of C."""
    names = subprocess.run(['objdump', '-p', tool], capture_output=True, check=True,
                           text=True).stdout
    for name in re.findall(r'^ *NEEDED +(\S+)', names, re.M):
        if name not in LIBRARIES:
            yield f'needs {name}'


def agrees(lean, whole):
    """Complain about each difference to the whole tool."""
    captures = fixture.names('real')
    for name in captures:
        capture = fixture.real(name)
        for words in COMMANDS:
            if run(lean, *words, capture) != run(whole, *words, capture):
                yield f'{" ".join(words)} {name}: not what the whole tool says'
    print(f'lean: {len(COMMANDS)} commands on {len(captures)} captures')


def knows_its_place(lean):
    """Complain where it does not say what it leaves to the whole tool."""
    status, _, error = run(lean, 'compare', '/', '/')
    if status != 2 or b"unknown command 'compare'" not in error:
        yield 'compare: expected status 2 and an unknown command'
    status, _, error = run(lean, 'verify', str(TESTS / 'fixtures' / 'README.md'))
    if status != 3 or not error:
        yield 'a file as SOURCE: expected status 3 and a reason'


def main():
    """Say all complaints."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    lean, whole = sys.argv[1:]
    wrong = [*is_small(lean), *is_alone(lean), *knows_its_place(lean), *agrees(lean, whole)]
    for complaint in wrong:
        print(f'lean: {complaint}')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
