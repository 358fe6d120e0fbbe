#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that the schemas accept the documents that the tool writes, and reject invalid documents.

usage: check.py EFIMAPCTL
"""
import copy
import json
import os
import shlex
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools'))
import fixture  # noqa: E402 pylint: disable=wrong-import-position
import validate  # noqa: E402 pylint: disable=wrong-import-position

REAL = os.path.join(fixture.unpacked(), 'real')
FIRST, SECOND = (os.path.join(REAL, f'ovmf-q35-6.1-kexec-{name}') for name in ('first', 'second'))
NONE, CRASH = (os.path.join(REAL, name) for name in ('seabios-q35-6.1-first',
                                                     'ovmf-q35-6.1-noruntime-second'))
NODE = os.path.join(SECOND, 'sys/kernel/boot_params/data')
COMMANDS = [
    ['dump', '-J', SECOND],
    ['verify', '-J', FIRST],
    ['verify', '-J', NONE, SECOND],
    ['snapshot', FIRST],
    ['snapshot', SECOND],
    ['dump', '-J', '--address=0x3f5ec000', SECOND],
    ['dump', '-J', '--format=page-table', SECOND],
    ['dump', '-J', NODE],
    ['explain', '-J', 'virt-zero'],
    ['received', '-J', CRASH],
    ['received', '-J', NONE],
    ['compare', '-J', FIRST, CRASH],
    ['compare', '-J', FIRST, SECOND],
    ['compare', '-J', FIRST, NONE],
]
# Changes that make a document invalid, one for each kind of constraint: [document, path, value]
DROP = object()
WRONG = [
    ['efimap-dump', ['version'], 2],
    ['efimap-dump', ['tool'], 'lsmem 2.38'],
    ['efimap-dump', ['source'], DROP],
    ['efimap-dump', ['mapping'], 'window'],
    ['efimap-dump', ['kernel', 'release'], 6],
    ['efimap-dump', ['entries'], {}],
    ['efimap-dump', ['entries', 0, 'index'], -1],
    ['efimap-dump', ['entries', 0, 'index'], '0'],
    ['efimap-dump', ['entries', 0, 'type'], 11],
    ['efimap-dump', ['entries', 0, 'type'], '0x100000000'],
    ['efimap-dump', ['entries', 0, 'type_name'], 'Mmio'],
    ['efimap-dump', ['entries', 0, 'attribute'], '0xF'],
    ['efimap-dump', ['entries', 0, 'attribute'], '0x0f'],
    ['efimap-dump', ['entries', 0, 'attribute'], 'f'],
    ['efimap-dump', ['entries', 0, 'attribute_names'], ['RUNTIME']],
    ['efimap-dump', ['entries', 0, 'index'], None],
    ['efimap-dump', ['entries', 0, 'memmap'], ['Reserved', 'Reserved']],
    ['efimap-dump', ['entries', 0, 'extra'], 1],
    ['efimap-dump', ['extra'], 1],
    ['efimap-dump', ['entries', 0, 'at', 'extra'], 1],
    ['efimap-dump', ['entries', 0, 'bound'], DROP],
    ['efimap-dump', ['entries', 0, 'possible'], 'yes'],
    ['efimap-dump', ['page_table', 'leaves', '1g'], DROP],
    ['efimap-report', ['verdict'], 'denied'],
    ['efimap-report', ['findings', 0, 'entries'], ['6']],
    ['efimap-report', ['findings', 0, 'message'], ''],
    ['efimap-report', ['findings', 1, 'evidence', 0, 'value'], 1],
    ['efimap-report', ['findings', 0, 'certainty'], 'sure'],
    ['efimap-report', ['answers', 0, 'loader'], 'kexec'],
    ['efimap-report', ['answers', 0, 'kernel', 'roles'], DROP],
    ['efimap-report', ['answers', 0, 'state'], 'off'],
    ['efimap-report', ['answers', 0, 'segments', 0, 'start'], 1048576],
    ['efimap-report', ['answers', 0, 'advice'], DROP],
    ['efimap-report', ['document'], 'efimap-nothing'],
    ['efimap-report', ['document'], '../efimap-report'],
    ['efimap-comparison', ['verdict'], 'denied'],
    ['efimap-comparison', ['verdict'], 'pass'],
    ['efimap-comparison', ['entries', 'lost'], '0'],
    ['efimap-comparison', ['findings', 0, 'second'], DROP],
    ['efimap-snapshot', ['version'], 1],
    ['efimap-snapshot', ['recorded', 'boot_id'], '6e4ae8c2'],
    ['efimap-snapshot', ['recorded', 'from'], 'snapshot'],
    ['efimap-snapshot', ['recorded', 'mtimes', 'boot/vmlinuz'], '0'],
    ['efimap-snapshot', ['files', 'proc/iomem'], None],
    ['efimap-snapshot', ['files', 'proc/iomem'], {}],
    ['efimap-snapshot', ['files', 'proc/iomem'], {'size': -1}],
    ['efimap-snapshot', ['files', 'proc/iomem'], {'error': 13}],
    ['efimap-snapshot', ['files', 'proc/iomem'], {'list': ['a/b']}],
    ['efimap-snapshot', ['files', 'proc/iomem'], {'parts': [{'at': 0, 'base64': '-'}]}],
    ['efimap-dump', ['facts', 'mapping'], 'window'],
    ['efimap-received', ['causes', 0, 'certainty'], 'maybe'],
]


def spoil(document, path, value):
    """Return a copy of a document with one member changed. The value DROP removes the member."""
    document = copy.deepcopy(document)
    place = document
    for step in path[:-1]:
        place = place[step]
    if value is DROP:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return document


def can_have(document, path, value):
    try:
        for step in path if value is DROP else path[:-1]:
            document = document[step]
    except (LookupError, TypeError):
        return False
    return True


def find_problems(document):
    try:
        return list(validate.find_problems(document))
    except ValueError as error:
        return [str(error)]


def with_all_types(snapshot):
    """Return a snapshot with each type up to 63 and each attribute bit."""
    snapshot = copy.deepcopy(snapshot)
    files = snapshot['files'] = {
        path: text for path, text in snapshot['files'].items() if 'runtime-map' not in path}
    for number in range(64):
        for name, value in (('type', number), ('attribute', 1 << number), ('num_pages', 1),
                            ('phys_addr', number << 12), ('virt_addr', number << 12)):
            files[f'sys/firmware/efi/runtime-map/{number}/{name}'] = f'{value:#x}\n'
    return snapshot


def samples(tool):
    # meson sets the wrapper that runs programs of another architecture.
    command = [*shlex.split(os.environ.get('MESON_EXE_WRAPPER', '')), tool]

    def say(words, said=None):
        done = subprocess.run([*command, *words], check=False, capture_output=True, text=True,
                              input=said)
        return list(validate.documents(done.stdout))

    found = [document for words in COMMANDS for document in say(words)]
    snapshot = next(d for d in found if d['document'] == 'efimap-snapshot')
    return found + say(['dump', '-J', '-'], json.dumps(with_all_types(snapshot)))


def check_samples(tool, problems):
    found = samples(tool)
    for number, document in enumerate(found):
        for problem in find_problems(document):
            problems.append(f'sample {number}, {document["document"]}: {problem}')
    for name, path, value in WRONG:
        document = next(d for d in found if d['document'] == name and can_have(d, path, value))
        if not find_problems(spoil(document, path, value)):
            problems.append(f'{name}: the schema accepts {value!r} for {path}')
    if not find_problems(dict(reversed(list(found[0].items())))):
        problems.append('members in a wrong order are accepted')
    return len(found)


def check_repetition(problems):
    try:
        list(validate.documents('{"a": 1, "a": 1}'))
        problems.append('a duplicate member is accepted')
    except ValueError:
        pass


def main():
    problems = []
    validate.use(sys.argv[1])
    count = check_samples(sys.argv[1], problems)
    check_repetition(problems)
    for problem in problems:
        print(problem)
    print(json.dumps({'samples': count, 'faults': len(WRONG), 'wrong': len(problems)}))
    sys.exit(1 if problems or not count else 0)


if __name__ == '__main__':
    main()
