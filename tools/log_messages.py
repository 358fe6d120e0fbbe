#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Generate the C table of the messages that are kept of a kernel log
(src/input/log/log_messages.table).

usage: log_messages.py OUTPUT TABLE
"""
import re
import sys

# Sizes of the members of struct log_row, with the NUL
STARTS, CONTAINS = 60, 18


def quote(text, size, line):
    """Return a text as a string of C."""
    if len(text.encode()) >= size:
        sys.exit(f'{line}: more than {size - 1} bytes')
    return '"' + re.sub(r'(["\\])', r'\\\1', text) + '"'


def main():
    output, table = sys.argv[1:]
    rows = {}
    kind = None
    with open(table, encoding='utf-8') as file:
        for line in (line.strip() for line in file):
            row = re.fullmatch(r'"(.*?)"(?: \.\.\. "(.*)")?', line)
            if row and row[1] in rows:
                sys.exit(f'{table}: {line}: a second row')
            if row:
                starts = quote(row[1], STARTS, line)
                contains = quote(row[2] or '', CONTAINS, line)
                rows[row[1]] = f'{{ {starts}, EFIMAP_LOG_{kind}, {contains} }}'
            elif re.fullmatch('[a-z0-9-]+', line):
                kind = line.upper().replace('-', '_')
            elif line and not line.startswith('#'):
                sys.exit(f'{table}: {line}: not a row')
    with open(output, 'w', encoding='utf-8') as file:
        file.write('#include "input/log/log_messages.h"\n\nconst struct log_row log_rows[] = {\n')
        file.writelines(f'\t{rows[starts]},\n' for starts in sorted(rows, key=str.encode))
        file.write(f'}};\nconst size_t n_log_rows = {len(rows)};\n')


main()
