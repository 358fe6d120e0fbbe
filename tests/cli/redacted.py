#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test that a redacted snapshot has the same answers as its origin.

usage: redacted.py [--machines=N] [--first=SEED] EFIMAPCTL

The origins are all real captures, synthetic fixtures and logs, and N (default: 60) machines with
systemd-boot. Of each machine, a seed determines the names and the contents of its boot loader
entries, and what selects one of them. The reports of verify are compared without paths. Redacting a
redacted snapshot must not change it.
"""
import argparse
import base64
import json
import os
import random
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
sys.path.insert(0, os.path.join(TESTS, 'tools'))
import fixture  # noqa: E402 pylint: disable=wrong-import-position

BASE = 'debian-13-systemd-boot-kdump-first'
# Origins of which a redacted snapshot has other answers, each with the reason
LISTED = {
    name: 'only with the prefixes of its lines is the log long enough to look cut'
    for name in ('mok-keys-missing-absent', 'mok-keys-missing-one')}
PATH = re.compile(r'\\"[^"]*/[^"]*\\"|/?[\w.+@%~-]*(/[\w.+@%~-]+)+')

# A release that is the name of an image that cannot be read
UNREAD = re.compile(r'"(?!0x|6\.12\.11[67]\+deb)\d[^" ]*"')

RELEASE, OLD = '6.12.117+deb13-amd64', '6.12.116+deb13-amd64'
ID = '0123456789abcdef0123456789abcdef'
ENTRIES = 'boot/efi/loader/entries'
VARIABLE = 'sys/firmware/efi/efivars/LoaderEntry{}-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f'
WORDS = ('debian', 'acme', 'zeta', 'Linux', 'linux', 'fedora', 'a', 'Z', '0ad', 'rescue', 'loader',
         'entries', 'boot', RELEASE, OLD, '6.1.0-acme', '6.10', '6.9', '10', '9', 'x-rc1', ID, 'x@y',
         'my host', 'db_7', 'ü')
VERSIONS = ('6.1.0-acme', '7.0-rc1', '7.0', '6.12.20', '6.12.9', 'acme', 'zeta', f'3@{RELEASE}')
UNREADABLE = ('6.12.117+zeta', '6.12.117+ABC', '6.12.118', '10', '7-acme', '6.1.0-zeta', 'zeta')
COUNTERS = ('+0', '+0-3', '+3', '+2-1', '+10', '+', '+x', '+3-')
PATTERNS = ('gone.conf', 'deb*', '*', '*old*', '*.conf', '@saved', 'x?y*', '[a-f]*')


def chance(draw, part):
    return draw.random() < part


def add_kernel(files, name):
    """Add an older kernel below boot/efi/old, or an image with another name."""
    image = json.loads(json.dumps(files[f'boot/vmlinuz-{RELEASE}']))
    for part in image['parts']:
        part['base64'] = base64.b64encode(base64.b64decode(part['base64']).replace(
            RELEASE.encode(), OLD.encode())).decode()
    files[f'boot/efi/old/{name}'] = image
    files['boot/efi/old/initrd'] = {**files[f'boot/initrd.img-{RELEASE}'], 'size': 9000448}


def make_entry(draw):
    """Return the lines of a boot loader entry."""
    directory = draw.choice((f'/{ID}/{RELEASE}', '/old'))
    release = RELEASE if RELEASE in directory else OLD
    initrd = 'initrd' if directory == '/old' else f'initrd.img-{RELEASE}'
    lines = [f'version {draw.choice(VERSIONS) if chance(draw, .3) else release}',
             f'linux {"/gone" if chance(draw, .1) else directory}/linux',
             f'options {draw.choice(("x", "noefi", "efi=runtime", "efi=noruntime"))}']
    if chance(draw, .9):
        lines.append(f'initrd {"/gone" if chance(draw, .1) else directory}/{initrd}')
    if chance(draw, .1):
        lines.append('initrd /microcode')
    if chance(draw, .5):
        lines.append(f'sort-key {draw.choice(WORDS + ("debian",) * 9)}')
    if chance(draw, .4):
        lines.append(f'machine-id {draw.choice("0df")}{ID[1:]}')
    return ''.join(line + '\n' for line in lines)


def make_machine(document, seed):
    """Return the snapshot of a running system with other boot loader entries."""
    draw = random.Random(seed)
    files = {path: file for path, file in document['files'].items() if not path.startswith(ENTRIES)}
    add_kernel(files, 'linux')
    names, ids = [], []
    for _ in range(draw.choice((1, 2, 2, 3, 3, 4, 5, 6))):
        name = '-'.join(draw.sample(WORDS, draw.choice((1, 1, 2, 2, 3))))
        ids.append(name + '.conf')
        names.append(f'{name}{draw.choice(COUNTERS) if chance(draw, .25) else ""}.conf')
        files[f'{ENTRIES}/{names[-1]}'] = make_entry(draw)
    files[ENTRIES] = {'list': sorted(set(names))}
    if chance(draw, .15):
        ids.append(f'{draw.choice(("acme", "zeta", "10", "6.10", ID))}.efi')
        files['boot/efi/EFI/Linux'] = {'list': [ids[-1].replace('.', draw.choice(('.', '+3.')))]}
        files[f'boot/efi/EFI/Linux/{files["boot/efi/EFI/Linux"]["list"][0]}'] = {'error': 'EACCES'}
    if chance(draw, .15):
        name = f'vmlinuz-{draw.choice(UNREADABLE)}'
        files['boot'] = {'list': [*files['boot']['list'], name]}
        files[f'boot/{name}'] = {'error': 'EACCES'}
    texts = {'Selected': draw.choice(ids)}
    for name in ('OneShot', 'Preferred', 'Default'):
        if chance(draw, .15):
            texts[name] = draw.choice((*ids, *PATTERNS, ids[0].upper(), ids[0][:2] + '*'))
    files.update({VARIABLE.format(name): text + '\n' for name, text in texts.items()})
    if chance(draw, .5):
        files['boot/efi/loader/loader.conf'] = (
            draw.choice(('default ', 'preferred ', 'default\t', '#default ')) +
            draw.choice((*ids, *PATTERNS, '*' + ids[-1][-6:])) +
            draw.choice(('\n', '', '\ntimeout 3\n', '\0\n')))
    return {**document, 'files': files}


class Test:
    def __init__(self, tool):
        self.tool, self.count, self.problems, self.listed = tool, 0, [], set()

    def run(self, *words, given=None):
        return subprocess.run([self.tool, *words], capture_output=True, text=True, check=False,
                              input=given)

    def verify(self, source, given=None):
        """Return the exit status and the report of verify, without paths and the evidence from the
        kernel parameters, of which some are removed."""
        done = self.run('verify', '--json', source, given=given)
        report = json.loads(done.stdout)
        report.pop('source')
        for finding in report['findings']:
            finding['evidence'] = [fact for fact in finding['evidence']
                                   if fact['source'] != 'proc/cmdline']
        return done.returncode, UNREAD.sub('UNREAD', PATH.sub(
            'PATH', json.dumps(report, indent=1, ensure_ascii=False)))

    def check(self, name, source):
        redacted = self.run('snapshot', '-q', '--redact', source).stdout
        if not redacted:
            return
        self.count += 1
        if self.run('snapshot', '-q', '--redact', '-', given=redacted).stdout != redacted:
            self.problems.append(f'{name}: the snapshot is redacted twice')
        if self.verify(source) != self.verify('-', redacted):
            if name in LISTED:
                self.listed.add(name)
            else:
                self.problems.append(f'{name}: other answers')


def main():
    parser = argparse.ArgumentParser(usage=__doc__.partition('usage: ')[2])
    parser.add_argument('--machines', type=int, default=60)
    parser.add_argument('--first', type=int, default=0)
    parser.add_argument('tool')
    options = parser.parse_args()
    os.environ['LC_ALL'] = 'C'
    test = Test(os.path.abspath(options.tool))
    with open(os.path.join(fixture.real(BASE), 'sos_commands/efimap/efimapctl_snapshot.json'),
              encoding='utf-8') as file:
        document = json.load(file)
    with tempfile.TemporaryDirectory(dir=fixture.MEMORY) as where:
        trees = fixture.Trees(where)
        for name in fixture.names('real'):
            test.check(name, fixture.real(name))
        for name in fixture.names('made'):
            test.check(name, trees.unpack(fixture.line_of(fixture.load('made', name), 'BASE'), name))
        logs = os.path.join(TESTS, 'fixtures', 'logs')
        for name in sorted(os.listdir(logs)):
            test.check(name, os.path.join(logs, name))
        for seed in range(options.first, options.first + options.machines):
            path = os.path.join(where, f'machine-{seed}')
            with open(path, 'w', encoding='utf-8') as file:
                json.dump(make_machine(document, seed), file)
            test.check(f'machine {seed}', path)
    test.problems += [f'{name}: listed, but the answers are the same'
                      for name in sorted(set(LISTED) - test.listed)]
    print('\n'.join(test.problems))
    print(f'{test.count} origins, {len(LISTED)} listed, {len(test.problems)} problems')
    return 1 if test.problems or not test.count else 0


if __name__ == '__main__':
    sys.exit(main())
