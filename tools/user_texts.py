#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Print every sentence that a user may see, with its file and line, so that an editor can read all
of them in order.

usage: user_texts.py [FILE...]

A sentence is any text of at least two words in the string literals of the C sources, the texts of
the catalogue (*.rules, *.topics, *.changes) and the table of files (*.table), the quoted strings of the integration's scripts, and
the descriptions of units and packages. Without FILE, all files of the project are read. Patterns
that match a kernel log look like sentences, so src/input/log and a few tables are left out.
"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOURCES = ('src', 'integration', 'debian', 'rpm')
# The strings in these files are compared with kernel messages, or are not texts for a user.
LEFT_OUT = (
    'src/base/address_sanitizer.h',
    'src/input/log/',
)
CATALOGUE_KEYS = ('Title', 'Finding', 'Why', 'First-capture', 'Second-capture',
                  'Skipped-because', 'Tests', 'Background', 'Breaks', 'Exceptions', 'Fix', 'Experiment',
                  'Means', 'Before', 'Since', 'Decides', 'Text')
# A printf conversion, a value of the catalogue, an escape sequence, or a macro in angle brackets
NO_WORD = re.compile(r'%[-0-9.*]*[a-zA-Z]+|\\.|\{[^}]*\}|<[^>]*>')
WORD = re.compile(r"[A-Za-z][a-z']+")
LITERAL = r'"(?:\\.|[^"\\\n])*"'
# A macro between two literals of a sentence: "0x%" PRIx64 " is used"
MACRO = r'[A-Z][A-Za-z0-9_]*'
BLANK = r'(?:\s|\\\n)*'
SENTENCE = re.compile(rf'{LITERAL}(?:{BLANK}(?:{MACRO}{BLANK})?{LITERAL})*')


def line_of(content, offset):
    return content.count('\n', 0, offset) + 1


def is_sentence(text):
    return len(WORD.findall(NO_WORD.sub(' ', text))) >= 2 and ' ' in text.strip()


def without_comments(content):
    """Return C code with comments and #include lines replaced by spaces. Line breaks are kept."""
    def blank(match):
        kept = match.group()[0] in '"\''
        return match.group() if kept else re.sub(r'[^\n]', ' ', match.group())
    return re.sub(r'/\*.*?\*/|//[^\n]*|^#\s*include[^\n]*|' + LITERAL + r"|'(?:\\.|[^'\\\n])*'",
                  blank, content, flags=re.S | re.M)


def join(literals):
    """Return adjacent literals as one text, with the names of macros between them in angle
    brackets."""
    text = ''
    for literal, macro in re.findall(rf'({LITERAL})|({MACRO})', literals):
        text += literal[1:-1] if literal else f'<{macro}>'
    return re.sub(r'%<PRI[a-zA-Z0-9]*>', '%x', text).replace('\\"', '"').replace('\\n', ' / ')


def of_c(content):
    content = without_comments(content)
    for match in SENTENCE.finditer(content):
        yield line_of(content, match.start()), join(match.group())


def of_catalogue(content):
    """Yield the values of the keys that contain sentences. A value continues in indented lines."""
    found = None
    for number, line in enumerate(content.split('\n') + [''], 1):
        if found and line.startswith(' '):
            found[1] += ' ' + line.strip()
            continue
        if found:
            yield tuple(found)
        found = None
        key, colon, value = line.partition(': ')
        if colon and key.startswith(CATALOGUE_KEYS):
            found = [number, f'{key}: {value}']


def of_script(content):
    """Yield quoted strings of a shell or Python script, outside comments."""
    content = re.sub(r'^\s*#[^\n]*', '', content, flags=re.M)
    content = re.sub(r'"""(.*?)"""', lambda m: '\n' * m.group().count('\n'), content, flags=re.S)
    for match in re.finditer(r'"(?:\\.|[^"\\])*"|\'[^\']*\'', content):
        if '\n' not in match.group():
            yield line_of(content, match.start()), match.group()[1:-1]


def of_lines(pattern):
    """Return a reader that yields each text that matches a pattern, as one line."""
    def read(content):
        for match in re.finditer(pattern, content, re.M):
            yield line_of(content, match.start()), re.sub(r'\s+', ' ', match.group()).strip()
    return read


READERS = (
    (r'\.[ch]$', of_c),
    (r'\.(rules|topics|changes|table)$', of_catalogue),
    (r'^debian/control$', of_lines(r'^Description:.*(?:\n .*)*')),
    (r'^rpm/.*\.spec', of_lines(r'^Summary:.*|^%description.*\n(?:(?!%).+\n?|\n(?!%))*')),
    (r'\.(service|path|timer)(\.in)?$', of_lines(r'^Description=.*')),
    (r'\.catalog$', of_lines(r'^(?!#|--|Defined-By|Documentation|Support).*\S.*(?:\n(?!--).*\S.*)*')),
    (r'\.yml$|\.json$', of_lines(r'(?:summary|description|"title"|"description"):.*')),
    (r'meson\.build$', of_lines(r"^\s*description: .*")),
    (r'^integration/', of_script),
)


def reader_of(name):
    if name.startswith(LEFT_OUT) or name.endswith(('.md', '.css', '.test.yml')):
        return None
    return next((read for pattern, read in READERS if re.search(pattern, name)), None)


def files():
    for directory in SOURCES:
        for where, dirs, names in os.walk(os.path.join(ROOT, directory)):
            dirs.sort()
            for name in sorted(names):
                yield os.path.relpath(os.path.join(where, name), ROOT)


def texts(name):
    reader = reader_of(name)
    if not reader:
        return
    with open(os.path.join(ROOT, name), encoding='utf-8') as file:
        content = file.read()
    for line, text in reader(content):
        if is_sentence(text):
            yield line, text


def main(names):
    if '--help' in names:
        print(__doc__.strip())
        return
    for name in names or files():
        for line, text in texts(name):
            print(f'{name}:{line}: {text}')


if __name__ == '__main__':
    main(sys.argv[1:])
