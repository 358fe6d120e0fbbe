#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Pass malicious names and texts through every command and every output format.

usage: hostile.py TOOL FIXTURES

Some texts attack a terminal: ESC, CSI, BEL, newlines, DEL, bidirectional controls and invalid
UTF-8. Others attack programs that read an output: markup, and syntax of shells and monitoring
systems. The texts are put into files, file names and logs, and into each text and each path of a
snapshot, one at a time. Each output must be valid for its consumer (see outputs.py), and standard
error must be safe for a terminal. The case hostile-words tests other inputs.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import outputs

WORD = outputs.WORD.encode()
EVIL = [
    b'\x1b[2J\x1b]0;x\x07', b'\x9b31m', b'\xc2\x9b31m', b'\n' + WORD, b'\r' + WORD, b'\x7f\x08\x0b\x0c',
    b'\xe2\x80\xae\xe2\x81\xa6\xd8\x9c\xe2\x80\x8f', b'\xe2\x80\xa8' + WORD, b'\xff\xfe\xc0\xaf\xed\xa0\x80',
    b'\xf3\xa0\x81\x81',
]
ALL = b'a' + b''.join(EVIL) + b'z'
# Markup without control characters, so that more readers accept it, and short enough for all fields
MARKUP = b'</desc><script>POISON</script>"><img onerror=\'x\'>&]]><!--|$(`\\'
# A variant of ALL for files of which only the first line is read
ONE_LINE = ALL.replace(b'\n', b'\x1b')
NAME, MARKUP_NAME = ALL.replace(b'/', b''), MARKUP.replace(b'/', b'')
MAP = 'sys/firmware/efi/runtime-map'
KERNEL_IMAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools',
                            'kernel_image.py')

# Texts that replace a text of a snapshot. There are several, because each reader rejects some of
# them. The word POISON identifies them in an output. SHORT_POISON is for fields of a few bytes.
POISON = (
    '</desc><script>POISON</script>', '"><img src=x onerror=\'POISON\'>&', ']]><!--POISON--><![CDATA[',
    '$(POISON)`POISON`\\";POISON="|', '=POISON|A0!A1',
    '\tPOISON()', '\rPOISON()', ' POISON\x1b[2J\x9b31m\x7f', 'POISON\n' + outputs.WORD,
    'POISON\u202e\u2066\u200f', 'POISON\u2028\ufeff' + outputs.WORD)
SHORT_POISON = ('<a b', '"\'>&', ']]>', '<!--', '\x1b[2J', '\u202e', '\ufeff=1')
# Texts of a snapshot that also appear in an output. If such a text is poisoned, the poison must
# appear in at least one output. Otherwise the test does not cover the text.
CARRIED = {'source', 'proc/cmdline', 'proc/iomem', 'sys/firmware/memmap/N/type',
           'sys/firmware/efi/systab', 'sys/firmware/efi/runtime-map/N/type', 'dmesg',
           'sys/firmware/efi/runtime-map[]', *('sys/devices/virtual/dmi/id/' + name for name in
                                               ('sys_vendor', 'product_name', 'bios_version'))}

# (output format, command that prints it). In a command, None stands for a second source.
FORMS = (
    ('text', ('dump', '--output-all')), ('text', ('dump', '-v')),
    ('json', ('dump', '--format=json')), ('ndjson', ('dump', '--format=ndjson')),
    ('pairs', ('dump', '--output-all', '--format=pairs')),
    ('raw', ('dump', '--output-all', '--format=raw')), ('binary', ('dump', '--format=efi-memmap')),
    ('binary', ('dump', '--format=setup-data')),
    ('text', ('verify', '-v')), ('json', ('verify', '--json')),
    ('text', ('verify', '-v', 'none')), ('ndjson', ('verify', '--json', 'none')),
    ('json', ('snapshot',)), ('text', ('received', '-v')), ('json', ('received', '--json')),
    ('text', ('dump', '-v', '-o', '+PREDICTED,BOUND')),
    ('text', ('dump', '--format=page-table')),
    ('json', ('dump', '--format=page-table', '--json')),
    ('text', ('plot',)), ('svg', ('plot', '--format=svg')),
    ('text', ('dump', '--address=0x1000')), ('json', ('dump', '--json', '--address=0x1000')),
    ('text', ('compare', '-v', None)), ('json', ('compare', '--json', None)),
)


