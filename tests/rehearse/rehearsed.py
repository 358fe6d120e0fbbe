#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Boot kernels on the maps of the fixtures, and check that each kernel boots with the expected map.

usage: rehearsed.py [--write] [--map=WORD] [--log=FILE]... EFIMAPCTL REHEARSE [KERNEL...]

Without KERNEL, one kernel (the first in the cache of tests/e2e, an installed one, or one that is
downloaded) boots on one map, and on a map that is passed without the firmware's flash. --write
updates the rows of docs/rehearsed.md after all kernels have run. --map selects maps whose name
contains WORD, and the other rows are kept. --log selects logs outside of the project. Their results
are in a separate table, which names the machine but not the owner of the log.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / 'tools'), str(TESTS / 'e2e'), str(TESTS / 'schema')]
from document import cells_of, write_table  # noqa: E402 pylint: disable=wrong-import-position
import fixture  # noqa: E402 pylint: disable=wrong-import-position
import guest  # noqa: E402 pylint: disable=wrong-import-position
import validate  # noqa: E402 pylint: disable=wrong-import-position

SKIPPED = 77
DOCUMENT = TESTS.parent / 'docs/rehearsed.md'
LOGS = {
    'logs/001-asustek-zenbook-ux391fa.txt': 'ASUSTeK ZenBook UX391FA',
    'logs/003-lenovo-21ah00hfge.txt': 'Lenovo ThinkPad T14 Gen 3',
    'logs/061-mailinglist-intel-nuc-de3815tykh.txt': 'Intel NUC DE3815TYKH',
}
FIRST = [*LOGS, 'real/ovmf-q35-6.1-efidebug-first/dmesg.txt',
         'real/ovmf-q35-7.3-file-first/dmesg.txt']
NEXT = [*LOGS, *(f'real/{name}' for name in (
    'real-001', 'real-001-second', 'real-003', 'real-061',
    'uboot-q35-7.2-first', 'ovmf-q35-5.10-crash-first', 'ovmf-q35-6.1-efidebug-first',
    'ovmf-q35-6.1-kexec-first', 'ovmf-q35-6.1-kexec-second', 'ovmf-q35-6.1-crash-first',
    'ovmf-q35-6.12-kexec-file-first', 'ovmf-q35-6.12-kexec-file-second',
    'ovmf-q35-7.2-file-first', 'ovmf-q35-7.3-file-first'))]
# The ESRT of this machine is in a boot services region that is passed to the second kernel. The
# second kernel splits the entry of this region (arch/x86/platform/efi/memmap.c: efi_memmap_insert),
# so one expected entry is not found. Each part keeps the virtual address of the original entry.
SPLIT = 'logs/003-lenovo-21ah00hfge.txt'
RUNS = [*((source, ('--as=first',)) for source in FIRST),
        *((source, ('--loader=kexec-load',)) for source in NEXT),
        *((source, ('--loader=kexec-file-load',)) for source in (*LOGS, 'real/ovmf-q35-6.1-kexec-first'))]
SHORT = [RUNS[0]]


def find_kernel():
    kept = sorted(guest.CACHE.glob('linux-image-*/vmlinuz'))
    for path in (*kept, *sorted(pathlib.Path('/boot').glob('vmlinuz-*'))):
        if os.access(path, os.R_OK):
            return path
    try:
        return guest.kernel('6.1')
    except guest.Missing:
        return None


def rehearse(args, kernel, source, options):
    boot = () if source in args.log else ('--boot=1',)
    done = subprocess.run(
        [args.efimapctl, 'rehearse', '--json', *boot, f'--kernel={kernel}', '--timeout=600',
         *options, os.path.join(fixture.unpacked(), source)], check=False, capture_output=True,
        text=True, env={**os.environ, 'EFIMAPCTL_REHEARSE': args.program})
    if done.returncode not in (0, 1):
        return None, [done.stderr.strip() or f'status {done.returncode}']
    document = json.loads(done.stdout)
    wrong = [str(problem) for problem in validate.find_problems(document)]
    if done.returncode or document['outcome'] != 'ok':
        wrong.append(document['answer'])
    # The stand-in firmware causes messages in each guest, which are not findings.
    if document['outcome'] == 'ok':
        wrong += document['kernel_messages']
    split = source == SPLIT and '--as=first' not in options
    if not document['expected_entries'] or document['equal_entries'] != document['expected_entries'] - split:
        wrong.append(f'{document["equal_entries"]} of {document["expected_entries"]} entries as '
                     'predicted')
    return document, wrong


