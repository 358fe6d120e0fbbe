#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test that a redacted snapshot has no fault that its origin lacks.

usage: redacted.py EFIMAPCTL

The origins are all real captures, synthetic fixtures and logs, and recordings of a running system with
other names of the image and the initrd. What redaction drops may turn a word
into one of UNSEEN, but never into another fault, and never into "ok".
The answer names no file that redaction has dropped. Redacting a redacted snapshot
must not change it.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'tools'))
import fixture  # noqa: E402 pylint: disable=wrong-import-position

# Words that say that something was not seen
UNSEEN = {'unknown', 'no-fault-found', 'ok-if', 'do-not-use-yet', 'try', 'may-lose-efi', 'ok-if-it-loads',
          'dump-perhaps-without-efi'}


# Names of the image and of the initrd in /boot: of Arch, of kernel-install, of an administrator
NAMES = [('vmlinuz-linux', 'initramfs-linux.img'), ('debian/6.1/linux', 'debian/6.1/initrd'),
         ('srv/linux', 'srv/initrd'), ('vmlinuz-{release}', 'srv/initrd')]
RECORDING = 'debian-13-grub-kdump-first/sos_commands/efimap/efimapctl_snapshot.json'


def renamed(image, initrd, more):
    """Return the recording with a boot loader entry and a load that name other files."""
    with open(fixture.real(RECORDING), encoding='utf-8') as file:
        recording = json.load(file)
    files, times = recording['files'], recording['recorded']['mtimes']
    release = files['proc/version'].split()[2]
    for old, name in (('vmlinuz-', image), ('initrd.img-', initrd)):
        old, new = f'boot/{old}{release}', 'boot/' + name.format(release=release)
        for members in (files, times):
            members[new] = members.pop(old)
    image, initrd = image.format(release=release), initrd.format(release=release)
    files['boot/loader/entries'] = {'list': ['a.conf']}
    files['boot/loader/entries/a.conf'] = f'linux /{image}\ninitrd /{initrd}{more}\n'
    files['var/crash/kexec_cmd'] = (f"kexec -s --command-line='root=x nr_cpus=1' "
                                    f'--initrd=/boot/{initrd} /boot/{image}\n')
    return recording


class Test:
    def __init__(self, tool):
        self.tool, self.count, self.equal, self.problems = tool, 0, 0, []

    def run(self, *words, given=None):
        return subprocess.run([self.tool, *words], capture_output=True, text=True, check=False,
                              input=given)

    def words(self, source, given=None):
        """Return the words of verify by question and release."""
        report = json.loads(self.run('verify', '--json', source, given=given).stdout)
        return {(answer['question'], answer['kernel']['release']): answer['word']
                for answer in report['answers']}

    def check(self, name, source):
        redacted = self.run('snapshot', '-q', '--redact', source).stdout
        if not redacted:
            return
        self.count += 1
        if self.run('snapshot', '-q', '--redact', '-', given=redacted).stdout != redacted:
            self.problems.append(f'{name}: the snapshot is redacted twice')
        before, after = self.words(source), self.words('-', redacted)
        self.equal += before == after
        if '/x' in re.split(r'[ :.,)\n]+|/boot(?=/x)', self.run('verify', '-', given=redacted).stdout):
            self.problems.append(f'{name}: the answer names a file that redaction dropped')
        for key, word in after.items():
            if word not in UNSEEN and word not in (before.get(key), *(
                    () if key in before else before.values())):
                self.problems.append(f'{name}: {key}: {before.get(key)} became {word}')


def main(argv):
    if argv[1:] == ['--help']:
        print(__doc__.strip())
        return 0
    if len(argv) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    os.environ['LC_ALL'] = 'C'
    test = Test(os.path.abspath(argv[1]))
    with tempfile.TemporaryDirectory(dir=fixture.MEMORY) as where:
        for name, place in fixture.sources(where):
            test.check(name, place)
        for number, names in enumerate(NAMES):
            for more in ('', ' $tuned_initrd'):
                path = os.path.join(where, f'{number}.json')
                with open(path, 'w', encoding='utf-8') as file:
                    json.dump(renamed(*names, more), file)
                if test.words(path)[('kexec', '6.12.117+deb13-amd64')] != 'ok':
                    test.problems.append(f'{names}{more}: the origin is not ok')
                test.check(f'{names}{more}', path)
    print('\n'.join(test.problems))
    print(f'{test.count} origins, {test.equal} with equal words, {len(test.problems)} problems')
    return 1 if test.problems or not test.count else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
