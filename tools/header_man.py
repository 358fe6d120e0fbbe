#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write the man page of an installed header from its kernel-doc comments.

usage: header_man.py HEADER OUTPUT

The page has the name efimap_HEADER(3) and describes everything that the header declares.
"""
import os
import re
import sys
import textwrap

COMMENT = re.compile(r'/\*\*(.*?)\*/\n?', re.S)
DATE = 'November 22, 2026'


def escape(text):
    text = text.replace('\\', r'\e').replace('…', '...')
    text = re.sub(r'[@&](?:struct |enum )?(\w+(?:\.\w+)?)', r'\1', text)
    return '\n'.join('\\&' + line if line[:1] in ".'" else line for line in text.split('\n'))


def sentences(text):
    """Return the text with one sentence per line, as mdoc requires. Long sentences are wrapped."""
    text = ' '.join(text.split())
    lines = []
    for sentence in re.split(r'(?<=[.:;]) (?=[A-Z])', text):
        lines += textwrap.wrap(sentence, 78, break_long_words=False, break_on_hyphens=False)
    return escape('\n'.join(lines))


def paragraphs(lines):
    """Return the paragraphs and list items ("- item") of a comment as (kind, text) pairs."""
    blocks, kind = [], None
    for line in lines:
        if not line.strip():
            kind = None
        elif line.startswith('- '):
            blocks.append(('item', line[2:]))
            kind = 'item'
        elif kind:
            blocks[-1] = (kind, blocks[-1][1] + ' ' + line.strip())
        else:
            blocks.append(('text', line.strip()))
            kind = 'text'
    return blocks


def put_blocks(blocks):
    """Return blocks as lines of mdoc."""
    out, in_list = [], False
    for kind, text in blocks:
        if kind == 'item' and not in_list:
            out.append('.Bl -dash -compact')
        if kind != 'item' and in_list:
            out.append('.El')
        in_list = kind == 'item'
        if kind == 'item':
            out.append('.It')
        elif out:
            out.append('.Pp')
        out.append(sentences(text))
    return out + (['.El'] if in_list else [])


class Entry:
    """One kernel-doc comment and the declaration that follows it."""

    def __init__(self, comment, rest):
        lines = [re.sub(r'^\s*\*? ?', '', line).rstrip() for line in comment.strip('\n').split('\n')]
        lines = [line for i, line in enumerate(lines) if line or i]
        self.title, _, self.brief = lines[0].strip().partition(' - ')
        self.lines = lines[1:]
        while self.lines and self.lines[0] and not self.lines[0].startswith('@'):
            self.brief += ' ' + self.lines.pop(0).strip()
        self.brief = self.brief.strip()
        self.name = self.title.removesuffix('()').split()[-1]
        self.declaration = self.find_declaration(rest)

    def find_declaration(self, rest):
        """Return the declaration without comments."""
        rest = rest.lstrip('\n')
        if rest.startswith('#'):
            return re.match(r'.*', rest)[0]
        end = re.search(r';\n', rest)
        if re.match(r'(?:struct|enum)[^;]*?\{', rest):
            end = re.search(r'\n\};\n', rest)
        text = rest[:end.end()] if end else ''
        return re.sub(r'/\*.*?\*/', '', text, flags=re.S).strip()

    @property
    def function(self):
        """Return (type, name, parameters) of a function; None for other declarations."""
        found = re.match(r'(?!typedef|struct \w+ \{|enum \w+ \{|#)([\w\s*]*?)\b(efimap_\w+)\(([^;]*)\);?',
                         self.declaration, re.S)
        if not found or not self.title.endswith('()'):
            return None
        kind = ' '.join(found[1].split())
        words = ' '.join(found[3].replace(' __attribute__', '').split())
        return kind, found[2], [word.strip() for word in words.split(',')]

    def synopsis(self):
        found = self.function
        if found:
            kind, name, parameters = found
            return [f'.Ft "{kind}"', f'.Fo {name}',
                    *(f'.Fa "{escape(word)}"' for word in parameters), '.Fc']
        if self.declaration.startswith('#define'):
            words = self.declaration.split()
            return [f'.Dv {words[1].split("(")[0]}', '.Pp'] if len(words) > 1 else []
        if self.declaration.startswith('typedef'):
            return ['.Bd -literal', escape(self.declaration.expandtabs(8)), '.Ed']
        return [f'.Vt {" ".join(self.title.split()[:2])} ;']

    def description(self):
        out = [f'.It Fn {self.name}' if self.function else f'.It Vt {self.title}',
               sentences(self.brief[:1].upper() + self.brief[1:] + '.')]
        if '{' in self.declaration:
            out += ['.Bd -literal', escape(self.declaration.expandtabs(8)), '.Ed']
        rest, parameters = [], []
        for line in self.lines:
            found = re.match(r'@(\w+): +(.*)', line)
            if found:
                parameters.append([found[1], found[2]])
            elif parameters and not rest and line.strip():
                parameters[-1][1] += ' ' + line.strip()
            else:
                rest.append(line)
        if parameters:
            out.append('.Bl -tag -width Ds -compact')
            for name, text in parameters:
                out += [f'.It Fa {name}', sentences(text)]
            out.append('.El')
        blocks = put_blocks(paragraphs(rest))
        return out + (['.Pp'] if blocks else []) + blocks


def parse(text):
    """Return ((title, blocks) of the header, entries)."""
    head, entries = None, []
    for match in COMMENT.finditer(text):
        body = match[1]
        doc = re.search(r'DOC: (.*)', body)
        if doc:
            lines = [re.sub(r'^\s*\*? ?', '', line) for line in body.strip('\n').split('\n')]
            at = next(i for i, line in enumerate(lines) if line.startswith('DOC:'))
            head = doc[1].strip(), paragraphs(lines[at + 1:])
        else:
            entries.append(Entry(body, text[match.end():]))
    return head, entries


def main():
    header, output = sys.argv[1:]
    stem = os.path.basename(header).removesuffix('.h')
    with open(header, encoding='utf-8') as file:
        (title, blocks), entries = parse(file.read())
    functions = [entry.name for entry in entries if entry.function]
    names = functions or [entry.name for entry in entries] or [f'efimap_{stem}']
    lines = ['.\\" SPDX-License-Identifier: LGPL-2.1-or-later',
             f'.\\" Written by tools/header_man.py from efimap/{stem}.h.',
             f'.Dd {DATE}', f'.Dt EFIMAP_{stem.upper()} 3', '.Os', '.Sh NAME',
             *(f'.Nm {name} ,' for name in names[:-1]), f'.Nm {names[-1]}', f'.Nd {title}',
             '.Sh LIBRARY', 'EFI runtime map library', '.Pq libefimap, -lefimap',
             '.Sh SYNOPSIS', f'.In efimap/{stem}.h']
    for entry in entries:
        lines += entry.synopsis()
    if lines[-1] == '.Pp':
        lines.pop()
    lines += ['.Sh DESCRIPTION', *put_blocks(blocks)]
    if entries:
        lines.append('.Bl -tag -width Ds')
        for entry in entries:
            lines += entry.description()
        lines.append('.El')
    lines += ['.Sh SEE ALSO', '.Xr efimapctl 1 ,', '.Xr libefimap 3']
    with open(output, 'w', encoding='utf-8') as file:
        file.write('\n'.join(lines) + '\n')


if __name__ == '__main__':
    main()
