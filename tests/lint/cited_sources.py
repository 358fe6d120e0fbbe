#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that functions cited by texts and comments exist in the cited files.

usage: cited_sources.py RELEASE=TREE...
       cited_sources.py LIST
  TREE  the sources of that Linux release, or of kexec-tools ("kexec-tools-2.0.32=TREE")
  LIST  tests/lint/cited_sources.txt, which the first form has printed

A citation is "drivers/firmware/efi/efi.c: efi_init, efi_config_init". The first form prints a line
for each cited name: the file, the name, and the releases in which the file defines the name. The
second form compares the list with the project:
- Each citation of a file of Linux or kexec-tools must be in the list, and each line must be cited.
- A "Source:" of a rule must be correct for all releases of the list since 5.10, or state the
  releases after the name: "(since 6.2)", "(before 6.2)" or "(4.9 to 6.12)". If the releases between
  6.1, which lacks the name, and 6.12, which defines it, were not checked, the "Source:" states
  "(added between 6.1 and 6.12)". The list must agree.
- A "Source:" of a change of Linux must be correct for the first release with the change or for the
  last release without it. This cannot be checked if the change is older than the list.
- Any other citation may omit directories ("efi.c: efi_init") and must be correct for at least one
  release.
"""
import os
import re
import sys

import project

ROOT = project.ROOT
# Directories and files below ROOT that may contain citations
PLACES = ('src', 'docs', 'man', 'README.md')
SUFFIXES = ('.c', '.h', '.rules', '.changes', '.topics', '.table', '.texts', '.md', '.1', '.7', '.S')
# Directories of Linux and kexec-tools with files that may be cited
TREES = ('arch/arm64', 'arch/x86', 'drivers', 'fs', 'include', 'init', 'kernel', 'lib', 'mm',
         'security', 'virt', 'Documentation', 'kexec', 'purgatory')
# First release to which a "Source:" without releases applies
SUPPORTED = (5, 10)
TOOLS = 'kexec-tools'
# Files of other projects that comments cite
OTHERS = ('makedumpfile.h', 'runstate.c', 'systemctl-start-special.c')

SPACE = r'(?:[ \t]|\n[ \t]*(?:\*[ \t]+|#[ \t]+)?)'
NAME = rf'(?:(?:struct|enum){SPACE}+)?[A-Za-z_]\w*(?![\w./-]*\.[chS]\b)'
RANGE = (r'\((?:since|before) \d+\.\d+\)|\(\d+\.\d+ to \d+\.\d+\)|'
         r'\(added between \d+\.\d+ and \d+\.\d+\)')
CITED = rf'{NAME}(?:\(\))?(?:{SPACE}+(?:{RANGE}))?'
CITATION = re.compile(
    rf'(?P<path>\b[A-Za-z0-9][\w./-]*\.(?:c|h|S|rst))(?:{SPACE}+(?P<span>{RANGE}))?'
    rf'(?::{SPACE}+(?P<names>{CITED}(?:,{SPACE}+{CITED})*))?')
ONE = re.compile(rf'({NAME})(\(\))?(?:{SPACE}+({RANGE}))?')


def is_code(name):
    """Return whether a name looks like a C identifier, not like a word of the sentence."""
    return '_' in name or any(c.isdigit() for c in name) or len(name.split()) > 1


class Citation:
    """A citation of a file.

    name: the name that the file must define; empty if only the file is cited
    kind: 'rule' or 'change' for a citation in the "Source:" of a rule or change, otherwise ''
    span: the releases, such as "(since 6.2)"; for a change, those that have it
    """

    def __init__(self, where, path, name, kind, span):
        self.where, self.path, self.name = where, path, name
        self.kind, self.span = kind, span


def sources(name, text):
    """Yield (begin, end, kind, span) for each "Source:" in a file of rules or changes."""
    kind = {'.rules': 'rule', '.changes': 'change'}.get(os.path.splitext(name)[1])
    first = ''
    for match in re.finditer(r'^(First|Source): (.*(?:\n .*)*)', text, re.M) if kind else ():
        if match[1] == 'First':
            first = f'(since {match[2]})'
        else:
            yield (*match.span(), kind, first if kind == 'change' else '')


def citations_in(name, text):
    parts = list(sources(name, text))
    if name.endswith('.md'):
        # Ignore tables in documents, because they are generated from the rules.
        text = re.sub(r'^\|.*', '', text, flags=re.M)
    for match in CITATION.finditer(text):
        where = f'{name}:{text.count(chr(10), 0, match.start()) + 1}'
        kind, span = next((part[2:] for part in parts if part[0] <= match.start() < part[1]),
                          ('', ''))
        span = match['span'] or span
        if not match['names']:
            yield Citation(where, match['path'], '', kind, span)
        for found in ONE.finditer(match['names'] or ''):
            if found[1].endswith('_'):
                continue  # This is a pattern such as "SETUP_*".
            if found[2] or is_code(found[1]) or (kind and found.start() == 0):
                yield Citation(where, match['path'], found[1].split()[-1], kind, found[3] or span)


def project_files():
    for place in PLACES:
        place = os.path.join(ROOT, place)
        names = [place] if os.path.isfile(place) else sorted(
            os.path.join(where, name) for where, _, names in os.walk(place) for name in names)
        for path in names:
            if path.endswith(SUFFIXES):
                with open(path, encoding='utf-8', errors='replace') as file:
                    yield os.path.relpath(path, ROOT), file.read()


def citations():
    """Yield all citations of files that are not in this project."""
    files = list(project_files())
    own = {os.path.basename(name) for name, _ in files} | {
        name for where, _, names in os.walk(os.path.join(ROOT, 'tests')) for name in names}
    for name, text in files:
        for citation in citations_in(name, text):
            path = citation.path
            if path.startswith(TREES) and '/' in path or \
                    os.path.basename(path) not in own | set(OTHERS):
                yield citation


def defines(text, path, name):
    word = re.escape(name)
    if not name:
        return True
    if not path.endswith(('.c', '.h')) or name.isupper():
        return bool(re.search(rf'\b{word}\b', text))
    # EXPORT_SYMBOL() and SYSCALL_DEFINE() are in the file that defines the name.
    return any(re.search(pattern, text, re.M) for pattern in (
        rf'^[ \t]*#[ \t]*define[ \t]+{word}\b',
        rf'^(?:[A-Za-z_][\w \t*]*[ \t*])?{word}[ \t]*\([^;{{}}]*\)[^;{{}}]*\{{',
        rf'^(?:struct|enum|union)[ \t]+{word}[ \t]*\{{',
        rf'^[A-Za-z_][\w \t*]*\b{word}[ \t]*(?:\[[^\]]*\][ \t]*)*(?:__\w+(?:\([^)]*\))?[ \t]*)*[=;]',
        rf'^(?:EXPORT_SYMBOL|SYSCALL_DEFINE)\w*\({word}\b',
        rf'^extern [^;]*\b{word}\([^;]*__alias\('))


def tree_files(tree):
    for top in TREES:
        for where, _, names in os.walk(os.path.join(tree, top)):
            for name in names:
                yield os.path.relpath(os.path.join(where, name), tree)


def is_meant(path, cited):
    return path == cited or path.endswith('/' + cited)


def make_list(trees):
    """Return {(file, name): releases} for all cited names that a release defines."""
    wanted = {(citation.path, citation.name) for citation in citations()}
    by_base = {}
    for path, name in wanted:
        by_base.setdefault(os.path.basename(path), set()).add((path, name))
    found = {}
    for release, tree in trees:
        for path in tree_files(tree):
            cited = [(short, name) for short, name in by_base.get(os.path.basename(path), ())
                     if is_meant(path, short)]
            if not cited:
                continue
            with open(os.path.join(tree, path), encoding='utf-8', errors='replace') as file:
                text = file.read()
            for name in {name for short, name in cited if name or path == short}:
                if defines(text, path, name):
                    found.setdefault((path, name), []).append(release)
    return found


def version(release):
    return tuple(int(word) for word in release.split('.'))


def is_in(span, release):
    """Return whether a release is in a span: "(since 6.2)", "(before 6.2)", "(4.9 to 6.12)" or
    "(added between 6.1 and 6.12)".
    """
    first, *last = (version(word) for word in re.findall(r'\d+\.\d+', span))
    if span.startswith('(added'):
        return version(release) >= last[0]
    if last:
        return first <= version(release) <= last[0]
    return version(release) >= first if span.startswith('(since') else version(release) < first


def read_list(path):
    """Read the list. Return {(file, name): releases}."""
    rows = {}
    with open(path, encoding='utf-8') as file:
        for line in file:
            if not line.startswith('#'):
                name, symbol, releases = line.rstrip('\n').split('\t')
                rows[name, symbol] = releases.split(',')
    return rows


def what_differs(citation, releases, everywhere):
    """Return a description of the differences between the releases of a "Source:" and the list, or
    None."""
    with_it = [one for one in everywhere if citation.span and is_in(citation.span, one)]
    if citation.kind == 'change':
        without = [one for one in everywhere if one not in with_it]
        if not without or set(with_it[:1] + without[-1:]) & set(releases):
            return None
    elif not citation.span:
        with_it = [one for one in everywhere if version(one) >= SUPPORTED]
        releases = [one for one in releases if one in with_it]
    return None if releases == with_it else (
        f'is in {", ".join(releases) or "no release"}, but "Source:" states {", ".join(with_it)}')


def check_citation(citation, rows, everywhere):
    """Return a description of the error in a citation, or None."""
    lines = [key for key in rows
             if key[1] == citation.name and is_meant(key[0], citation.path)]
    if not lines:
        with_it = [one for one in everywhere if citation.span and is_in(citation.span, one)]
        is_older = citation.span and len(with_it) in ((0, len(everywhere))
                                                      if citation.kind == 'change' else (0,))
        return None if is_older or not (citation.name or citation.kind) else 'is not in the list'
    if not citation.kind:
        return None
    if len(lines) > 1:
        return 'can be several files: name the directory'
    releases = rows[lines[0]]
    if releases[0].startswith(TOOLS):
        return None
    return what_differs(citation, releases, everywhere)


def check(path):
    rows, used, problems = read_list(path), set(), []
    everywhere = sorted({one for releases in rows.values() for one in releases
                         if not one.startswith(TOOLS)}, key=version)
    for citation in citations():
        used |= {key for key in rows
                 if key[1] == citation.name and is_meant(key[0], citation.path)}
        wrong = check_citation(citation, rows, everywhere)
        if wrong:
            problems.append(f'{citation.where}: {citation.path}: {citation.name} {wrong}')
    problems += [f'{path}: nothing cites {" ".join(key)}' for key in rows if key not in used]
    if problems:
        problems.append(f'{path} is printed by tests/lint/cited_sources.py RELEASE=TREE...; without the '
                        'trees, leave it, and say so in the commit')
    print('\n'.join(problems) or f'{len(rows)} names')
    return 1 if problems else 0


def main():
    if '--help' in sys.argv[1:]:
        print(__doc__.strip())
        return 0
    if len(sys.argv) < 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    if '=' not in sys.argv[1]:
        return check(sys.argv[1])
    trees = [word.split('=', 1) for word in sys.argv[1:]]
    print('# Printed by tests/lint/cited_sources.py: a file of Linux or kexec-tools, a name that a\n'
          '# citation expects in it, and the releases in which the file defines the name')
    for (path, name), releases in sorted(make_list(trees).items()):
        print(f'{path}\t{name}\t{",".join(releases)}')
    return 0


if __name__ == '__main__':
    sys.exit(main())
