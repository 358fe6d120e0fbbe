#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Convert style sheets to C literals without comments and unnecessary white space.

usage: css.py HEADER FILE.css…

FILE.css becomes the macro FILE_CSS. It is an argument of xml_put(), so each '%' is doubled.
"""
import os
import re
import sys

TEMPLATE = '#define {name}_CSS \\\n{lines}\n'


def literal(line):
    return '\t"' + line.replace('\\', '\\\\').replace('"', '\\"').replace('%', '%%') + '"'


def squeeze(text):
    """Return the style sheet as one line without comments and unnecessary white space."""
    text = re.sub(r'/\*.*?\*/', '', text, flags=re.S)
    text = re.sub(r'\s+', ' ', text)
    text = re.sub(r' ?([{};,]) ?', r'\1', text)
    text = re.sub(r'(?<=[\w-]): ', ':', text)
    return text.replace(';}', '}').strip()


def main():
    header, *names = sys.argv[1:]
    with open(header, 'w', encoding='utf-8') as out:
        for name in names:
            with open(name, encoding='utf-8') as file:
                text = squeeze(file.read())
            if '<' in text:
                sys.exit(f'{name}: no markup in a style sheet')
            stem = os.path.splitext(os.path.basename(name))[0].upper()
            lines = ' \\\n'.join(literal(rule) for rule in text.replace('}', '}\n').split('\n') if rule)
            out.write(TEMPLATE.format(name=stem, lines=lines))


if __name__ == '__main__':
    main()
