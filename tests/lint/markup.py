#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that XML is written only through src/show/xml_writer.h, which escapes all text.

usage: markup.py CC [ARG…]

A literal with markup may appear only as the format of xml_put(). The compiler must reject the other
ways to write text.
"""
import os
import re
import subprocess
import sys

import project

MARKUP = re.compile(r'<[a-z/!?]|&(?:#|[a-z]+;)')
LITERAL = re.compile(r'"(?:\\.|[^"\\\n])*"')
# Functions, with the only files that may call them. xml_of() creates a writer for an output.
OWNER = ('src/show/xml_writer.c', 'src/show/xml_writer.h')
PRIVATE = {'xml_put_literal': OWNER, 'xml_of': (*OWNER, 'src/show/picture/svg.c')}

FRAME = '#include "show/xml_writer.h"\nvoid f(struct xml *xml, char *text, struct efimap_out *out);\n' \
        'void f(struct xml *xml, char *text, struct efimap_out *out)\n{\n\t%s;\n}\n'
ACCEPTED = ('xml_put(xml, "<b>%s</b>", text)', 'xml_put(xml, "<b>" "</b>")',
            'xml_put(xml, "%s", xml_gathered(xml, out))', 'xml_lines(xml, out)')
REFUSED = ('xml_put(xml, text)', 'xml_put(xml, 1 ? "<b>" : text)', 'xml_put(xml, (text))',
           'xml_put(xml, "<b>" ? text : text)', 'xml_put_literal(xml, text)',
           'xml_put(xml, "<b>%s</b>", 1)', 'xml_put(xml, "<b>%s</b>")',
           'static const char b[] = "<b>"; xml_put(xml, b)', 'xml_put(out, "<b>")',
           'efimap_out_puts(xml, text)', 'efimap_out_puts(xml->out, text)',
           'efimap_out_puts(&xml->part, text)', 'xml_append(xml, text)', 'xml_append(xml, out)',
           'xml_lines(xml, text)')


def calls(code):
    """Yield the range of the format argument of each xml_put() call."""
    for match in re.finditer(r'\bxml_put\(', code):
        depth, at, commas = 1, match.end(), []
        while depth:
            char = code[at]
            depth += (char == '(') - (char == ')')
            if depth == 1 and char == ',':
                commas.append(at)
            at += 1
        yield commas[0], commas[1] if len(commas) > 1 else at


def literals(name):
    """Yield each literal that contains markup, and whether it is the format of an xml_put()
    call."""
    # Literals are blanked, because calls() counts parentheses and commas.
    code = project.code(name)
    spoken = project.code(name, strings=False)
    ranges = list(calls(code))
    for match in LITERAL.finditer(spoken):
        if MARKUP.search(match.group()):
            yield match, any(first < match.start() < last for first, last in ranges)


def look(name, problems):
    code = project.code(name)
    if name not in OWNER:
        for match, is_put in literals(name):
            if not is_put and '#include' not in project.text(name)[:match.start()].split('\n')[-1]:
                problems.append(f'{name}:{project.line_of(code, match.start())}: markup that is not '
                                f'the literal of an xml_put(): {match.group()}')
    for word, allowed in PRIVATE.items():
        if name not in allowed and re.search(rf'\b{word}\b', code):
            problems.append(f'{name}: {word}() is for {", ".join(allowed)} alone')


def compiles(compiler, statement):
    done = subprocess.run(
        compiler + ['-std=gnu11', '-D_GNU_SOURCE', '-fsyntax-only', '-Wall', '-Wextra', '-Wformat=2',
                    '-Wno-unused-parameter', '-Werror', '-I', os.path.join(project.ROOT, 'src'),
                    '-x', 'c', '-'],
        input=FRAME % statement, text=True, capture_output=True, check=False)
    return done.returncode == 0


def main():
    compiler = sys.argv[1:] or ['cc']
    names = project.files('.c', '.h', under=('src/', 'include/', 'importers/'))
    problems, n_markup = [], 0
    for name in names:
        look(name, problems)
        n_markup += sum(1 for _ in literals(name))
    problems += [f'the compiler refuses {s}' for s in ACCEPTED if not compiles(compiler, s)]
    problems += [f'the compiler accepts {s}' for s in REFUSED if compiles(compiler, s)]
    if n_markup < 40:
        problems.append(f'found {n_markup} literals with markup only: the lint itself is broken')
    project.finish('markup', len(names), problems)


if __name__ == '__main__':
    main()
