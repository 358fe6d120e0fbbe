#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that the cited sources print the messages that "efimapctl explain" knows.

usage: messages.py [--list] [PROGRAM=RELEASE=TREE...]
  TREE    sources, instead of those of Debian's suites: Linux=6.12=DIR or kexec-tools=2.0.32=DIR
  --list  print for each message the releases, files and functions that print it

For each message of src/rules/errors.texts, a cited file contains a format string that prints it,
and if functions are cited, one of these contains the string. Adjacent strings are joined, and
pr_fmt() is respected. A conversion such as "%s" prints anything, but most of a message is fixed
text. A message about a place is the beginning of the name of a function that a cited file defines.
ABSENT lists the messages that no source at hand contains, with the reason.
"""
import functools
import os
import re
import sys
import tarfile

import project

sys.path.insert(0, os.path.join(project.ROOT, 'tests/e2e'))
# pylint: disable=wrong-import-position,import-error
import suites  # noqa: E402
from kernels_table import KERNELS, TOOLS  # noqa: E402
# pylint: enable=wrong-import-position,import-error

TEXTS = 'src/rules/errors.texts'
RULES = 'src/rules/kernel_messages.rules'
# Part of the fixed text of a message that a format string must contain
ENOUGH = 0.6

OTHERS = 'other programs print it'
COMPOSED = 'the kernel composes it of two texts'
ABSENT = {
    'No virtual mapping found for the UEFI System Table': 'Linux before 5.10',
    'efi: ioremap of 0x': 'Linux before 5.10',
    "esrt: ESRT header doen't fit on single memory map entry.": 'Linux before 5.10',
    'esrt: ioremap(': 'Linux before 5.10',
    '[type=...|attr=0x... range=[0x...(invalid)': COMPOSED,
    'efi_call+0x': 'Linux before 5.10',
    'secureboot: Secure boot enabled and kernel locked down': 'patches of Fedora and SUSE',
    'kexec of unsigned images is restricted': COMPOSED,
    'Out of memory: Killed process': COMPOSED,
    'initrd too large to handle': 'Linux before 5.10',
    '.text .data .bss are not marked as E820_RAM!': 'Linux before 5.10',
    **dict.fromkeys((
        'No SMBIOS nor DMI entry point found', 'EFI variables are not supported on this system',
        'mount: /sys/firmware/efi/efivars: mount point does not exist',
        'mount: mount point /sys/firmware/efi/efivars does not exist',
        "unknown filesystem type 'efivarfs'",
        '/sys/firmware/efi/efivars: No such file or directory',
        "cannot access '/sys/firmware/efi/': No such file",
        "cannot access '/sys/firmware/efi': No such file",
        "cannot access '/sys/firmware/efi/efivars': No such file",
        'Not booted with EFI', 'UEFI firmware can not be updated in legacy BIOS mode',
        '/sys/firmware/efi: No such file', '/sys/firmware/efi/: No such file',
        '/sys/firmware/efi/efivars/: No such file',
        '/sys/firmware/efi/fw_platform_size: No such file'), OTHERS),
}

TOKEN = re.compile(r'(?P<comment>/\*.*?\*/|//[^\n]*)|(?P<string>"(?:\\.|[^"\\\n])*")|'
                   r"(?P<char>'(?:\\.|[^'\\])+')|(?P<word>[A-Za-z_]\w*)|(?P<space>(?:\s|\\\n)+)|"
                   r'(?P<other>.)', re.S)
CONVERSION = re.compile(r'%(?:%|[-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*)?)?(?:hh|h|ll|l|z|j|t)?'
                        r'(?:p[A-Za-z]*|[a-oq-zA-Z]))')
MACROS = {'FW_BUG': '[Firmware Bug]: ', 'FW_WARN': '[Firmware Warn]: ', 'PREFIX': 'ACPI: '}
GAP = '\0'
# A definition of a function at the beginning of a line, or a macro with parameters
FUNCTION = re.compile(r'^(?![\s#/*}])[^;{}\n]*?\b(?P<name>\w+)\s*\([^;{}]*?\)[^;{}=]*?'
                      r'\{(?:[^\n]*\}$|.*?^\})|'
                      r'^#\s*define\s+(?P<macro>\w+)\((?:[^\n]*\\\n)*[^\n]*|'
                      r'^SYM_(?:FUNC|CODE)_START\((?P<symbol>\w+)\)', re.M | re.S)
SYSCALL = re.compile(r'SYSCALL_DEFINE\d\((\w+)')
PREFIX = re.compile(r'^#\s*define\s+pr_fmt\(\w+\)\s+(.*)', re.M)
CITED = re.compile(r'(Linux|kexec-tools)[^()]*\(([^()]*)\)')
CITATION = re.compile(r'\s*(?:[^:/]*, )?([\w./-]+\.[chS])(?:: ([\w, ]+))?')
ERRORS = {os.strerror(number) for number in range(1, 134)} | {
    'Address not available', 'Not supported', 'Out of memory', 'Resource busy'}


def blocks(name):
    """Yield the keys of each entry of a file, with lists of lines as values."""
    for block in project.text(name).split('\n\n')[1:]:
        keys, lines = {}, []
        for line in block.splitlines():
            if line.startswith(' '):
                lines.append(line[1:])
            else:
                key, _, first = line.partition(': ')
                keys[key] = lines = [first]
        yield keys


def entries():
    """Return the keys of each entry. "Text" includes the messages of the rule that an entry
    names."""
    rules = {rule['Rule'][0]: rule.get('Kernel-messages', []) for rule in blocks(RULES)}
    found = list(blocks(TEXTS))
    for keys in found:
        for rule in keys.get('Rule', ()):
            keys['Text'] = list(dict.fromkeys(keys['Text'] + rules[rule]))
    return found


def citations(keys):
    """Return a list of (program, file, functions), or None if the citation cannot be parsed."""
    cited = ' '.join(keys['Printed-by'])
    found = []
    for program, inside in CITED.findall(cited):
        for part in inside.split(';'):
            match = CITATION.fullmatch(part)
            if not match:
                return None
            found.append((program, match[1], (match[2] or '').split(', ') if match[2] else []))
    return found


def joined(tokens):
    """Return a format string with GAP for each conversion."""
    text = ''
    for kind, token in tokens:
        if kind == 'string':
            text += re.sub(r'\\(.)', lambda match: {'n': ' ', 't': ' '}.get(match[1], match[1]),
                           token[1:-1])
        elif token in MACROS:
            text += MACROS[token]
        elif not token.startswith('KERN_'):
            # A macro such as PRIx64, after "%"
            text = re.sub(r'%[-#0-9.*]*$', '', text) + GAP
    return CONVERSION.sub(lambda match: '%' if match[0] == '%%' else GAP, text)


def formats_in(text):
    """Yield the position and the text of each string."""
    tokens = [(match.lastgroup, match[0], match.start()) for match in TOKEN.finditer(text)
              if match.lastgroup not in ('space', 'comment')]
    group = []
    for number, (kind, token, at) in enumerate(tokens):
        after = tokens[number + 1][0] if number + 1 < len(tokens) else ''
        if kind == 'string' or kind == 'word' and (
                token in MACROS or group and (after == 'string' or token.startswith('PRI'))):
            group.append((kind, token, at))
        elif group:
            yield group[0][2], joined(part[:2] for part in group)
            group = []


def plain(text):
    """Return a text as efimapctl compares it: in lower case, and without its numbers."""
    text = re.sub(r'\b(0x)?[0-9][0-9a-fx]*\b', r'\1' + GAP, text.lower().replace('...', GAP))
    return re.sub(r'\s+', ' ', text).strip(' .')


def words_of(text):
    return set(re.findall(r'[a-z_]{3,}', text))


def fixed_part(message, text):
    """Return how many characters of the fixed text of a message a format string contains. Both may
    have gaps."""
    below = [0] * (len(text) + 1)
    for char in reversed(message):
        row = [-len(message)] * (len(text) + 1)
        for at in range(len(text), -1, -1):
            if char == GAP:
                row[at] = max(below[at], row[at + 1] if at < len(text) else -len(message))
            elif at < len(text) and text[at] == GAP:
                row[at] = max(row[at + 1], below[at])
            elif at < len(text) and text[at] == char:
                row[at] = below[at + 1] + 1
        below = row
    return max(below)


class File:
    """The functions and format strings of a source file."""

    def __init__(self, path, text):
        self.functions = []
        for match in FUNCTION.finditer(text):
            call = SYSCALL.match(match[0])
            name = call[1] if call else match['name'] or match['macro'] or match['symbol']
            self.functions.append((name, *match.span()))
        module = os.path.basename(path)[:-2].replace('-', '_')
        prefixes = {''} | {joined((match.lastgroup, match[0]) for match in TOKEN.finditer(
            line.replace('KBUILD_MODNAME', f'"{module}"')) if match.lastgroup == 'string')
            for line in PREFIX.findall(text)}
        self.formats = [(plain(prefix + one), at) for at, one in formats_in(text)
                        for prefix in prefixes]

    def function_at(self, at):
        return next((name for name, begin, end in self.functions if begin <= at < end), '')

    @functools.lru_cache(maxsize=None)
    def printers(self, message):
        """Return the names of the functions that print a message."""
        for error in ERRORS:
            if message.endswith(': ' + error):
                message = message[:-len(error)]
        message = plain(message)
        fixed, words = len(message.replace(GAP, '')), words_of(message)
        return {self.function_at(at) for text, at in self.formats
                if 2 * len(words & words_of(text)) >= len(words) and
                fixed_part(message, text) >= ENOUGH * fixed}


class Trees:
    """The cited files of all releases: {(program, path): {release: File}}"""

    def __init__(self, wanted):
        self.files = {key: {} for key in wanted}
        self.releases = []

    def add(self, program, release, path, text):
        if (program, path) in self.files:
            self.files[program, path][release] = File(path, text)

    def add_directory(self, program, release, top):
        self.releases.append((program, release))
        for known, path in self.files:
            place = os.path.join(top, path)
            if known == program and os.path.exists(place):
                with open(place, encoding='utf-8', errors='replace') as file:
                    self.add(program, release, path, file.read())

    def add_archive(self, program, release, archive):
        self.releases.append((program, release))
        with tarfile.open(archive, 'r|*') as tar:
            for member in tar:
                path = member.name.partition('/')[2]
                if member.isfile() and (program, path) in self.files:
                    self.add(program, release, path,
                             tar.extractfile(member).read().decode(errors='replace'))

    def fetch(self):
        """Add the sources of Debian's suites. Report those that cannot be downloaded."""
        for program, of_suites in (('Linux', KERNELS), ('kexec-tools', TOOLS)):
            for release, suite in of_suites.items():
                try:
                    self.add_archive(program, release, archive(program, suite))
                except suites.Missing as why:
                    print(f'{program} {release}: not checked: {why}')
            if not any(program == known for known, _ in self.releases):
                project.finish('messages', 0, [f'no sources of {program}'])


