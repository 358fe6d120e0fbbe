#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write files as C arrays. usage: embed_guest_files.py OUT NAME=FILE..."""
import pathlib
import sys


def main():
    lines = ['/* Made by rehearse/embed_guest_files.py. */', '#include <stdint.h>']
    for argument in sys.argv[2:]:
        name, file = argument.split('=', 1)
        data = pathlib.Path(file).read_bytes()
        numbers = ','.join(map(str, data))
        lines.append(f'static const uint8_t {name}[{len(data)}] __attribute__((unused)) = {{{numbers}}};')
    output, text = pathlib.Path(sys.argv[1]), '\n'.join(lines) + '\n'
    if not output.exists() or output.read_text(encoding='ascii') != text:
        output.write_text(text, encoding='ascii')


main()
