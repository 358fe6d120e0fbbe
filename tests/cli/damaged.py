#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check the table "Damaged sources" of docs/testing.md.

usage: damaged.py [--print] EFIMAPCTL

Each source of a complete machine, for which kexec and kdump are "ok", is damaged in four ways, as a
recording of the running system and as a copy. A cell of the table begins with all that follows:
"same", "lacking" (lacking[] has a new item), "unknown" or "error" (the word of a question),
"unreadable" (the verdict), or "lost" (a fault is not found any more). No word becomes "ok" or
"ok, if". With --print, print what follows from each damage.
"""
import base64
import copy
import os
import re
import sys
import tempfile

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools')]
import complete_machine as machine  # noqa: E402 pylint: disable=wrong-import-position
import fixture  # noqa: E402 pylint: disable=wrong-import-position
import less  # noqa: E402 pylint: disable=wrong-import-position

DOCUMENT = os.path.join(os.path.dirname(fixture.TESTS), 'docs/testing.md')
DAMAGED, TWICE, CUT, OTHER = range(4)
FIRMWARE, MEMMAP = 'sys/firmware/efi/runtime-map', 'sys/firmware/memmap'
NODES, SYSCTL = 'sys/kernel/boot_params/setup_data', 'sos_commands/kernel/sysctl_-a'
RECORD, DEBS = 'var/crash/kexec_cmd', 'installed-debs'
DISABLED = 'proc/sys/kernel/kexec_load_disabled'
RELEASE = machine.RUNNING
IMAGE, INITRD, CONFIG = (f'boot/{name}-{RELEASE}' for name in ('vmlinuz', 'initrd.img', 'config'))
VERSION = f'Linux version {machine.NEWEST} Debian\n'


def text(path, old, new, other=None, base=None, gone=None):
    """Return a function that damages the first line with @old of a file. @other: the file of
    another boot. @base: the file before it is damaged. @gone: a file that the machine lacks."""
    def damage(files):
        before = files[path] if base is None else base
        lines = before.splitlines(True)
        at = next(i for i, line in enumerate(lines) if old in line)
        yield None, {path: before, **({gone: None} if gone else {})}
        yield DAMAGED, {path: before.replace(old, new, 1)}
        yield TWICE, {path: ''.join(lines[:at + 1] + lines[at:])}
        yield TWICE, {path: ''.join(line * 2 for line in lines)}
        yield CUT, {path: ''.join(lines[:-1])}
        yield CUT, {path: before[:-2]}
        if other is not None:
            yield OTHER, {path: other}
    return damage


def numbered(top, value, old, new, shift=0, may_be_twice=False):
    """Return a function that damages a directory with numbered entries."""
    def damage(files):
        names = sorted(files[top]['list'], key=lambda name: int(name[:-1]))
        last, added = names[-1], f'{len(names)}/'
        yield None, {}
        yield DAMAGED, {f'{top}/{value}': files[f'{top}/{value}'].replace(old, new)}
        if may_be_twice:
            yield TWICE, {top: {'list': names + [added]}, **{
                path.replace(f'/{last}', f'/{added}'): one for path, one in files.items()
                if path.startswith(f'{top}/{last}')}}
        yield CUT, {top: {'list': names[:-1]}, f'{top}/{last[:-1]}': None}
        yield CUT, {f'{top}/{value}': files[f'{top}/{value}'][:-2]}
        if shift:
            yield OTHER, {path: f'0x{int(one, 16) - shift:x}\n' for path, one in files.items()
                          if path.startswith(top) and re.search('phys_addr|virt_addr', path)
                          and int(one, 16) > shift}
    return damage


def image(files):
    """Damage the image of the running kernel."""
    yield None, {}
    parts = copy.deepcopy(files[IMAGE]['parts'])
    data = base64.b64decode(parts[0]['base64']).replace(b'HdrS', b'HdrX')
    parts[0]['base64'] = base64.b64encode(data).decode()
    yield DAMAGED, {IMAGE: {**files[IMAGE], 'parts': parts}}
    yield CUT, {IMAGE: {'size': parts[-1]['at'], 'parts': parts[:-1]}}
    yield CUT, {IMAGE: {'size': 0}}
    yield OTHER, {IMAGE: files[f'boot/vmlinuz-{machine.NEWEST}']}


def initrd(files):
    """Damage the initrd of the running kernel."""
    yield None, {}
    yield DAMAGED, {INITRD: {'size': 95}}
    yield CUT, {INITRD: {'size': 95, 'unpacked': {'least': 0, 'end': 'missing'}}}
    yield CUT, {INITRD: {'size': 0}}


ROWS = {
    'runtime map': [numbered(FIRMWARE, '2/phys_addr', '3f5', '3?5', 0x100000, True)],
    'setup_data': [numbered(NODES, '0/type', '3', '?')],
    'memmap': [numbered(MEMMAP, '11/start', '3f7', '3?7')],
    'iomem': [text('proc/iomem', '00100000', '0?100000')],
    'kernel parameters': [text('proc/cmdline', 'crashkernel=256M', 'crash?ernel=256M', 'quiet\n')],
    'version, architecture': [text('proc/version', '6.12.113', '6?12.113', VERSION),
                              text('proc/sys/kernel/arch', 'x86', 'x?6', 'aarch64\n')],
    'kernel log': [text('dmesg', 'INITRD=0x', 'INITRD=?x', VERSION),
                   text('dmesg', ' crashkernel', ' crash?ernel')],
    'meminfo': [text('proc/meminfo', '1000000', '10?0000', machine.FILES['proc/meminfo'].replace(
        'MemTotal: 1', 'MemTotal: 2'))],
    'single values in sys and proc': [
        text('sys/kernel/kexec_crash_loaded', '1', '?', '0\n'),
        text('sys/kernel/kexec_crash_size', '268', '?68', '134217728\n'),
        text(DISABLED, '0', '?', '1\n'),
        text('sys/kernel/security/lockdown', '[none', '[n?ne', 'none [integrity] x\n')],
    'sysctl -a, package lists': [
        text(SYSCTL, 'disabled = 0', 'disabled = ?', gone=DISABLED,
             base='kernel.panic = 0\nkernel.kexec_load_disabled = 0\n'),
        text(DEBS, '2.0.32', '2.?.32', gone='usr/sbin/kexec',
             base='kmod 30 amd64\nkexec-tools 1:2.0.32-1 amd64\n')],
    'kernel configuration': [text(CONFIG, 'KEXEC_FILE', 'KEXEC_F?LE'),
                             text(CONFIG, 'SIG_FORCE', 'SIG_F?RCE')],
    'IMA policy': [text('etc/ima/ima-policy', 'appraise', 'appr?ise',
                        base='appraise func=KEXEC_KERNEL_CHECK\n')],
    'configuration of kdump': [text('etc/default/kdump-tools', '=1', '=?', gone=RECORD),
                               text(RECORD, 'exec', 'e?ec')],
    'boot loader entries': [text('boot/loader/entries/x.conf', 'vmlinuz', 'vmlin?z')],
    'image, initrd': [image, initrd],
    'cpuinfo': [text('proc/cpuinfo', ' nx', ' n?')],
}


def outcome(before, after):
    """Return what follows from a damage."""
    def count(report, severity):
        return sum(answer['severity'] == severity for answer in report['answers'])

    def lacking(report):
        return {tuple(item.items()) for answer in report['answers'] for item in answer['lacking']}

    if not after or after['verdict'] in ('unreadable', 'denied'):
        return 'unreadable'
    for question, word in after['words'].items():
        if word in ('ok', 'ok-if') and before['words'][question] not in ('ok', 'ok-if'):
            return 'better'
    for severity in ('error', 'unknown'):
        if count(after, severity) > count(before, severity):
            return severity
    if lacking(after) - lacking(before):
        return 'lacking'
    return 'same' if count(after, 'ok') <= count(before, 'ok') else 'lost'


def cells():
    """Return {source: cells} of the table."""
    with open(DOCUMENT, encoding='utf-8') as file:
        table = file.read().split('\n## Damaged sources\n')[1].split('\n## ')[0]
    rows = [[cell.strip() for cell in line.strip('|').split('|')]
            for line in table.splitlines() if line.startswith('| ')]
    return {row[0]: row[1:] for row in rows[1:]}


def without(files, changed):
    """Return @files after a change. A path with the value None is removed, with all below it."""
    gone = [path for path, value in changed.items() if value is None]
    return {path: value for path, value in {**files, **changed}.items()
            if not any(fixture.is_below(path, one) for one in gone)}


def as_copy(recording):
    """Return a recording as that of a copy, in which the kernel log has another name."""
    files = dict(recording['files'])
    files['dmesg.txt'] = files.pop('dmesg')
    return {**recording, 'recorded': {**recording['recorded'], 'from': 'tree'}, 'files': files}


def check(tool, where, recording, show):
    """Return {(source, kind): outcomes}, for the recording of a running system and for a copy."""
    found = {}
    for name, damages in ROWS.items():
        # The kernel refuses a damaged policy, so on the running system, none is loaded then.
        forms = (as_copy,) if name == 'IMA policy' else (dict, as_copy)
        for damage, form in ((one, form) for one in damages for form in forms):
            kinds, changes = zip(*damage(recording['files']))
            files = without(recording['files'], changes[0])
            before, *after = less.verify(tool, where, [
                form({**recording, 'files': without(files, changed)}) for changed in changes])
            for kind, changed, report in zip(kinds[1:], changes[1:], after):
                found.setdefault((name, kind), set()).add(outcome(before, report))
                if show:
                    print(name, form.__name__, kind, outcome(before, report), before['words'],
                          report and report['words'], sorted(changed)[0], sep='\t')
    return found


def main(argv):
    words = [word for word in argv[1:] if word != '--print']
    if words in (['--help'], []):
        print(__doc__.strip(), file=sys.stdout if words else sys.stderr)
        return 0 if words else 2
    os.environ['LC_ALL'] = 'C'
    tool, problems, table = os.path.abspath(words[0]), [], cells()
    with tempfile.TemporaryDirectory(dir=fixture.MEMORY) as where:
        machine.make_tree(os.path.join(where, 'complete'))
        recording = machine.make_live(machine.record(tool, os.path.join(where, 'complete')))
        found = check(tool, where, machine.make_loaded(recording), '--print' in argv)
    for name in ROWS.keys() | table.keys():
        for kind in range(4):
            cell = table[name][kind] if name in table else ''
            said = set(re.match('[a-z, ]*', cell)[0].strip().split(', '))
            seen = found.get((name, kind), {'not possible'})
            if said != seen:
                problems.append(f'{name}, column {kind + 1}: "{cell}", but seen: {sorted(seen)}')
    print(*sorted(problems), f'{len(found)} cells, {len(problems)} problems', sep='\n')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
