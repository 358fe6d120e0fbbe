#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that verify never answers "will" without a file that affects the answer.

usage: unseen.py EFIMAPCTL

The test creates a complete capture, for which all answers are "will boot with EFI" and list no
unseen data. Then the test changes each recorded file, one at a time, so that the file is missing,
denied, unreadable, a link, empty or malformed. If the change does not affect the answers, the key
Harmless of the file's block or the table HARMLESS must contain the reason. The files are those in the recording of the capture, so the test
covers a new source when its files are added to the capture.

The verdict is denied or unreadable only because of the runtime map, memmap or iomem. If another
file cannot be read, the answer is "cannot tell". --for=kdump has status 0 only if a crash kernel is
loaded that boots with EFI.
"""
import copy
import fnmatch
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(TESTS)
sys.path[:0] = [os.path.join(TESTS, 'tools'), os.path.join(ROOT, 'tools')]
import fixture  # noqa: E402 pylint: disable=wrong-import-position
import sources  # noqa: E402 pylint: disable=wrong-import-position

BASE = 'ovmf-q35-6.12-kexec-file-first'
RUNNING, NEWEST = '6.12.113+deb12-amd64', '6.12.120+deb12-amd64'
CONFIG = {'KEXEC': 'y', 'KEXEC_FILE': 'y', 'KEXEC_SIG': 'y', 'EFI_RUNTIME_MAP': 'y',
          'AMD_MEM_ENCRYPT': 'y', 'KEXEC_SIG_FORCE': None, 'EFI_DISABLE_RUNTIME': None,
          'IMA_ARCH_POLICY': None, 'IMA_APPRAISE': 'y', 'KEXEC_HANDOVER': None,
          'IMA_KEXEC': 'y'}
# The examples of the table of files, and files of which no single line is an example
TABLE = sources.read_table(os.path.join(ROOT, 'src/capture/sources.table'))[0]
FILES = {file.example[0]: file.example[1] + '\n' for file in TABLE if file.example[0]}
FILES.update({
    'proc/meminfo': 'MemTotal: 1000000 kB\nMemAvailable: 900000 kB\nCmaTotal: 0 kB\n'
                    'DirectMap2M: 1000000 kB\n',
    'proc/cpuinfo': 'flags\t\t: fpu lm nx pdpe1gb\n'
                    'address sizes\t: 46 bits physical, 48 bits virtual\n',
})
SPOILED = {'missing': None, 'denied': {'error': 'EACCES'}, 'unreadable': {'error': 'EIO'},
           'a link': {'error': 'ELOOP'}, 'empty': '', 'malformed': 'junk!\n'}
STATUSES = {'denied': 5, 'unreadable': 3}
# Patterns of files without which there is no verdict
REQUIRED = ('sys/firmware/efi', 'sys/firmware/efi/runtime-map*', 'sys/firmware/memmap*',
            'proc/iomem')

# Files that can be spoiled without changing the answers. A row contains a pattern of paths, a key
# of SPOILED or "*", and the reason. The table of files has rows for its examples. A variant of the
# capture (VARIANTS) consists of options, changed files, and additional rows.
HARMLESS = [
    *((file.example[0], how, reason) for file in TABLE for how, reason in file.harmless),
    ('sys/class/dmi/id', '*', 'only identifies the machine'),
    ('proc/cmdline', 'missing', 'the kernel log contains the parameters'),
    *(('proc/cpuinfo', how, 'the kernel log shows NX, and no address has more than 36 bits')
      for how in ('missing', 'empty', 'malformed')),
    ('sys/kernel/boot_params/data', 'missing', 'other files contain the same facts'),
    ('sys/kernel/boot_params/setup_data/*/data', 'empty', 'only the payload of type 4 is read'),
    ('sys/kernel/boot_params/setup_data/*/data', 'malformed',
     'only the payload of type 4 is read'),
    ('sys/firmware/efi/runtime', 'malformed', 'Linux 5.7 and later do not use it'),
    ('efi/loader/entries', '*', 'the first directory that has entries is used'),
    ('boot/efi/loader/entries', '*', 'the first directory that has entries is used'),
    ('proc/stat', '*', 'the record is of an earlier boot only if the time shows it'),
    *(('etc/default/kdump-tools', how, 'without a setting, the usual values apply')
      for how in ('empty', 'malformed')),
]
NO_PSTORE = ('sys/module/pstore/parameters/backend', '*', 'matters only with post-notifiers')
ONE_CPU = ('sys/devices/system/cpu/possible', '*', 'the crash kernel has nr_cpus=1')
UNCOLLECTED = [
    ('sys/firmware/efi/fw_platform_size', 'missing', 'boot_params contains the width'),
    ('sys/kernel/boot_params/setup_data', 'missing', 'the kernel log shows what booted the kernel'),
    *(('usr/sbin/kexec', how, 'the answers for both system calls are equal')
      for how in ('missing', 'empty', 'malformed')),
    ('proc/version', 'missing', 'the kernel log contains the release'),
    ('sys/kernel/boot_params/setup_data/*/data', 'missing', 'a capture need not contain payloads'),
]
OF_KEXEC = [
    (f'boot/*{NEWEST}', '*', 'kdump loads another kernel'),
    ('proc/sys/kernel/kexec_load_limit_reboot', '*', 'does not limit loads of kdump'),
    ('boot/loader/entries*', '*', 'kdump does not use boot loader entries'),
    *(('dmesg.txt', how, 'other files show what a crash kernel of this release needs')
      for how in ('empty', 'malformed')),
    *(('usr/sbin/kexec', how, 'an option selects the system call') for how in ('empty', 'malformed')),
]
# Files that affect only a load that is still to come
# Only facts decide when an answer needs these files.
OF_FACTS = ('load-disabled', 'reboot-limit', 'panic-limit', 'lockdown', 'kernel-config', 'ima-policy')
OF_LOADS = [file.example[0] for file in TABLE
            if file.example[0] and ('to-come' in file.asked or file.name in OF_FACTS)]
RECORD = f"kexec -s --command-line='root=x' --initrd=/boot/initrd.img-{RUNNING} " \
         f'/boot/vmlinuz-{RUNNING}\n'
VARIANTS = {
    'with kexec-tools 2.0.32': ([], {}, [
        NO_PSTORE, ONE_CPU, *UNCOLLECTED]),
    'for a crash kernel that panic notifiers precede': (
        ['--for=kdump', '--configured', '--loader=kexec-load'],
        {'sys/module/kernel/parameters/crash_kexec_post_notifiers': 'Y\n',
         'sys/module/pstore/parameters/backend': 'erst\n'},
        [ONE_CPU, *UNCOLLECTED, *OF_KEXEC,
         ('sys/module/kernel/parameters/crash_kexec_post_notifiers', '*',
          'erst does not call EFI runtime services'),
         ('sys/module/pstore/parameters/backend', 'malformed', 'any word can be a backend')]),
    'for a loaded crash kernel': (
        ['--for=kdump'],
        {'sys/kernel/kexec_crash_loaded': '1\n', 'var/crash/kexec_cmd': RECORD,
         'proc/stat': 'btime 1700000000\n'},
        [NO_PSTORE, *UNCOLLECTED, *OF_KEXEC,
         ('etc/default/kdump-tools', '*', 'the record shows the load'),
         (f'boot/config-{RUNNING}', '*', 'the running kernel shows what it would'),
         *((path, '*', 'the kernel has already been loaded')
           for path in ('proc/meminfo', 'usr/sbin/kexec', *OF_LOADS))]),
    'as a running system': ([], {}, [
        NO_PSTORE, ONE_CPU,
        ('proc/cmdline', 'malformed', 'any line is a valid list of parameters'),
        ('etc/ima/ima-policy', 'empty', 'the system has no policy'),
        *((f'sys/firmware/efi/{name}', how, 'kexec_file_load does not read it')
          for name in ('fw_vendor', 'runtime')
          for how in ('missing', 'unreadable', 'a link', 'empty', 'malformed')),
        *((f'*{path}', how, 'a file in place of the directory has no entries')
          for path in ('loader/entries',) for how in ('empty', 'malformed'))]),
}


def member(name, data):
    """Return a member of a cpio archive."""
    fields = [0, 0o100644, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0]
    head = b'070701' + b''.join(b'%08x' % field for field in fields) + name + b'\0'
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)


def write(tree, path, content):
    path = os.path.join(tree, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as file:
        file.write(content if isinstance(content, bytes) else content.encode())


def edit(tree, path, old, new):
    with open(os.path.join(tree, path), encoding='utf-8') as file:
        text = file.read()
    assert old in text, (path, old)
    write(tree, path, text.replace(old, new, 1))


def make_tree(tree):
    """Write a complete capture of a machine with two kernels and a crash kernel reservation."""
    initrd = gzip.compress(member(b'init', bytes(4096)) + member(b'TRAILER!!!', b''))
    config = ''.join(f'CONFIG_{name}=y\n' if value else f'# CONFIG_{name} is not set\n'
                     for name, value in CONFIG.items()) + '# Library routines\n'
    fixture.unpack(fixture.path_of('real', BASE), tree)
    for path in ('proc/cmdline', 'dmesg.txt'):
        edit(tree, path, 'initrd=initrd', 'initrd=initrd crashkernel=256M')
    edit(tree, 'proc/iomem', '  2b800000', '  10000000-1fffffff : Crash kernel\n  2b800000')
    for path, content in FILES.items():
        write(tree, path, content)
    for release in (RUNNING, NEWEST):
        write(tree, f'boot/config-{release}', config)
        write(tree, f'boot/initrd.img-{release}', initrd)
        subprocess.run([sys.executable, os.path.join(TESTS, 'tools', 'kernel_image.py'),
                        os.path.join(tree, f'boot/vmlinuz-{release}'), f'--release={release}'],
                       check=True)


def answer(tool, options, recording):
    """Return the exit status, and the members of each answer on which a user's decision depends."""
    done = subprocess.run([tool, 'verify', '--json', *options, '-'], check=False,
                          input=json.dumps(recording), capture_output=True, text=True)
    report = json.loads(done.stdout)
    return done.returncode, [
        (one['question'], one.get('state'), one['kernel'], one['outcome'], one['certainty'],
         one['not_checked']) for one in report['answers']]


