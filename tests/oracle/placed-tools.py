#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare predicted segments with the segments that the real kexec-tools would load.

usage: placed-tools.py SPY PLACED-SEGMENTS FIXTURES [--count=N] [--seed=S] [--suites]
       [--kexec=PATH...]

Each load has a random combination of a capture, a kernel header, an initrd, --mem-min or --mem-max,
and a command line. About half of the loads have "-p" and a crash kernel reservation. --count is the
number of loads for each kexec program. --suites adds the programs of the Debian suites in
tests/e2e, and --kexec adds the program PATH.
"""
import argparse
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

import fetch
from machine import CrashPlace, drop_boot, enter_namespace, make_image, skip, unmount, write
from oracle import read
from placement import NAMES, PAGE, Computing, Tally, number

MIB = 1 << 20
# The columns are init_size, setup sectors, alignment and pref_address.
KERNELS = [
    (0x3c3b000, 39, 0x200000, 0x1000000), (0x2d5e000, 29, 0x200000, 0x1000000),
    (0xe58000, 39, 0x200000, 0x1000000), (0x37ee123, 39, 0x1000000, 0x1000000),
    (0x400000, 15, 0x2000, 0x100000), (0xa00000, 3, 0x1000, 0), (0x9000, 7, 0, 0x4000000),
    (0xa000000, 64, 0x200000, 0x1000000), (0x300000, 39, 0x1000, 0x2000000),
]
INITRDS = [None, 1, 4096, 0xa40e90, 0x21dea00, 60 * MIB]
WORDS = ['console=ttyS0', 'quiet', 'root=/dev/mapper/vg-root', 'ro', 'crashkernel=512M',
         'BOOT_IMAGE=/boot/vmlinuz', 'crashkernel=64M,low', 'efi=debug', 'x' * 300,
         'add_efi_memmap']
EFI_FILES = ['sys/kernel/boot_params/data', 'sys/firmware/efi/systab',
             'sys/firmware/efi/config_table', 'sys/firmware/efi/fw_vendor']
XLF_EFI = 0x7f
# The value of EFIMAP_UNSURE_ROOM in src/linux/segment_placement.h
UNSURE_ROOM = 2
TIMEOUT = 120
MAX_SHOWN = 8


def with_libraries(path, root):
    """Return a command that starts the program at path with the libraries below root."""
    libraries = {p.name: p for p in root.rglob('*.so*') if p.is_file()}
    where = ':'.join(sorted({str(p.parent) for p in libraries.values()}))
    return [str(libraries['ld-linux-x86-64.so.2']), '--library-path', where, str(path)]


class Program:
    """A kexec program. If it does not start with the libraries of this machine, it uses the
    libraries of its suite."""

    def __init__(self, path, root=None):
        self.command = [str(path)]
        self.env = {'LD_LIBRARY_PATH': fetch.library_path('kexec-tools')}
        self.version = self.find_version()
        if not self.version and root:
            self.command, self.env = with_libraries(path, root), {}
            self.version = self.find_version()
        if not self.version:
            skip(f'{path} does not print its version')

    def find_version(self):
        said = subprocess.run([*self.command, '--version'], env={**os.environ, **self.env},
                              text=True, capture_output=True, check=False).stdout
        found = re.search(r'kexec-tools (\d+\.\d+\.\d+)', said)
        return found[1] if found else None

    def run(self, spy, out, words):
        """Return the segments that the program would load, as (start, end, size of the buffer), and
        its output. The segments are None if kexec loaded none."""
        env = {'PATH': os.environ.get('PATH', ''), 'LD_PRELOAD': spy, 'SPY_DIR': out,
               'SPY_LIST': '1', **self.env}
        run = subprocess.run([*self.command, '-c', '-d', '-i', *words], env=env, text=True,
                             errors='replace', stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             timeout=TIMEOUT, preexec_fn=drop_boot, check=False)
        listed = pathlib.Path(out, 'segments')
        if not listed.exists():
            return None, run.stdout
        rows = [[int(word, 16) for word in line.split()]
                for line in listed.read_text(encoding='ascii').splitlines()]
        return [(start, start + size - 1, used) for start, size, used in rows], run.stdout


def ram_of(tree):
    lines = re.findall(r'^([0-9a-f]+)-([0-9a-f]+) : System RAM$',
                       read(tree, 'proc/iomem').decode(), re.M)
    return [(int(first, 16), int(last, 16)) for first, last in lines]


def captures(fixtures):
    for path in sorted(pathlib.Path(fixtures).glob('real/*')):
        tree = str(path)
        if read(tree, 'proc/iomem') and os.path.isdir(tree + '/sys/firmware/memmap') and \
                max((last for _, last in ram_of(tree)), default=0) and 'i386' not in path.name:
            yield tree


def reserve(dice, tree):
    """Replace the crash kernel reservation in the iomem of a tree with one or two random ones.
    Return False if no range of System RAM exceeds 96 MiB."""
    ram = [(first, last) for first, last in ram_of(tree) if last - first > 96 * MIB]
    text = re.sub(r'.* : Crash kernel\n', '', read(tree, 'proc/iomem').decode())
    if not ram:
        return False
    if 'Kernel code' not in text:
        text = text.replace(' : System RAM\n',
                            ' : System RAM\n  01000000-01ffffff : Kernel code\n', 1)
    for first, last in dice.sample(ram, min(len(ram), dice.choice((1, 1, 2)))):
        low = -(-max(first, 16 * MIB) // (16 * MIB)) * 16 * MIB
        size = dice.choice((64, 256, 384)) * MIB
        at = low + dice.randrange(0, max(1, (last - low - size) // (16 * MIB))) * 16 * MIB
        line = f'  {at:08x}-{min(at + size - 1, last):08x} : Crash kernel\n'
        row = re.search(rf'^0*{first:x}-.* : System RAM\n', text, re.M)
        text = text[:row.end()] + line + text[row.end():]
    write(tree, 'proc/iomem', text.encode())
    return True


def change_memmap(dice, tree):
    """Randomly remove a file of memmap, or add ranges, so that there can be more than the 128 for
    which boot_params have space. Usually, change nothing."""
    memmap = pathlib.Path(tree, 'sys/firmware/memmap')
    chance = dice.random()
    if chance < 0.1:
        (memmap / dice.choice(os.listdir(memmap)) / dice.choice(('start', 'end', 'type'))).unlink()
    elif chance < 0.25:
        first = len(os.listdir(memmap))
        for number in range(first, dice.choice((127, 128, 129, 200, 500))):
            entry = memmap / str(number)
            entry.mkdir()
            (entry / 'start').write_text(f'{0x100000000000 + number * PAGE:#x}\n')
            (entry / 'end').write_text(f'{0x100000000000 + number * PAGE:#x}\n')
            (entry / 'type').write_text('Reserved\n')


def limits(dice, tree):
    """Return random values of --mem-min and --mem-max, of which at least one is 0 (not given). The
    other can be an address near a bound of System RAM, or a very low --mem-max."""
    edges = [edge for span in ram_of(tree) for edge in span]
    if dice.random() < 0.2:
        return 0, dice.choice((12, 20, 40, 68, 80)) * MIB
    near = dice.choice(edges) + dice.choice((-PAGE, -1, 0, 1, 0x123000, 64 * MIB, -64 * MIB))
    if dice.random() < 0.6 or near <= 0:
        return 0, 0
    return (near, 0) if dice.random() < 0.3 else (0, near)


def label(segments, output):
    kinds = {number(pattern, output): kind for kind, pattern in NAMES.items()}
    rest = 0
    for start, end, used in sorted(segments):
        kind = kinds.get(start)
        if not kind:
            # kexec logs no addresses of the remaining segments. In address order, these are the
            # SETUP_EFI node, the EFI memory map and the other setup_data nodes.
            kind = 'efi-memmap' if rest == 1 and used % 40 == 0 else 'setup-data'
            rest += 1
        yield kind, start, end


class Matrix:
    def __init__(self, spy, computing, top, trees, program):
        self.spy, self.computing, self.top = spy, computing, top
        self.trees, self.program = trees, program
        self.tally, self.refused = Tally(), 0
        self.place = CrashPlace(top)

    def choose(self, dice, tree):
        init_size, sectors, alignment, pref_address = dice.choice(KERNELS)
        image, initrd = os.path.join(self.top, 'image'), os.path.join(self.top, 'initrd')
        make_image(image, dice.choice((XLF_EFI, XLF_EFI, XLF_EFI & ~0x10)), init_size, sectors,
                   alignment, pref_address)
        size = dice.choice(INITRDS)
        low, high = limits(dice, tree)
        is_crash = dice.random() < 0.5 and reserve(dice, tree)
        cmdline = ' '.join(dice.choices(WORDS, k=dice.randrange(0, 6)))
        write(tree, 'proc/cmdline', cmdline.encode() + b'\n')
        words = ['-p' if is_crash else '-l', image]
        given = {'loader': 'tools', 'image': image, 'initrd': size or 0, 'crash': int(is_crash),
                 'cpus': os.sysconf('SC_NPROCESSORS_CONF'), 'mem-min': low, 'mem-max': high}
        if dice.random() < 0.5 and cmdline:
            words.append('--reuse-cmdline')
            given['reuse-cmdline'] = 1
        else:
            words.append(f'--append={cmdline}')
            given['cmdline'] = len(cmdline)
        if size:
            with open(initrd, 'wb') as file:
                file.truncate(size)
            words.append(f'--initrd={initrd}')
        words += [f'--mem-min={low:#x}'] * bool(low) + [f'--mem-max={high:#x}'] * bool(high)
        return words, given

    def compare(self, dice, number):
        source = dice.choice(self.trees)
        tree = os.path.join(self.top, 'tree')
        shutil.rmtree(tree, ignore_errors=True)
        shutil.copytree(source, tree)
        # A capture may lack EFI files that the machine had. If one of EFI_FILES is missing, remove
        # all, so that the tree is consistent.
        if any(read(tree, path) is None for path in EFI_FILES):
            shutil.rmtree(f'{tree}/sys/firmware/efi', ignore_errors=True)
        change_memmap(dice, tree)
        words, given = self.choose(dice, tree)
        self.place.fill(tree)
        with tempfile.TemporaryDirectory(dir=self.top) as out:
            segments, output = self.program.run(self.spy, out, words)
        name = f'{self.program.version} #{number} {os.path.basename(source)} {" ".join(words)}'
        for tools in (self.program.version, None):
            reason, unsure, computed = self.computing.place(tree, tools=tools, **given)
            if segments is None:
                self.compare_refusal(name, reason, unsure, output)
            elif not computed:
                self.tally.wrong.append(f'{name}: no segments predicted: {reason}')
            elif tools:
                self.tally.add(name, label(segments, output), computed)
            else:
                self.compare_unknown(name, list(label(segments, output)), computed)

    def compare_refusal(self, name, reason, unsure, output):
        """Require that kexec found no free memory, and that the prediction reports that there is
        none or may be none."""
        found = re.search('Could not find a free area', output)
        if found and (reason == 'no free memory range is large enough' or unsure & UNSURE_ROOM):
            self.refused += 1
        else:
            last = output.strip().splitlines()[-1:] or ['nothing']
            self.tally.wrong.append(f'{name}: kexec: {last[0]}; predicted: {reason or unsure}')

    def compare_unknown(self, name, segments, computed):
        """Require that each segment is in the predicted range. The prediction does not use the
        version of kexec-tools, so ranges are accepted for all segments."""
        tally = Tally()
        tally.add(f'{name} (version not given)', segments, computed)
        self.tally.wrong += [one for one in tally.wrong if 'predicted only as a range' not in one]


def programs(options):
    try:
        yield Program(fetch.find('kexec-tools', '/sbin/kexec'))
    except fetch.Missing as why:
        if not options.suites and not options.kexec:
            skip(f'kexec-tools is not installed, and cannot be fetched: {why}')
    for path in options.kexec:
        yield Program(path)
    if options.suites:
        sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'e2e'))
        import suites  # pylint: disable=import-outside-toplevel,import-error
        from kernels_table import TOOLS  # pylint: disable=import-outside-toplevel,import-error
        for suite in TOOLS.values():
            try:
                root = suites.unpacked(suite, 'kexec-tools', r'(lib|zlib1g).*')
            except fetch.Missing as why:
                print(f'{suite}: {why}')
                continue
            yield Program(next(p for p in root.rglob('sbin/kexec') if p.is_file()), root)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('spy')
    parser.add_argument('program')
    parser.add_argument('fixtures')
    parser.add_argument('--count', type=int, default=40)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--suites', action='store_true')
    parser.add_argument('--kexec', action='append', default=[])
    options = parser.parse_args()
    known = {program.version: program for program in programs(options)}
    trees = list(captures(options.fixtures))
    bad = 0
    enter_namespace()
    with tempfile.TemporaryDirectory() as top, Computing(options.program) as computing:
        for version, program in sorted(known.items()):
            matrix = Matrix(options.spy, computing, top, trees, program)
            dice = random.Random(options.seed)
            for number in range(options.count):
                matrix.compare(dice, number)
            print(f'kexec-tools {version}: {matrix.tally}; {matrix.refused // 2} loads for which '
                  'kexec found no free memory', *matrix.tally.wrong[:MAX_SHOWN], sep='\n  ',
                  flush=True)
            bad += bool(matrix.tally.wrong) or matrix.tally.exact == 0
            unmount('/proc', *CrashPlace.DIRECTORIES, top)
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
