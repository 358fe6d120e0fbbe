#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The schemas themselves: sound, true of what the format room writes, and not true of what
is wrong. usage: check.py SAMPLE-PROGRAM"""
import copy
import json
import os
import shlex
import subprocess
import sys

import validate

# What a wrong document looks like: [document, where, value]; DROP removes the member.
DROP = object()
WRONG = [
    ['efimap-dump', ['version'], 2],
    ['efimap-dump', ['tool'], 'lsmem 2.38'],
    ['efimap-dump', ['source'], DROP],
    ['efimap-dump', ['mapping'], 'window'],
    ['efimap-dump', ['kernel', 'booted_by'], 'grub'],
    ['efimap-dump', ['kernel', 'release'], 6],
    ['efimap-dump', ['entries'], {}],
    ['efimap-dump', ['entries', 0, 'index'], -1],
    ['efimap-dump', ['entries', 0, 'index'], '0'],
    ['efimap-dump', ['entries', 0, 'type'], 11],
    ['efimap-dump', ['entries', 0, 'type'], '0x100000000'],
    ['efimap-dump', ['entries', 0, 'type_name'], 'Mmio'],
    ['efimap-dump', ['entries', 0, 'attribute'], '0x8000000000000000F'],
    ['efimap-dump', ['entries', 0, 'attribute'], '0xF'],
    ['efimap-dump', ['entries', 0, 'attribute'], '0x0f'],
    ['efimap-dump', ['entries', 0, 'attribute'], 'f'],
    ['efimap-dump', ['entries', 0, 'attribute_names'], ['RUNTIME']],
    ['efimap-dump', ['entries', 0, 'phys_addr'], None],
    ['efimap-dump', ['entries', 0, 'phys_end'], 0],
    ['efimap-dump', ['entries', 0, 'num_pages'], DROP],
    ['efimap-dump', ['entries', 0, 'memmap'], ['Reserved', 'Reserved']],
    ['efimap-dump', ['entries', 0, 'rules'], ['Table in RAM']],
    ['efimap-dump', ['entries', 0, 'extra'], 1],
    ['efimap-dump', ['extra'], 1],
    ['efimap-translation', ['addresses', 0, 'address'], 4096],
    ['efimap-translation', ['addresses', 0, 'to_virtual'], DROP],
    ['efimap-translation', ['addresses', 0, 'to_virtual', 'hits', 0, 'index'], '2'],
    ['efimap-translation', ['addresses', 0, 'to_virtual', 'disagrees'], None],
    ['efimap-prediction', ['order'], 'index'],
    ['efimap-prediction', ['entries', 0, 'bound'], DROP],
    ['efimap-prediction', ['entries', 0, 'predicted'], 0],
    ['efimap-prediction', ['entries', 0, 'possible'], 'yes'],
    ['efimap-prediction', ['findings'], DROP],
    ['efimap-pagetable', ['mode'], 'physical'],
    ['efimap-pagetable', ['base'], 0],
    ['efimap-pagetable', ['pages'], '18'],
    ['efimap-pagetable', ['leaves', '1g'], DROP],
    ['efimap-pagetable', ['pointers', 0, 'reach'], 'physical'],
    ['efimap-pagetable', ['left_out', 0, 'mapping'], 'both'],
    ['efimap-pagetable', ['findings'], DROP],
    ['efimap-decoded', ['kind'], 'unknown'],
    ['efimap-decoded', ['entries'], DROP],
    ['efimap-decoded', ['setup_data', 0, 'type'], 4],
    ['efimap-decoded', ['setup_data', 0, 'payload', 'tables'], None],
    ['efimap-decoded', ['setup_data', 1, 'bytes'], '7'],
    ['efimap-decoded', ['findings'], DROP],
    ['efimap-report', ['verdict'], 'ok'],
    ['efimap-report', ['verdict'], 'denied'],
    ['efimap-report', ['counts', 'error'], -1],
    ['efimap-report', ['counts', 'note'], DROP],
    ['efimap-report', ['findings', 0, 'severity'], 'fatal'],
    ['efimap-report', ['findings', 0, 'consequence'], 'boom'],
    ['efimap-report', ['findings', 0, 'entries'], ['6']],
    ['efimap-report', ['findings', 0, 'message'], ''],
    ['efimap-report', ['findings', 0, 'evidence', 0, 'value'], 1],
    ['efimap-report', ['skipped', 0, 'why'], DROP],
    ['efimap-snapshot', ['states', 'iomem'], 'gone'],
    ['efimap-snapshot', ['states', 'boot_id'], DROP],
    ['efimap-snapshot', ['origin'], 'snapshot'],
    ['efimap-snapshot', ['boot_id'], '6e4ae8c2'],
    ['efimap-snapshot', ['efi', 'fw_platform_size'], 16],
    ['efimap-snapshot', ['efi', 'runtime'], 0],
    ['efimap-snapshot', ['efi', 'systab', 'ACPI20'], 'ACPI'],
    ['efimap-snapshot', ['runtime_map', 0, 'phys_addr'], DROP],
    ['efimap-snapshot', ['names', 0], '0'],
    ['efimap-snapshot', ['memmap', 0, 'end'], None],
    ['efimap-snapshot', ['iomem', 0, 'depth'], -1],
    ['efimap-snapshot', ['boot_params', 'efi_info'], DROP],
    ['efimap-snapshot', ['boot_params', 'setup_data', 0, 'payload'], '00'],
    ['efimap-snapshot', ['boot_params', 'setup_data', 1, 'payload'], DROP],
    ['efimap-snapshot', ['boot_params', 'setup_data', 1, 'payload'], '0'],
    ['efimap-snapshot', ['faults', 0, 'kind'], 'odd'],
    ['efimap-snapshot', ['fingerprint'], 'md5:0'],
    ['efimap-report', ['accepted', 0, 'rule'], DROP],
    ['efimap-baseline', ['machines'], DROP],
    ['efimap-baseline', ['machines', 0, 'match'], {}],
    ['efimap-baseline', ['machines', 0, 'match', 'fingerprint'], 'sha256:0'],
    ['efimap-baseline', ['machines', 0, 'match', 'sys_vendor'], 'QEMU'],
    ['efimap-baseline', ['machines', 1, 'match', 'bios_version'], DROP],
    ['efimap-baseline', ['machines', 0, 'accepted', 0, 'severity'], DROP],
    ['efimap-baseline', ['machines', 0, 'accepted', 0, 'severity'], 'fatal'],
    ['efimap-baseline', ['machines', 0, 'accepted', 0, 'phys_addr'], []],
    ['efimap-baseline', ['machines', 0, 'accepted', 0, 'evidence'], []],
    ['efimap-baseline', ['machines', 0, 'accepted', 0, 'count'], 0],
    ['efimap-baseline', ['machines', 0, 'accepted', 0, 'index'], 6],
    ['efimap-report', ['document'], 'efimap-nothing'],
    ['efimap-handover', ['verdict'], 'same'],
    ['efimap-handover', ['loader'], None],
    ['efimap-handover', ['causes', 0, 'fits'], 'maybe'],
    ['efimap-handover', ['causes', 0, 'check'], ''],
    ['efimap-handover', ['payload', 'tables'], 1],
    ['efimap-handover', ['efi_info', 'memmap'], DROP],
    ['efimap-comparison', ['verdict'], 'pass'],
    ['efimap-comparison', ['verdict'], 'denied'],
    ['efimap-comparison', ['loader'], 'kexec-tools'],
    ['efimap-comparison', ['first'], DROP],
    ['efimap-comparison', ['relation'], 'friend'],
    ['efimap-comparison', ['entries', 'lost'], '0'],
    ['efimap-comparison', ['findings', 0, 'first'], 1],
    ['efimap-comparison', ['findings', 0, 'second'], DROP],
    ['efimap-report', ['document'], '../efimap-report'],
]


def spoil(document, path, value):
    """A copy of a document with one member changed."""
    document = copy.deepcopy(document)
    place = document
    for step in path[:-1]:
        place = place[step]
    if value is DROP:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return document


def judge(document):
    """The complaints about a document, a refusal to look at it included."""
    try:
        return list(validate.complaints(document, validate.SCHEMAS, False))
    except ValueError as error:
        return [str(error)]


def check_samples(program, problems):
    """Real output is fine; the same with one fault is not."""
    # meson says with what a program of another machine is started.
    command = [*shlex.split(os.environ.get('MESON_EXE_WRAPPER', '')), program]
    output = subprocess.run(command, check=True, capture_output=True).stdout.decode('ascii')
    samples = list(validate.documents(output))
    for number, document in enumerate(samples):
        for complaint in judge(document):
            problems.append(f'sample {number}: {complaint}')
    for name, path, value in WRONG:
        document = next(d for d in samples if d['document'] == name)
        if not judge(spoil(document, path, value)):
            problems.append(f'{name}: {path} may be {value!r}')
    first = samples[0]
    if not judge(dict(reversed(list(first.items())))):
        problems.append('members may stand in any order')
    return len(samples)


def check_repetition(problems):
    """A member that stands twice is refused."""
    try:
        list(validate.documents('{"a": 1, "a": 1}'))
        problems.append('a member may stand twice')
    except ValueError:
        pass


def main():
    """The test."""
    problems = []
    count = check_samples(sys.argv[1], problems)
    check_repetition(problems)
    for problem in problems:
        print(problem)
    print(json.dumps({'samples': count, 'faults': len(WRONG), 'wrong': len(problems)}))
    sys.exit(1 if problems or not count else 0)


if __name__ == '__main__':
    main()
