# SPDX-License-Identifier: GPL-2.0-or-later
"""Parse mdoc(7) pages for usage.py: the options that a page lists, and its generated parts."""
import re


def option_of(line):
    """Return (short, long, has operand) for an .It line with Fl, or None."""
    flags = re.findall(r'Fl (-?)(\S+)', line.replace(r'\&', ''))
    shorts = [name for dash, name in flags if not dash]
    longs = [name for dash, name in flags if dash]
    if not longs:
        return None
    return (shorts[0] if shorts else '', longs[0], ' Ar ' in line)


class Page:
    def __init__(self, text):
        self.text = text
        self.options = set()
        self.operands = []
        self.statuses = set()
        self.examples = []
        section = None
        for line in text.split('\n'):
            if line.startswith('.Sh '):
                section = line[4:]
            elif section == 'SYNOPSIS':
                self.add_operand(line)
            elif section == 'EXIT STATUS' and re.fullmatch(r'\.It \d+', line):
                self.statuses.add(line[4:])
            elif section == 'EXAMPLES':
                self.add_example(line.replace(r'\(dq', '"').replace(r'\e', '\\'))
            elif section == 'OPTIONS' and line.startswith('.It '):
                option = option_of(line)
                if option:
                    self.options.add(option)

    def add_operand(self, line):
        """Add the operand of a synopsis line in the notation of --help: NAME..., [NAME]."""
        match = re.fullmatch(r'\.(Op )?Ar ([A-Z]+)( \.\.\.)?', line)
        if match:
            operand = match[2] + ('...' if match[3] else '')
            self.operands.append(f'[{operand}]' if match[1] else operand)

    def add_example(self, line):
        """Add a line of a shell example. Join a continuation line with the previous line."""
        if line[:2] in ('$ ', '# '):
            self.examples.append(line[2:])
        elif line.startswith('  ') and self.examples and self.examples[-1][-1] in '|\\':
            self.examples[-1] = self.examples[-1].rstrip('\\ ') + ' ' + line.strip()

    def block(self, name):
        match = re.search(rf'^\.\\" BEGIN {name}\n(.*?)^\.\\" END {name}$', self.text,
                          re.M | re.S)
        return match[1] if match else None