def spoil(recording, path, content):
    """Return a copy of a recording in which a file, or a directory with its files, is replaced or
    missing."""
    files = {name: value for name, value in recording['files'].items()
             if name != path and not name.startswith(path + '/')}
    if content is not None:
        files[path] = content
    return {**recording, 'files': files}


def is_harmless(path, how, rows):
    return any(fnmatch.fnmatch(path, pattern) and way in ('*', how) for pattern, way, _ in rows)


def is_earned(answers):
    """Return whether each answer is "ok", and only "what is loaded", which no file shows, was not
    checked."""
    return all(one[3:5] == ('ok', None) and
               {item['check'] for item in one[5]} <= {'loaded-kernel'} for one in answers)


def is_kdump_ready(answers):
    """Return whether a panic now would start a crash kernel that boots with EFI."""
    return all(one[0] == 'kdump' and one[1] == 'loaded' and
               one[3] in ('ok', 'entry-dropped', 'memory-at-risk') for one in answers)


def difference(complete, seen):
    """Return the first answer that differs, in few words."""
    for old, new in zip(complete[1], seen[1]):
        if old != new:
            checks = {item['check'] for item in new[5]} ^ {item['check'] for item in old[5]}
            return f'{new[0]} is {new[3]}, {new[4]}' + \
                ''.join(f'; not_checked: {check}' for check in sorted(checks))
    return f'status {seen[0]}, {len(seen[1])} answers'


