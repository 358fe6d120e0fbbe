#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test that tools/cited_sources.py finds citations and definitions, and errors in "Source:"."""
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', '..', 'tools'))
import cited_sources  # noqa: E402 pylint: disable=wrong-import-position,import-error

EFI = 'drivers/firmware/efi/efi.c'
SOURCE = '''
static int __init efi_init(void)
{
\treturn efi_called(&efi_table);
}
struct efi_table { int a; };
static const struct efi_table efi_tables[] __initconst = {
};
static ssize_t
name_show(struct kobject *kobj,
\t  char *buf)
{
}
#define EFI_VALUE 1
EXPORT_SYMBOL_GPL(efi_exported);
int efi_declared(void);
'''
NAMES = (('efi_init', True), ('efi_table', True), ('efi_tables', True), ('name_show', True),
         ('EFI_VALUE', True), ('efi_exported', True), ('efi_called', False),
         ('efi_declared', False), ('kobj', False))
# A row contains the name of a file, its text, and its citations as (path, name, span).
TEXTS = (
    ('a.c', f'/*\n * {EFI}: efi_init(),\n * efi_exit. Then\n */',
     [(EFI, 'efi_init', ''), (EFI, 'efi_exit', '')]),
    ('a.c', '/* efi.c: efi_init, which maps it */', [('efi.c', 'efi_init', '')]),
    ('a.c', '/* efi.c: the table */', []),
    ('a.c', '/* asm/setup_data.h: SETUP_* */', []),
    ('a.rules', f'Source: {EFI}: init (since 6.2),\n efi_init (4.9 to 6.1); kernel/kexec.c',
     [(EFI, 'init', '(since 6.2)'), (EFI, 'efi_init', '(4.9 to 6.1)'), ('kernel/kexec.c', '', '')]),
    ('a.rules', f'Source: {EFI}: efi_init (6.2)', [(EFI, 'efi_init', '')]),
    ('a.rules', f'Source: {EFI} (before 6.2): words', [(EFI, 'words', '(before 6.2)')]),
    ('a.rules', 'Source: efi.c: efi_init, mm/a.c: b_c', [('efi.c', 'efi_init', ''),
                                                        ('mm/a.c', 'b_c', '')]),
    ('a.rules', f'Source: {EFI}: efi_init\n (added between 6.1 and 6.12); mm/a.c: b_c',
     [(EFI, 'efi_init', '(added between 6.1 and 6.12)'), ('mm/a.c', 'b_c', '')]),
    ('a.changes', f'First: 6.2\nSource: {EFI}: efi_init', [(EFI, 'efi_init', '(since 6.2)')]),
)
RELEASES = ['4.19', '5.10', '6.1', '6.12']
# A row contains the kind and the span of a citation, the releases that define the name, and whether
# the citation is correct.
SPANS = (
    ('rule', '', RELEASES, True), ('rule', '', RELEASES[1:], True),
    ('rule', '', RELEASES[2:], False), ('rule', '', RELEASES[:3], False),
    ('rule', '(since 6.2)', ['6.12'], True), ('rule', '(since 6.2)', ['6.1', '6.12'], False),
    ('rule', '(since 6.1)', ['6.12'], False), ('rule', '(before 6.1)', RELEASES[:2], True),
    ('rule', '(before 6.2)', RELEASES[:2], False), ('rule', '(5.4 to 6.6)', RELEASES[1:3], True),
    ('rule', '(added between 6.1 and 6.12)', ['6.12'], True),
    ('rule', '(added between 6.1 and 6.12)', ['6.1', '6.12'], False),
    ('rule', '(3.14 to 4.8)', [], True), ('rule', '', [], False), ('', '', ['4.19'], True),
    ('', '', [], False), ('change', '(since 6.2)', ['6.12'], True),
    ('change', '(since 6.2)', ['6.1'], True), ('change', '(since 6.2)', ['5.10'], False),
    ('change', '(since 3.14)', ['4.19'], True), ('change', '(since 3.14)', [], True),
    ('change', '(since 6.2)', [], False), ('change', '(since 6.13)', [], True),
)


class CitationsTest(unittest.TestCase):
    def test_citations(self):
        for name, text, wanted in TEXTS:
            found = [(one.path, one.name, one.span)
                     for one in cited_sources.citations_in(name, text)
                     if one.name or one.kind]
            self.assertEqual(found, wanted, text)

    def test_names(self):
        """A file that only calls a function does not define it."""
        for name, wanted in NAMES:
            self.assertEqual(cited_sources.defines(SOURCE, EFI, name), wanted, name)

    def test_releases(self):
        for kind, span, releases, wanted in SPANS:
            one = cited_sources.Citation('a:1', EFI, 'efi_init', kind, span)
            rows = {(EFI, 'efi_init'): releases} if releases else {}
            wrong = cited_sources.check_citation(one, rows, RELEASES)
            self.assertEqual(wrong is None, wanted, (kind, span, releases, wrong))

    def test_directories(self):
        """A comment may omit directories. A rule must not omit them if two files have the name."""
        rows = {('a/efi.c', 'efi_init'): RELEASES, ('b/efi.c', 'efi_init'): RELEASES}
        for kind, path, wanted in (('', 'efi.c', True), ('rule', 'efi.c', False),
                                   ('rule', 'a/efi.c', True), ('', 'c/efi.c', False)):
            one = cited_sources.Citation('a:1', path, 'efi_init', kind, '')
            wrong = cited_sources.check_citation(one, rows, RELEASES)
            self.assertEqual(wrong is None, wanted, (kind, path))


if __name__ == '__main__':
    unittest.main()