def archive(program, suite):
    """Return the path of the archive with the sources that a suite has of a program."""
    if program != 'Linux':
        return suites.source(suite, program)
    root = suites.unpacked(suite, 'linux-source', 'linux-source-.*')
    return next(root.rglob('linux-source-*.tar.*'))


def found_in(trees, cited, message, is_place):
    """Return a list of (program, release, file, function) that print a message, or a function that
    a cited file defines."""
    found = []
    for program, path, functions in cited:
        for release, file in trees.files[program, path].items():
            if is_place:
                names = {name for name, _, _ in file.functions
                         if (name + '+0x').startswith(message)}
            else:
                names = {name for name in file.printers(message)
                         if not functions or name in functions}
            found += [(program, release, path, name) for name in sorted(names)]
    return found


def check_citations(trees, title, cited):
    """Yield what is wrong with the cited files and functions of an entry."""
    for program, path, functions in cited:
        files = trees.files[program, path].values()
        if not files:
            yield f'"{title}": {program} has no {path}'
        for name in functions if files else ():
            if not any(name == one for file in files for one, _, _ in file.functions):
                yield f'"{title}": {path} has no {name}()'


def check(trees, checked, show):
    """Return the problems, the number of messages of each release, and the number of messages that
    are in no source."""
    problems, counts, absent = [], dict.fromkeys(trees.releases, 0), 0
    for keys, cited in checked:
        title, is_place = keys['Text'][0], 'Place' in keys
        problems += check_citations(trees, title, cited)
        # The first text of a place is no message, but the name of the entry.
        for message in keys['Text'][is_place:]:
            found = found_in(trees, cited, message, is_place)
            absent += message in ABSENT
            if bool(found) == (message in ABSENT):
                problems.append(f'"{message}": {found[0][2]} has it, but it is in ABSENT' if found
                                else f'"{message}": no cited source has it')
            for release in {one[:2] for one in found}:
                counts[release] += 1
            if show:
                print(f'"{message}":', ABSENT.get(message, ''),
                      *(' '.join(one) for one in found), sep='\n  ')
    known = {message for keys, _ in checked for message in keys['Text']}
    problems += [f'ABSENT: "{message}" is no message' for message in ABSENT if message not in known]
    return problems, counts, absent


def main():
    checked, problems = [], []
    for keys in entries():
        cited = citations(keys)
        if cited is None:
            problems.append(f'"{keys["Text"][0]}": "Printed-by:" cannot be parsed')
        checked.append((keys, cited or []))
    trees = Trees({(program, path) for _, cited in checked for program, path, _ in cited})
    given = [word.split('=', 2) for word in sys.argv[1:] if word != '--list']
    for program, release, top in given:
        trees.add_directory(program, release, top)
    if not given:
        trees.fetch()
    more, counts, absent = check(trees, checked, '--list' in sys.argv[1:])
    for (program, release), count in counts.items():
        print(f'{program} {release}: {count} messages')
    for message, reason in ABSENT.items():
        print(f'in no source: "{message}": {reason}')
    print(f'{absent} messages in no source')
    project.finish('messages', sum(len(keys['Text']) for keys, _ in checked), problems + more)


if __name__ == '__main__':
    main()