def harmless_rows(path, ways):
    """Return the rows that declare that a file can be spoiled in these ways."""
    block = next((file.name for file in TABLE if file.example[0] == path), None)
    ways = ways if len(ways) < len(SPOILED) else ['*']
    if block:
        return f'the block {block} of src/capture/sources.table:' + \
            ''.join(f'\n    Harmless: {how}: REASON' for how in ways)
    return 'HARMLESS in tests/cli/unseen.py:' + \
        ''.join(f'\n    ({path!r}, {how!r}, REASON)' for how in ways)


def check_file(tool, options, recording, rows, path, complete):
    """Yield the problems if a file is spoiled in each way."""
    silent, loud = [], []
    content = recording['files'][path]
    for how, spoiled in SPOILED.items():
        if isinstance(content, dict) and 'list' in content and isinstance(spoiled, str):
            continue
        seen = answer(tool, options, spoil(recording, path, spoiled))
        where = f'{path} is {how}'
        harmless = is_harmless(path, how, rows)
        if seen == complete and not harmless:
            silent.append(how)
        elif seen != complete and harmless:
            loud.append(how)
            yield f'{where}: {difference(complete, seen)}'
        if options == ['--for=kdump'] and (seen[0] == 0) != is_kdump_ready(seen[1]):
            yield f'{where}: status {seen[0]} does not agree with {difference(complete, seen)}'
        is_required = any(fnmatch.fnmatch(path, pattern) for pattern in REQUIRED)
        if seen[0] in STATUSES.values() and not is_required:
            yield f'{where}: status {seen[0]}, which only the files in REQUIRED may cause'
        elif is_required and '/0/' not in path and seen[0] != STATUSES.get(how, seen[0]):
            yield f'{where}: status {seen[0]}, expected {STATUSES[how]}'
    if silent:
        yield f'{path} is {", ".join(silent)}: no answer changes. Add a Rank or a rule, or, if no ' \
            f'answer needs the file, add to {harmless_rows(path, silent)}'
    if loud:
        yield f'{path}: remove {", ".join(loud)} from its row for this variant, or from ' \
            f'{harmless_rows(path, loud)}'


