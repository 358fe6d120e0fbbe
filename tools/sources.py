#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Generate files for the build from the table of the files that efimapctl reads
(src/capture/sources.table).

usage: sources.py KIND=OUTPUT... TABLE

KIND is
  ids       C: the numbers of the files that answers need, and of single values (src/capture)
  needed    C: the files that answers need (src/rules/lacking.c)
  readers   C: the prototypes of the readers (src/input)
  rows      C: the table of the files that are read (src/input)

CONTRIBUTING.md ("Keys") describes the keys.
tests/lint/sources.py --write updates the files in the source tree that contain parts of the table.
"""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import rules  # noqa: E402 pylint: disable=wrong-import-position

FILE_KEYS = ('File', 'Source', 'Paths', 'Read', 'Format', 'Keep', 'Filter', 'Reader',
             'Member', 'Redact', 'Collect', 'Page')
# The sources with a file of the same name
SOURCES = ('efi', 'fw_vendor', 'runtime', 'config_table', 'systab', 'fw_platform_size',
           'runtime_map', 'memmap', 'iomem', 'cmdline', 'version', 'boot_id', 'boot_params', 'setup_data',
           'kernel_log', 'cpuinfo', 'kernels')
NEED_KEYS = ('Needed', 'Name', 'Absent')
# The formats of a single value. The value is what the message about another value expects. The
# function parse_FORMAT() in src/input/tree/kexec_state.c parses the format.
FORMATS = {'flag': '0 or 1', 'switch': 'Y or N', 'limit': '-1 or a number',
           'size': 'a size in bytes', 'cpus': 'a list of CPUs such as 0-7'}
NUMBER = 'number of '
REDACTIONS = ('keep', 'parameters', 'ima-policy', 'kdump')
QUESTIONS = ('kexec', 'kdump')
SIZE = re.compile(r'(\d+)([KM]?)')


class File:
    """A block of the table"""

    def __init__(self, block):
        self.block, self.name = block, block.get('File')
        for key in block.keys:
            if key not in FILE_KEYS + NEED_KEYS:
                raise block.wrong(f'no such key: {key}', key)
        if not re.fullmatch('[a-z][a-z0-9-]+', self.name):
            raise block.wrong(f'invalid name of a file: {self.name}')
        name = self.name.replace('-', '_')
        self.source = block.get('Source', name if name in SOURCES else 'kexec')
        # Only the file with the name of the source sets the state of the source.
        self.is_one_of_several = name != self.source
        self.paths = block.get('Paths').split()
        self.needed = block.get('Needed').split()
        self.is_read = any(key in block.keys for key in ('Format', 'Keep', 'Reader'))
        self.redact = block.get('Redact', 'keep')
        collect = block.get('Collect', ' '.join(f'/{path}' for path in self.paths))
        self.specs = [] if collect == 'nothing' else collect.split()
        self.page = block.get('Page')
        self.check()

    def check(self):
        block = self.block
        for name in self.needed:
            if name not in QUESTIONS:
                raise block.wrong(f'{name} is none of {", ".join(QUESTIONS)}', 'Needed')
        if self.redact not in REDACTIONS:
            raise block.wrong(f'{self.redact} is none of {", ".join(REDACTIONS)}', 'Redact')
        if block.get('Absent', 'allowed') != 'allowed':
            raise block.wrong('expected allowed', 'Absent')
        for key in NEED_KEYS:
            if key in block.keys and not self.needed:
                raise block.wrong(f'{self.name}: {key} requires Needed', key)
        if self.needed and 'Name' not in block.keys:
            raise block.wrong(f'{self.name}: Name is missing')
        if not self.is_read:
            raise block.wrong(f'{self.name}: Format, Keep or Reader is missing')
        self.keep()
        self.amount()

    def format(self):
        """Return the format of the single value in the file, or an empty text."""
        form = self.block.get('Format')
        if form.startswith(NUMBER):
            return 'number'
        if form and form not in FORMATS:
            raise self.block.wrong(f'{form} is none of {", ".join(FORMATS)}', 'Format')
        return form

    def keep(self):
        """Return the name of the function that parses the content."""
        return 'value' if self.format() else self.block.get('Keep')

    def amount(self):
        """Return which part of the file is read, and at most how many bytes."""
        default = ''
        if self.keep():
            default = 'value' if self.paths[0].startswith('sys/') else 'whole 4K'
        how, _, most = self.block.get('Read', default).partition(' ')
        match = SIZE.fullmatch(most)
        if match:
            most = f'{match[1]}U' + {'': '', 'K': ' << 10', 'M': ' << 20'}[match[2]]
        if how == 'value':
            return 'EFIMAP_READ_VALUE', 'EFIMAP_VALUE_SIZE'
        if how in ('whole', 'head') and most:
            return f'EFIMAP_READ_{how.upper()}', most
        if how:
            raise self.block.wrong('expected value, whole SIZE or head SIZE', 'Read')
        return None, None

    def member(self):
        """Return the C expression for the place of the value."""
        member = self.block.get('Member')
        return member if member.isupper() else f'offsetof(struct efimap, {member})'

    def row(self):
        """Return the row of the reader."""
        get, keep, (part, limit) = self.block.get, self.keep(), self.amount()
        yield f'.source = EFIMAP_SRC_{self.source.upper()}'
        if self.paths:
            yield f'.places = {texts(self.paths)}'
        if part:
            yield f'.part = {part}, .limit = {limit}'
        if self.is_one_of_several:
            yield '.is_one_of_several = true'
        if get('Filter'):
            yield f'.filter = filter_{get("Filter")}'
        if get('Reader'):
            yield f'.read = read_{get("Reader")}'
        if keep:
            yield f'.keep = keep_{keep}'
        if self.format():
            expected = FORMATS.get(self.format()) or f'a {get("Format")}'
            yield f'.parse = parse_{self.format()}, .expected = {rules.quote(expected)}'
            yield f'.value = {rules.enum("EFIMAP_VALUE_", self.name)}'
        if get('Member'):
            yield f'.field = {self.member()}'
        need = rules.enum('EFIMAP_NEEDED_', self.name) if self.needed else 'EFIMAP_N_NEEDED_FILES'
        yield f'.needed = {need}'
        if self.redact != 'keep':
            yield f'.redact = {rules.enum("EFIMAP_REDACT_", self.redact)}'

    def need(self):
        """Return the row of a file that answers need."""
        get = self.block.get
        questions = ' | '.join(f'EFIMAP_NEEDED_BY_{name.upper()}' for name in self.needed)
        yield f'.name = {rules.quote(get("Name"))}'
        yield f'.source = EFIMAP_SRC_{self.source.upper()}'
        yield f'.questions = {questions}'
        if self.format():
            yield f'.value = {rules.enum("EFIMAP_VALUE_", self.name)}'
        if get('Absent'):
            yield '.may_be_absent = true'


def texts(words):
    return '(const char *const[]){ ' + ', '.join(map(rules.quote, words)) + ', NULL }'


def read_table(path):
    """Return the files of the table, and {page: text} of its groups. Raise rules.Wrong if the table
    is malformed."""
    blocks = rules.read_blocks(path)
    pages = {block.get('Page'): block.keys['Text'] for block in blocks if 'Text' in block.keys}
    files = [File(block) for block in blocks if 'Text' not in block.keys]
    for file in files:
        if file.page and file.page not in pages:
            raise file.block.wrong(f'{file.page} is none of {", ".join(pages)}', 'Page')
    seen = set()
    for file in files:
        if file.name in seen:
            raise file.block.wrong(f'{file.name} occurs twice')
        seen.add(file.name)
    return files, pages


def needed(files):
    return [file for file in files if file.needed]


def write_ids(files):
    yield '#ifndef CAPTURE_NEEDED_FILE_IDS_H'
    yield '#define CAPTURE_NEEDED_FILE_IDS_H'
    yield 'enum needed_file_id {'
    yield from (f'\t{rules.enum("EFIMAP_NEEDED_", file.name)},' for file in needed(files))
    yield '\tEFIMAP_N_NEEDED_FILES,'
    yield '};'
    yield '/* The single values of files, in the state of kexec */'
    yield 'enum value_id {'
    yield '\tEFIMAP_NO_VALUE,'
    yield from (f'\t{rules.enum("EFIMAP_VALUE_", file.name)},' for file in files if file.format())
    yield '\tEFIMAP_N_VALUES,'
    yield '};'
    yield '/* The questions that need a file: 1 << enum load_question */'
    yield '#define EFIMAP_NEEDED_BY_KEXEC 1U'
    yield '#define EFIMAP_NEEDED_BY_KDUMP 2U'
    yield '#endif'


def write_needed(files):
    yield 'static const struct needed_file needed_files[EFIMAP_N_NEEDED_FILES] = {'
    for file in needed(files):
        yield f'\t[{rules.enum("EFIMAP_NEEDED_", file.name)}] = {{ {", ".join(file.need())} }},'
    yield '};'


def write_readers(files):
    kinds = (('filter', lambda file: file.block.get('Filter')),
             ('keep', lambda file: file.keep()), ('parse', lambda file: file.format()),
             ('read', lambda file: file.block.get('Reader')))
    yield '#ifndef INPUT_FILE_READERS_H'
    yield '#define INPUT_FILE_READERS_H'
    yield '#include "input/tree/capture_file.h"'
    for kind, name_of in kinds:
        names = sorted({name_of(file) for file in files} - {''})
        yield from (f'file_{kind}_fn {kind}_{name};' for name in names)
    yield 'extern const struct capture_file capture_files[];'
    yield 'extern const size_t n_capture_files;'
    yield '#endif'


def write_rows(files):
    yield '#include "capture/boot_params.h"'
    yield '#include "capture/installed_kernels.h"'
    yield '#include "input/file_readers.h"'
    yield '#include "input/source_limits.h"'
    yield 'const struct capture_file capture_files[] = {'
    yield from (f'\t{{ {", ".join(file.row())} }},' for file in files)
    yield '};'
    yield 'const size_t n_capture_files ='
    yield '\tsizeof(capture_files) / sizeof(capture_files[0]);'


WRITERS = {'ids': write_ids, 'needed': write_needed, 'readers': write_readers, 'rows': write_rows}


def main():
    if '--help' in sys.argv[1:]:
        print(__doc__.strip())
        return
    *wanted, table = sys.argv[1:]
    try:
        files, _ = read_table(table)
    except rules.Wrong as error:
        sys.exit(str(error))
    for word in wanted:
        kind, output = word.split('=', 1)
        rules.write_changed(output, '/* Generated by tools/sources.py from '
                            'src/capture/sources.table. Do not edit. */\n' +
                            ''.join(line + '\n' for line in WRITERS[kind](files)))


if __name__ == '__main__':
    main()
