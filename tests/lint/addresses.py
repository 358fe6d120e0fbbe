#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that manual pages, packages and SECURITY.md name the addresses of the project that meson.build
defines. If an address is not defined, no file may name one, or describe it in other words.

usage: addresses.py
"""
import re

import project

# (variable of meson.build, file, regular expression of a line that names the address)
PLACES = (
    ('project_page', 'debian/control', r'^Homepage: (.*)$'),
    ('project_page', 'rpm/efimapctl.spec', r'^URL: +(.*)$'),
    ('project_git', 'debian/control', r'^Vcs-Git: (.*)$'),
    ('project_page', 'debian/control', r'^Vcs-Browser: (.*)$'),
    ('project_bugs', 'man/efimapctl.1', r'^\.Lk (\S+)$'),
    ('project_bugs', 'man/efimapctl-verify.1', r'^\.Lk (\S+)$'),
    ('project_bugs', 'SECURITY.md', r'^Report other bugs at <(.*)>\.$'),
)
VAGUE = re.compile(r'(?i)site\s+that\s+hosts|hosting\s+site')


def addresses():
    return dict(re.findall(r"^(project_\w+) = '(.*)'$", project.text('meson.build'), re.M))


def problems_of(texts, known):
    for variable, name, pattern in PLACES:
        found = re.findall(pattern, texts[name], re.M)
        wanted = [known[variable]] if known[variable] else []
        if found != wanted:
            yield f'{name}: {variable} is {known[variable]!r}, but the file names {found}'
    for name, text in texts.items():
        if VAGUE.search(text):
            yield f'{name}: describes an address that nobody can find'


def main():
    names = sorted({name for _, name, _ in PLACES} | set(project.files('.md', under=('docs/',)))
                   | set(project.files(under=('man/',))) | {'README.md', 'CONTRIBUTING.md'})
    texts = {name: project.text(name) for name in names}
    problems = list(problems_of(texts, addresses()))
    # With an address, each place that lacks it is found.
    if len(list(problems_of(texts, dict.fromkeys(addresses(), 'https://example.org')))) < len(PLACES):
        problems.append('meson.build: a place without the address is not found')
    project.finish('addresses', len(names), problems)


if __name__ == '__main__':
    main()
