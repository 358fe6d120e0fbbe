# SPDX-License-Identifier: GPL-2.0-or-later
"""Helpers for tests of segment placement: run placed-segments, parse the segments in the log of a
loader, and compare them."""
import re
import subprocess
from dataclasses import dataclass, field

PAGE = 0x1000
# Segments for which the prediction must be an address instead of a range, because their addresses
# determine whether the second kernel boots
EXACT = ('kernel', 'initrd')


@dataclass
class Computed:
    """A predicted segment, with the lowest and highest addresses of its first and last byte"""
    kind: str
    start: int
    start_max: int
    end_min: int
    end: int
    optional: bool

    @property
    def is_exact(self):
        return self.start == self.start_max and self.end_min == self.end

    def has(self, start, end):
        return self.start <= start <= self.start_max and self.end_min <= end <= self.end


class Computing:
    def __init__(self, program):
        self.process = subprocess.Popen([program, '-'], text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def place(self, source, **words):
        """Predict the segments of a load. Return the reason why there are none, a bit mask of
        uncertainties, and the segments."""
        line = ' '.join([str(source), *(f'{name.replace("_", "-")}={value}'
                                        for name, value in words.items() if value is not None)])
        self.process.stdin.write(line + '\n')
        self.process.stdin.flush()
        reason, unsure, segments = '', 0, []
        for said in iter(self.process.stdout.readline, ''):
            key, _, rest = said.rstrip('\n').partition(' ')
            if key == 'end':
                return reason, unsure, segments
            if key == 'reason':
                reason = rest
            elif key == 'unsure':
                unsure = int(rest, 16)
            else:
                kind, *numbers, optional = rest.split()
                segments.append(Computed(kind, *(int(n, 16) for n in numbers),
                                         optional == '1'))
        raise SystemExit(f'placed-segments failed for: {line}')


@dataclass
class Tally:
    """Results of comparisons: the number of loads, the numbers of segments at the predicted address
    (exact) and in the predicted range (ranges), and error messages (wrong)"""
    loads: int = 0
    exact: int = 0
    ranges: int = 0
    wrong: list = field(default_factory=list)

    def __add__(self, other):
        return Tally(self.loads + other.loads, self.exact + other.exact,
                     self.ranges + other.ranges, self.wrong + other.wrong)

    def add(self, name, actual, computed):
        """Compare the segments of a load, as (kind, start, end), with the predicted ones."""
        self.loads += 1
        left = list(computed)
        for kind, start, end in actual:
            same = [one for one in left if one.kind == kind]
            found = [one for one in same if one.has(start, end)]
            if not found:
                texts = [f'{one.start:#x}..{one.start_max:#x}-{one.end:#x}' for one in same]
                self.wrong.append(f'{name}: {kind} at {start:#x}-{end:#x}, predicted: '
                                  f'{", ".join(texts) or "none"}')
                left = [one for one in left if one is not (same or [None])[0]]
                continue
            left.remove(found[0])
            if found[0].is_exact:
                self.exact += 1
            elif kind in EXACT:
                self.wrong.append(f'{name}: {kind} at {start:#x}, predicted only as a range: '
                                  f'{found[0].start:#x}..{found[0].start_max:#x}')
            else:
                self.ranges += 1
        self.wrong += [f'{name}: {one.kind} predicted at {one.start:#x}, but not loaded'
                       for one in left if not one.optional]

    def __str__(self):
        return (f'{self.loads} loads, {self.exact + self.ranges + len(self.wrong)} segments: '
                f'{self.exact} equal, {self.ranges} in a range, {len(self.wrong)} different')


def number(pattern, text):
    found = re.findall(pattern, text)
    return int(found[-1], 16) if found else None


NAMES = {
    'purgatory': r'Loaded purgatory at (?:addr )?(0x[0-9a-f]+)',
    'boot-params': r'Loaded (?:real_mode_data and command line|'
                   r'boot_param, command line and misc) at (0x[0-9a-f]+)',
    'kernel': r'Loaded 64bit kernel at (0x[0-9a-f]+)',
    'initrd': r'Loaded initrd at (0x[0-9a-f]+)',
    'backup': r'Created backup segment at (0x[0-9a-f]+)',
    'elfcorehdr': r'(?:Created elf header segment|Loaded ELF headers) at (0x[0-9a-f]+)',
}
HEX = '(0x[0-9a-f]+)'
TOOLS_SEGMENT = (rf'segment\[\d+\]\.bufsz = {HEX}\s+segment\[\d+\]\.mem   = {HEX}\s+'
                 rf'segment\[\d+\]\.memsz = {HEX}')
# Before Linux 6.8, the log line contains "Loading segment 0: ".
KERNEL_SEGMENT = rf'egment\[? ?\d+\]?: buf=\S+ bufsz={HEX} mem={HEX} memsz={HEX}'
EFI_NODE, SEED_NODE, DESCRIPTOR = 0x70, 0x30, 40


def kind_of(mem, size, names):
    """Return the kind of a segment, which follows from a log line with its address or from its
    size."""
    if mem in names:
        return names[mem]
    if size in (EFI_NODE, SEED_NODE) or (size - 16) % 20 == 0 and size % DESCRIPTOR:
        return 'setup-data'
    return 'efi-memmap'


class Log:
    """A load that was logged by kexec -d or by the kernel.

    segments: a list of (kind, start, end)
    words: the arguments of placed-segments for this load that follow from the log
    """

    def __init__(self, text):
        self.is_kernel = 'kexec-bzImage64: ' in text
        names = {number(pattern, text): kind for kind, pattern in NAMES.items()}
        rows = [[int(value, 16) for value in row] for row in
                re.findall(KERNEL_SEGMENT if self.is_kernel else TOOLS_SEGMENT, text)]
        self.segments = [(kind_of(mem, size, names), mem, mem + memsz - 1)
                         for size, mem, memsz in rows]
        sizes = {kind_of(mem, size, names): size for size, mem, _ in rows}
        lengths = {kind: end - start + 1 for kind, start, end in self.segments}
        self.words = {'loader': 'kernel' if self.is_kernel else 'tools',
                      'init_size': lengths.get('kernel'), 'alignment': 0x200000,
                      'pref_address': 0x1000000,
                      'initrd': sizes.get('initrd', 0),
                      'crash': int('elfcorehdr' in lengths)}
        if self.is_kernel:
            final = re.findall(r'Final command line is: (.*)', text)
            if final:
                given = re.sub(r'^elfcorehdr=\S+ ', '', final[-1].rstrip('\r'))
                self.words['cmdline'] = len(given)
        elif 'kernel' in sizes:
            setup = number(r'kernel_size: (0x[0-9a-f]+)', text) - sizes['kernel']
            self.words['setup_size'] = setup
            self.words['cmdline'] = sizes['boot-params'] - max(setup, 0x1000) - 64 - 1
            added = re.findall(r' elfcorehdr=\d+K', text)
            if added:
                self.words['cmdline'] -= len(added[-1])