def rehearse_without_flash(args, kernel):
    """Return the errors of a run without the firmware's flash, so that firmware calls must fail."""
    source = pathlib.Path(fixture.unpacked()) / 'real/ovmf-q35-6.12-kexec-file-first'
    with tempfile.TemporaryDirectory() as temp:
        handed = shutil.copytree(source, pathlib.Path(temp) / 'handed')
        for path in (handed / 'sys/firmware/efi/runtime-map').glob('*/type'):
            if path.read_text() == '0xb\n':
                shutil.rmtree(path.parent)
        document, wrong = rehearse(args, kernel, source, (f'--setup-data-from={handed}',))
    said = document and [document[key] for key in ('predicted', 'outcome')]
    return [] if said == 2 * ['runtime-services-fail'] else [f'without flash: {said}', *wrong]


def machine_of(log):
    """Return the machine of a log: the text in parentheses in its file name, its DMI line, or
    "unknown machine"."""
    named = re.search(r'\((.*)\)', os.path.basename(log))
    if not named:
        text = pathlib.Path(log).read_text(encoding='utf-8', errors='replace')
        named = re.search(r'DMI: ([^|\n]*?), BIOS', text)
    return named[1] if named else 'unknown machine'


def name_of(run):
    source, (option, *_) = run
    if os.path.isabs(source):
        return machine_of(source)
    machine = f'{LOGS[source]} (log)' if source in LOGS else source.removeprefix('real/')
    return f'{machine} | `{option}`'


def write(kernels, run, cells, releases):
    title = ' | '.join(f'Linux {releases.get(kernel, kernel)}' for kernel in kernels)
    name = name_of(run)
    lines = {name: f'| {name} | ' + ' | '.join(cells) + ' |'}
    if os.path.isabs(run[0]):
        program = 'rehearse/rehearsed.py, logs'
        write_table(DOCUMENT, program, f'| machine of the log | {title} |',
                    sorted({*cells_of(DOCUMENT, program), name}), lines)
    else:
        write_table(DOCUMENT, 'rehearse/rehearsed.py', f'| map | option of rehearse | {title} |',
                    [name_of(other) for other in RUNS], lines)


def chosen(args):
    if args.log:
        return [(path, ('--as=first',)) for path in args.log]
    return [run for run in RUNS if args.map in run[0]] if args.kernels else SHORT


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--write', action='store_true')
    parser.add_argument('--map', default='')
    parser.add_argument('--log', action='append', default=[], type=os.path.abspath)
    parser.add_argument('efimapctl')
    parser.add_argument('program', metavar='REHEARSE')
    parser.add_argument('kernels', nargs='*', metavar='KERNEL')
    args = parser.parse_args()
    kernels = args.kernels or [kernel for kernel in [find_kernel()] if kernel]
    if not kernels or not shutil.which('qemu-system-x86_64'):
        print('skipped: a kernel or QEMU is missing')
        return SKIPPED
    releases, failed = {}, 0
    if not args.kernels:
        wrong = rehearse_without_flash(args, kernels[0])
        failed += bool(wrong)
        print(*wrong, sep='\n')
    for run in chosen(args):
        cells = []
        for kernel in kernels:
            document, wrong = rehearse(args, kernel, *run)
            failed += bool(wrong)
            said = 'not rehearsed'
            if document:
                releases[kernel] = document['kernel'] or releases.get(kernel, kernel)
                outcome = document['outcome'] if document['outcome'] != 'ok' else 'boots with EFI'
                said = (f'{document["equal_entries"]} of {document["expected_entries"]} entries as '
                        f'expected; {outcome}')
            cells.append(said)
            print(f'{run[0]} {run[1][0]} {kernel}: {said}', *wrong, sep='\n    ', flush=True)
        if args.write:
            write(kernels, run, cells, releases)
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