def places(document):
    """Yield the name, the container and the key of each text of a snapshot. A name contains N
    instead of a number, [] instead of a name in a directory, and * instead of a path."""
    yield from (('tool', document, 'tool'), ('source', document, 'source'))
    yield from ((name, document['recorded'], name) for name in document['recorded'])
    for path, file in document['files'].items():
        name = re.sub(r'/\d+(?=/|$)', '/N', path)
        yield name + '*', document['files'], path
        if isinstance(file, str):
            yield name, document['files'], path
            continue
        yield from ((name + '[]', file['list'], i) for i in range(len(file.get('list', ()))))
        yield from ((name + '.base64', part, 'base64') for part in file.get('parts', ()))
        if 'error' in file:
            yield name + '.error', file, 'error'


class Hostile:
    def __init__(self, args, path):
        self.args, self.path = args, os.fsencode(path)
        self.runs, self.bad = 0, 0
        self.checker = outputs.Checker()
        self.tree = self.capture(b'tree', ONE_LINE, deep=NAME)
        # Each tree has only one hostile text, because many readers stop at the first error.
        self.trees = [self.capture(b'tree-%d' % i, ONE_LINE, only=i)
                      for i in range(len(self.places(b'')))]
        self.clean = self.capture(b'clean', b'', only=-1)

    def at(self, name):
        return os.path.join(self.path, name)

    def put(self, name, data):
        os.makedirs(os.path.dirname(self.at(name)), exist_ok=True)
        with open(self.at(name), 'wb') as file:
            file.write(data)
        return self.at(name)

    def fixture(self, name):
        return os.path.join(os.fsencode(self.args.fixtures), b'real', os.fsencode(name))

    def places(self, evil):
        many = ALL if evil == ONE_LINE else evil
        return (
            ('proc/iomem', b'00000000-00000fff : ' + evil + b'\n'),
            ('proc/cmdline', b'quiet ' + evil + b' efi=' + evil + b'\n'),
            ('proc/cmdline', b'quiet\n' + many),
            ('proc/version', b'Linux version ' + evil + b'\n'),
            ('proc/version', b'Linux version 6.1' + evil + b' (x)\n'),
            ('proc/sys/kernel/random/boot_id', evil + b'\n'),
            ('proc/cpuinfo', b'vendor_id\t: ' + evil + b'\nflags\t\t: ' + evil + b'\n'),
            (MAP + '/0/type', many), (MAP + '/1/attribute', b'0x1' + evil + b'\n'),
            ('sys/firmware/efi/systab', b'ACPI20=' + many), ('sys/firmware/efi/fw_vendor', many),
            ('sys/firmware/efi/fw_platform_size', many),
            ('sys/firmware/memmap/0/type', evil + b'\n'),
            ('sys/firmware/memmap/0/start', many),
            ('sys/kernel/boot_params/data', (many * 40)[:4096]),
            ('sys/kernel/boot_params/setup_data/0/type', many),
            ('sys/devices/virtual/dmi/id/sys_vendor', evil + b'\n'),
            ('sys/devices/virtual/dmi/id/bios_version', evil + b'\n'),
            ('dmesg.txt', self.log(evil)),
        )

    def log(self, evil):
        lines = (b'[    0.000000] Linux version 6.1' + evil + b' (x) #1',
                 b'[    0.000000] Command line: quiet ' + evil,
                 b'[    0.000000] efi: EFI v2.70 by ' + evil,
                 b'[    0.000000] efi: ' + evil + b'=0x1000 SMBIOS' + evil + b'=0x2000 ACPI=0x1000 ',
                 b'[    0.000000] efi: mem00: [Runtime Data|RUN|  |  |  |  |  |  |  |  |   |WB|WT|WC|UC] '
                 b'range=[0x0000000000001000-0x0000000000001fff] (0MB)' + evil,
                 b'[    0.000000] efi: mem01: [' + evil + b'|RUN|  ] range=[0x3000-0x3fff] (0MB)',
                 b'[    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] ' + evil,
                 evil)
        return b'\n'.join(lines) + b'\n'

    def capture(self, name, evil, only=None, deep=None):
        """Copy a real capture, and put malicious text into one file, all files or no file of the
        copy. Return its path."""
        tree = self.at(name)
        if deep:
            tree = os.path.join(tree, deep)
        shutil.copytree(self.fixture('ovmf-q35-6.1-kexec-first'), tree)
        for i, (place, data) in enumerate(self.places(evil)):
            if only in (None, i):
                self.put(os.path.join(tree, place.encode()), data)
        if only is None:
            os.mkdir(os.path.join(tree, MAP.encode(), deep))
            self.put(os.path.join(tree, MAP.encode(), b'0', deep), b'x')
            self.put(os.path.join(tree, b'sos_commands/kernel/dmesg' + deep), self.log(evil))
        return tree

    def start(self, words, form='text', locale='C.UTF-8'):
        env = dict(os.environ, LC_ALL=locale, TERM='xterm', NO_COLOR='1')
        done = subprocess.run([self.args.tool, *words], env=env, input=b'', timeout=1200,
                              capture_output=True, check=False, cwd=self.path)
        self.runs += 1
        problem, where = outputs.text(done.stderr), 'standard error'
        if not problem:
            problem, where = self.checker.find_problem(form, done.stdout), 'standard output'
        if done.returncode < 0:
            problem = f'signal {-done.returncode}'
        if problem:
            self.fail(f'{ascii(words)[:200]} in {locale}: {where}: {problem}')
        return done

    def fail(self, what):
        self.bad += 1
        print('FAILED:', what, flush=True)

    def sources(self, source, other=None):
        said = b''
        for form, words in FORMS:
            words = [other or self.clean if word is None else word for word in words]
            done = self.start([*words, source], form)
            said += done.stdout + done.stderr
        return said

    def learn(self):
        """Record the markup that the tool writes for a broken capture and for all real captures."""
        made = self.capture(b'made', b'x', deep=b'x')
        captures = sorted(os.listdir(self.fixture('')))
        for form, words in FORMS:
            if form in outputs.MARKUP:
                for name in [made, *map(self.fixture, captures)]:
                    words = [self.clean if word is None else word for word in words]
                    done = subprocess.run([self.args.tool, *words, name], check=False,
                                          capture_output=True)
                    self.checker.learn(form, done.stdout or b'<svg/>')

    def kexec_files(self, release):
        image = self.at(b'vmlinuz')
        subprocess.run([sys.executable, KERNEL_IMAGE, image, '--release=' + release], check=True)
        with open(image, 'rb') as file:
            kernel = file.read()
        scratch = 'sys/kernel/debug/kho/out/scratch_'
        return ((f'boot/vmlinuz-{release}', kernel), (f'boot/initrd.img-{release}', bytes(1000)),
                ('usr/sbin/kexec', b'text\0kexec-tools 2.0.29\0'),
                ('etc/default/kdump-tools', b'USE_KDUMP=1\nKDUMP_KERNEL=/var/lib/kdump/vmlinuz\n'
                                            b'KDUMP_KEXEC_ARGS="-s"\n'),
                ('sys/kernel/security/lockdown', b'none [integrity] confidentiality\n'),
                (scratch + 'phys', b'0x7c000000\n'), (scratch + 'len', b'0x1000000\n'))

    def samples(self):
        """Yield snapshots that together contain all kinds of files."""
        full = self.capture(b'full', b'', only=-1)
        with open(self.fixture('ovmf-q35-6.1-kexec-second/sys/kernel/boot_params/data'), 'rb') as file:
            self.put(os.path.join(full, b'sys/kernel/boot_params/data'), file.read())
        shutil.copytree(self.fixture('ovmf-q35-6.1-kexec-second/sys/kernel/boot_params/setup_data'),
                        os.path.join(full, b'sys/kernel/boot_params/setup_data'), dirs_exist_ok=True)
        for name, data in (('proc/sys/kernel/random/boot_id', b'01234567-89ab-cdef-0123-456789abcdef\n'),
                           ('proc/cpuinfo', b'address sizes\t: 40 bits physical, 48 bits virtual\n'),
                           ('sys/devices/virtual/dmi/id/sys_vendor', b'QEMU\n'),
                           ('sys/devices/virtual/dmi/id/product_name', b'Q35\n'),
                           ('sys/devices/virtual/dmi/id/bios_version', b'1\n'),
                           *self.kexec_files('6.1.0-56-amd64')):
            self.put(os.path.join(full, name.encode()), data)
        # The second sample contains incomplete entries, which few commands accept.
        broken = self.at(b'broken')
        shutil.copytree(full, broken)
        # A snapshot contains only the readable values of an incomplete entry. Two entries lack
        # different files, so that the snapshot contains each value at least once.
        for name in (b'6/attribute', b'7/type'):
            os.remove(os.path.join(broken, MAP.encode(), name))
        self.put(os.path.join(broken, b'dmesg.txt'),
                 b'[    0.000000] Linux version 6.1.0-56-amd64\n'
                 b'[    0.012345] efi: Failed to lookup EFI memory descriptor for 0x7a6f3000\n')
        # The newest kernel image is invalid, and the image of the crash kernel is missing.
        self.put(os.path.join(broken, b'boot/vmlinuz-6.9.0'), b'no kernel')
        self.put(os.path.join(broken, b'etc/default/kdump-tools'),
                 b'USE_KDUMP=1\nKDUMP_KERNEL=/boot/missing\n')
        for name in (full, broken, self.fixture('ovmf-q35-6.1-efidebug-first/dmesg.txt'),
                     self.fixture('ovmf-q35-6.1-kexec-second/dmesg.txt')):
            yield subprocess.run([self.args.tool, 'snapshot', name], check=False,
                                 capture_output=True).stdout

    def poison(self, sample, name, poison, is_longer):
        """Write the snapshot with poison in all texts with this name, or at the end of the first
        line of one of them. Return the path of the new file."""
        document = json.loads(sample)
        for found, holder, key in list(places(document)):
            if found != name:
                continue
            if name.endswith('*'):
                holder[key + poison if is_longer else poison] = holder.pop(key)
            elif is_longer:
                first, end, rest = str(holder[key]).partition('\n')
                holder[key] = first + poison + end + rest
            else:
                holder[key] = poison
            if is_longer or name.endswith('*'):
                break
        return self.put(b'poisoned', json.dumps(document).encode())

    def snapshots(self):
        samples = list(self.samples())
        whole = self.put(b'whole', samples[0])
        for form, words in FORMS:
            words = [self.clean if word is None else word for word in words]
            if not self.start([*words, whole], form).stdout:
                self.fail(f'{ascii(words)} prints nothing for the complete sample')
        names = [{name: None for name, _, _ in places(json.loads(sample))} for sample in samples]
        accepted, shown = set(), set()
        for i, sample in enumerate(samples):
            for name in set(names[i]).difference(*names[:i]):
                for poisons in (POISON, SHORT_POISON):
                    if any([self.snapshot(sample, name, poison, shown) for poison in poisons]):
                        accepted.add(name)
                        break
        print(f'{len(set().union(*names))} texts of a snapshot: any value is accepted for '
              f'{len(accepted)}, and an output contains {len(shown)}')
        if not CARRIED <= shown:
            self.fail(f'no output contains {sorted(CARRIED - shown)}')

    def snapshot(self, sample, name, poison, shown):
        """Check that the error message for a snapshot with a poisoned text names the text, or that
        all outputs are safe. Return whether verify accepts the snapshot."""
        accepted = False
        for is_longer in (False, True):
            source = self.poison(sample, name, poison, is_longer)
            first = self.start(['verify', source])
            if first.returncode != 3 or first.stdout:
                accepted = True
                said = self.sources(source)
                if b'POISON' in said or poison.encode() in said:
                    shown.add(name)
                # The parser may ignore a text that is only poison, so also try a longer one.
                if name in shown or name not in CARRIED:
                    return True
                continue
            where = re.sub(r'(/N.*|\.base64|\.error|\[\])$', '', name)
            if where.encode() not in first.stderr and not name.endswith('*'):
                self.fail(f'the error message does not name {name}: {ascii(first.stderr)}')
        return accepted

    def terminal(self):
        self.sources(self.tree)
        self.sources(self.put(b'log' + NAME, self.log(ONE_LINE)))
        for tree in self.trees:
            self.sources(tree)

    def markup(self):
        tree = self.capture(b'markup', MARKUP, deep=MARKUP_NAME)
        self.sources(tree)
        self.sources(self.clean, tree)
        self.sources(self.put(b'log' + MARKUP_NAME, self.log(MARKUP)))
        for i in range(len(self.places(b''))):
            self.sources(self.capture(b'markup-%d' % i, MARKUP, only=i))

    def refused(self):
        """Check the error message for a packed file. The message contains a command with the name
        of the file."""
        for name, content in ((b'packed', b'\x1f\x8b\x08' + ALL), (b'core', b'KDUMP   ' + ALL * 1000),
                              (b'elf', b'\x7fELF\2\1\1' + bytes(9) + b'\4\0' + ALL * 99)):
            for locale in ('C', 'C.UTF-8'):
                for command in ('verify', 'dump'):
                    self.start([command, self.put(name + NAME, content)], locale=locale)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('tool')
    parser.add_argument('fixtures')
    args = parser.parse_args()
    args.tool, args.fixtures = os.path.abspath(args.tool), os.path.abspath(args.fixtures)
    with tempfile.TemporaryDirectory() as path:
        hostile = Hostile(args, path)
        hostile.learn()
        hostile.sources(hostile.clean)
        hostile.terminal()
        hostile.markup()
        hostile.snapshots()
        hostile.refused()
    print(f'{hostile.runs} runs, {hostile.bad} failed')
    return 1 if hostile.bad else 0


if __name__ == '__main__':
    sys.exit(main())
