#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Install the documents of the project. meson calls this script.

usage: install_documents.py DIRECTORY FILE...

Each FILE, relative to the source directory, keeps its path below DIRECTORY, so that links between
these files work. A link to any other file of the project is replaced with its text.
"""
import os
import re
import sys


def without_dead_links(text, name, names):
    """Replace relative links in Markdown whose target is not installed."""
    def replace(link):
        target = link[2].split('#')[0]
        path = os.path.normpath(os.path.join(os.path.dirname(name), target)) if target else name
        return link[0] if re.match('[a-z]+:', target) or path in names else link[1]
    return re.sub(r'(?<!!)\[([^]]*)\]\(([^)\s]+)\)', replace, text)


def main():
    directory, *names = sys.argv[1:]
    for name in names:
        target = os.path.join(os.environ['MESON_INSTALL_DESTDIR_PREFIX'], directory, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(os.path.join(os.environ['MESON_SOURCE_ROOT'], name), encoding='utf-8') as file:
            text = file.read()
        if name.endswith('.md'):
            text = without_dead_links(text, name, names)
        with open(target, 'w', encoding='utf-8') as file:
            file.write(text)
        os.chmod(target, 0o644)


if __name__ == '__main__':
    main()
