# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that output is safe and well-formed for its consumer, whatever the input contains.

Each function checks one output format, and returns a problem or None. Markup may contain only
elements and attributes that the tool also writes for harmless captures.
"""
import io
import json
import re
import shlex
import xml.etree.ElementTree

# Inputs contain this word after a newline. An output line that starts with it was injected.
WORD = 'INJECTED'
# Bidirectional controls, line and paragraph separators, and invisible characters
TURNING = {0x61c, 0x200e, 0x200f, *range(0x2028, 0x202f), *range(0x2066, 0x206a), 0xfeff,
           *range(0xe0000, 0xe0080)}

PAIR = r'[A-Z]+="([ !#%-\[\]-_a-~]|\\x[0-9a-f]{2})*"'
PAIRS = re.compile(rf'{PAIR}( {PAIR})*')


def text(data):
    """Return a problem if the data contains characters that a terminal must not receive."""
    try:
        said = data.decode('utf-8')
    except UnicodeDecodeError as error:
        return f'invalid UTF-8: {data[max(0, error.start - 40):error.start + 10]}'
    for at, char in enumerate(said):
        code = ord(char)
        if (code < 0x20 and char != '\n') or 0x7f <= code < 0xa0 or code in TURNING:
            return f'U+{code:04X} after {said[max(0, at - 40):at]!a}'
    if any(line.startswith(WORD) for line in said.splitlines()):
        return 'a line was injected'
    return None


def binary(_data):
    """Accept all data, because binary output contains no text and is not printed to a terminal."""


def as_json(data):
    try:
        json.loads(data)
    except ValueError as error:
        return f'invalid JSON: {error}'
    # jansson does not escape U+007F, which terminals ignore.
    return text(data.replace(b'\x7f', b''))


def ndjson(data):
    return next(filter(None, map(as_json, data.splitlines())), None)


def pairs(data):
    """Return a problem if a shell cannot evaluate a line, or if a value is not quoted."""
    for line in data.decode().splitlines():
        if not PAIRS.fullmatch(line) or len(shlex.split(line)) != line.count('="'):
            return f'not a line of quoted pairs: {line!a}'
    return text(data)


def raw(data):
    """Return a problem if a line and the heading have different numbers of words."""
    lines = data.decode().splitlines()
    for line in lines:
        if line.count(' ') != lines[0].count(' '):
            return (f'{line.count(" ") + 1} words, but the heading has '
                    f'{lines[0].count(" ") + 1}: {line!a}')
    return text(data)


def marks(name, attributes):
    """Return (set of (name, attribute) pairs, None), or (None, problem) if an attribute is a
    handler or a link to another document."""
    for key, value in attributes:
        if key.startswith('on') or (key.endswith('href') and not value.startswith('#')):
            return None, f'{name} has {key}="{value}"'
    return {(name, key) for key in ('', *dict(attributes))}, None


def svg_marks(data):
    seen = set()
    try:
        for _, element in xml.etree.ElementTree.iterparse(io.BytesIO(data)):
            found, problem = marks(element.tag, element.items())
            if problem:
                return None, problem
            seen |= found
    except xml.etree.ElementTree.ParseError as error:
        return None, f'invalid XML: {error}'
    return seen, None


MARKUP = {'svg': svg_marks}
CHECKS = {'text': text, 'binary': binary, 'json': as_json, 'ndjson': ndjson,
          'pairs': pairs, 'raw': raw}


class Checker:
    def __init__(self):
        self.known = {form: set() for form in MARKUP}

    def learn(self, form, data):
        self.known[form] |= MARKUP[form](data)[0]

    def find_problem(self, form, data):
        if not data:
            return None
        if form not in MARKUP:
            return CHECKS[form](data)
        seen, problem = MARKUP[form](data)
        if not problem and not seen <= self.known[form]:
            problem = f'unexpected markup: {sorted(seen - self.known[form])}'
        return problem or text(data)