def check(tool, options, recording, rows):
    complete = answer(tool, options, recording)
    if not is_earned(complete[1]):
        yield f'the capture is not complete: {complete}'
    for path in recording['files']:
        if not re.search('map/[1-9]', path):  # All entries of a map are read in the same way.
            yield from check_file(tool, options, recording, rows, path, complete)


def make_live(recording):
    """Return a copy of a recording that is marked as one of a running system."""
    recording = copy.deepcopy(recording)
    recording['recorded']['from'] = 'live'
    log = recording['files'].pop('dmesg.txt')
    for mount in ('boot/', 'boot/efi/', 'efi/'):
        for path in ('loader/entries',):
            recording['files'].setdefault(mount + path, {'error': 'ENOENT'})
    recording['files']['dmesg'] = re.sub(r'^\[ *[0-9.]+\] ', '', log, flags=re.M)
    return recording


def main(argv):
    if '--help' in argv[1:]:
        print(__doc__.strip())
        return 0
    if len(argv) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    tool, problems = os.path.abspath(argv[1]), []
    os.environ['LC_ALL'] = 'C'
    with tempfile.TemporaryDirectory(dir=fixture.MEMORY) as where:
        tree = os.path.join(where, 'tree')
        make_tree(tree)
        snapshot = subprocess.run([tool, 'snapshot', tree], check=True, capture_output=True)
    for name, (options, changed, rows) in VARIANTS.items():
        recording = json.loads(snapshot.stdout)
        recording['files'].update(changed)
        recording['recorded']['mtimes']['var/crash/kexec_cmd'] = 1700000001
        if name == 'as a running system':
            recording = make_live(recording)
        problems += [f'{name}: {problem}'
                     for problem in check(tool, options, recording, HARMLESS + rows)]
    for problem in problems:
        print(problem)
    print(f'{len(problems)} problems')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
