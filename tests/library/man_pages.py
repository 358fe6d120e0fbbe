#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that each header's man page describes every function and object that the header declares.

usage: man_pages.py MANDOC HEADER_MAN HEADER...
"""
import os
import re
import subprocess
import sys
import tempfile

import exports

project = exports.project


def main():
    mandoc, header_man, *headers = sys.argv[1:]
    problems, count = [], 0
    for header in headers:
        with tempfile.TemporaryDirectory() as temp:
            page = os.path.join(temp, 'page.3')
            subprocess.run([sys.executable, header_man, header, page], check=True)
            # Messages below "warning" are about the style of text that is from comments.
            done = subprocess.run([mandoc, '-T', 'lint', '-W', 'warning', page], check=False,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            with open(page, encoding='utf-8') as file:
                text = file.read()
        if done.stdout or done.returncode:
            problems.append(f'{header}: {done.stdout}')
        for name in exports.declared(header):
            count += 1
            for line in (f'.Fo {name}', f'.It Fn {name}'):
                if not re.search(rf'^{re.escape(line)}$', text, re.M):
                    problems.append(f'{header}: {line} is not in its page')
    if count < 20:
        problems.append(f'{count} functions: where are they?')
    project.finish('man_pages', count, problems)


if __name__ == '__main__':
    main()
