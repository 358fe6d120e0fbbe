# SPDX-License-Identifier: GPL-2.0-or-later
"""Store many files in one text file, similar to Go's txtar (see tests/tools/README.md).

A file consists of a comment and members. A member consists of a line "-- NAME --" and the lines up
to the next line of this kind. The format stores no lengths, so that a program can write a member
before it has read the complete file.
"""
import os
import re
import typing

SUFFIX = '.txtar'
# Prefixes of a name: "nonl" for a file without a newline at its end, "hex" for binary data in the
# format of `od -A x -t x1`, "dir" for an empty directory, and "table" for the files of numbered
# directories, which contain one line each. "case" begins another archive in the same file.
KINDS = ('nonl', 'hex', 'dir', 'table', 'case')
MARKER = re.compile(rb'-- (?:(nonl|hex|dir|table) )?(\S(?:.*\S)?) --')
CASE = re.compile(rb'^-- case (\S+) --\n', re.M)
# A file that a table can contain. Only the last value of a row may contain spaces.
CELL_PATH = re.compile(r'([^ ]+)/(\d+)/([^ /]+)')
CELL = re.compile(rb'[!-~](?:[ -~]*[!-~])?\n')
# A line that looks like a marker is written with an additional backslash.
ESCAPED = re.compile(rb'\\+-- ')
TO_ESCAPE = re.compile(rb'^(\\*-- )', re.M)
# A member whose name is in capitals describes the tree, and is not a file of the tree.
ABOUT = re.compile(r'[A-Z]+')
# ESC is permitted, because coloured output is text.
NOT_TEXT = re.compile(rb'[\0-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]')
ROW = 16
MAX_BYTES = 64 << 20


class Refused(Exception):
    """An archive or a tree is malformed, or requests something that is not permitted."""


class Archive(typing.NamedTuple):
    """The content of a file: its comment, and the bytes of each member, or None for an empty
    directory."""
    comment: bytes
    members: typing.Dict[str, typing.Optional[bytes]]

    def text(self, name, default=''):
        data = self.members.get(name)
        return default if data is None else data.decode('utf-8', 'surrogateescape')

    def lines(self, name):
        return [line.strip() for line in self.text(name).splitlines() if line.strip()]


def check_name(name):
    """Raise Refused if a name is outside of the directory or cannot be written in a marker."""
    if name.startswith('/') or any(part in ('', '.', '..') for part in name.split('/')):
        raise Refused(f'not a path below a directory: {name}')
    if name != name.strip() or '\n' in name or name.split(' ')[0] in KINDS:
        raise Refused(f'a marker cannot contain this name: {name!r}')


def from_hex(lines):
    """Return the bytes of a dump by od, in which "*" represents repeated rows."""
    data, row = bytearray(), b''
    is_repeated = is_ended = False
    for line in lines:
        if line == b'*':
            is_repeated = True
            continue
        words = line.decode('ascii', 'replace').split()
        try:
            offset, values = int(words[0], 16), bytes(int(word, 16) for word in words[1:])
        except (IndexError, ValueError) as error:
            raise Refused(f'not output of od: {line!r}') from error
        if offset > MAX_BYTES:
            raise Refused(f'more than {MAX_BYTES} bytes')
        while is_repeated and row and len(data) < offset:
            data += row
        if is_ended or len(data) != offset:
            raise Refused(f'bytes are missing before {words[0]}')
        data += values
        row, is_repeated, is_ended = values, False, not values
    if not is_ended:
        raise Refused('the last line of od, with the length, is missing')
    return bytes(data)


def to_hex(data):
    lines, before = [], None
    for offset in range(0, len(data), ROW):
        row = data[offset:offset + ROW]
        if row != before:
            lines.append(f'{offset:06x} {row.hex(" ")}\n')
        elif lines[-1] != '*\n':
            lines.append('*\n')
        before = row
    return ''.join(lines + [f'{len(data):06x}\n']).encode()


def content(kind, lines):
    """Return the content of a member from its lines, or None for a directory."""
    if kind == b'hex':
        return from_hex(lines)
    if kind == b'dir':
        if lines:
            raise Refused('the member of a directory must have no lines')
        return None
    data = b''.join((line[1:] if ESCAPED.match(line) else line) + b'\n' for line in lines)
    return data[:-1] if kind == b'nonl' else data


def cells(name, lines):
    """Yield the paths and the contents of the files of a table. Its name is the directory and the
    names of the columns, and a row is the number of a directory and the content of its files."""
    place, *columns = name.split(' ')
    for line in lines:
        number, *values = line.split(b' ', len(columns))
        if not number.isdigit() or len(values) != len(columns) or not columns or not all(values):
            raise Refused(f'not a row of a table: {line!r}')
        for column, value in zip(columns, values):
            yield f'{place}/{number.decode()}/{column}', value + b'\n'


def find_tables(members):
    """Return the rows that a file contains as tables: for each directory and its columns, the
    numbers of the rows, and the values of each row."""
    rows, tables = {}, {}
    for name, data in members.items():
        match = CELL_PATH.fullmatch(name)
        if match and data is not None and CELL.fullmatch(data):
            rows.setdefault((match[1], match[2]), {})[match[3]] = data[:-1]
    for (place, number), row in rows.items():
        columns = sorted(row)
        if all(b' ' not in row[column] for column in columns[:-1]):
            tables.setdefault((place, *columns), {})[number] = [row[name] for name in columns]
    return {key: found for key, found in tables.items() if len(found) > 1 or len(key) > 2}


def parse(data):
    parts = [(None, None, [])]
    if data and not data.endswith(b'\n'):
        raise Refused('the file does not end with a newline')
    for number, line in enumerate(data.split(b'\n')[:-1], 1):
        if not line.startswith(b'-- '):
            parts[-1][2].append(line)
            continue
        marker = MARKER.fullmatch(line)
        if not marker:
            raise Refused(f'line {number}: invalid marker; text needs a backslash before "-- "')
        parts.append((marker[1], marker[2].decode('utf-8', 'surrogateescape'), []))
    members = {}
    for kind, name, lines in parts[1:]:
        try:
            found = list(cells(name, lines)) if kind == b'table' else [(name, content(kind, lines))]
        except Refused as refusal:
            raise Refused(f'{name}: {refusal}') from refusal
        for path, value in found:
            check_name(path)
            if path in members:
                raise Refused(f'duplicate member {path}')
            members[path] = value
    return Archive(content(None, parts[0][2]), members)


def is_text(data):
    try:
        data.decode('utf-8')
    except UnicodeDecodeError:
        return False
    return not NOT_TEXT.search(data)


def write_member(name, data):
    check_name(name)
    kind, lines = '', b''
    if data is None:
        kind = 'dir '
    elif not is_text(data):
        kind, lines = 'hex ', to_hex(data)
    else:
        if data and not data.endswith(b'\n'):
            kind, data = 'nonl ', data + b'\n'
        lines = TO_ESCAPE.sub(rb'\\\1', data)
    return f'-- {kind}{name} --\n'.encode('utf-8', 'surrogateescape') + lines


def write(archive):
    text, tables = TO_ESCAPE.sub(rb'\\\1', archive.comment), find_tables(archive.members)
    # The table that contains a file is written in place of its first file.
    table_of = {f'{place}/{number}/{column}': (place, *columns)
                for (place, *columns), rows in tables.items() for number in rows
                for column in columns}
    for name, data in archive.members.items():
        table = table_of.get(name)
        if table is None:
            text += write_member(name, data)
            continue
        rows = tables.pop(table, {})
        if rows:
            text += f'-- table {" ".join(table)} --\n'.encode()
        text += b''.join(b' '.join([number.encode(), *row]) + b'\n' for number, row in rows.items())
    return text


def load(path):
    with open(path, 'rb') as file:
        data = file.read()
    try:
        return parse(data)
    except Refused as refusal:
        raise Refused(f'{path}: {refusal}') from refusal


def load_cases(path):
    """Return the archives in a file by their names. The first one has the name of the file."""
    with open(path, 'rb') as file:
        first, *others = CASE.split(file.read())
    names = [os.path.basename(path).removesuffix(SUFFIX), *(name.decode() for name in others[::2])]
    if len(names) != len(set(names)):
        raise Refused(f'{path}: a name is used twice')
    try:
        return dict(zip(names, map(parse, [first, *others[1::2]])))
    except Refused as refusal:
        raise Refused(f'{path}: {refusal}') from refusal


def write_cases(cases):
    """Return the content of a file with several archives."""
    (_, first), *others = cases.items()
    return write(first) + b''.join(f'-- case {name} --\n'.encode() + write(archive)
                                   for name, archive in others)


def save(path, archive):
    with open(path, 'wb') as file:
        file.write(write(archive))


def natural(path):
    """Return a sort key for a path with numbers, so that 2 precedes 10."""
    return [(not part.isdigit(), int(part) if part.isdigit() else 0, part)
            for part in path.split('/')]


def read_tree(place):
    found = {}
    for where, dirs, names in os.walk(place):
        if where != place and not dirs and not names:
            found[os.path.relpath(where, place)] = None
        for name in dirs + names:
            full = os.path.join(where, name)
            path = os.path.relpath(full, place)
            if os.path.islink(full) or not (os.path.isfile(full) or os.path.isdir(full)):
                raise Refused(f'{path}: neither a file nor a directory')
            if os.path.isfile(full):
                with open(full, 'rb') as file:
                    found[path] = file.read()
    return {path: found[path] for path in sorted(found, key=natural)}


def directories(members):
    """Return all directories of a tree with these members. Parents precede their children."""
    found = {''}
    for path, data in members.items():
        # The paths are normalized, so str.rpartition() is sufficient, and faster than dirname().
        parent = path if data is None else path.rpartition('/')[0]
        while parent not in found:
            found.add(parent)
            parent = parent.rpartition('/')[0]
    return sorted(found - {''})


def write_tree(members, place):
    """Create a directory with these members. The directory must not exist yet."""
    if os.path.lexists(place):
        raise Refused(f'{place} exists already')
    os.makedirs(place)
    change_tree({}, members, place)


def change_tree(before, members, place):
    """Change a directory from the members "before" to "members". Other files are kept."""
    old, new = directories(before), directories(members)
    for path, data in before.items():
        if data is not None and members.get(path) is None:
            os.unlink(os.path.join(place, path))
    for path in sorted(set(old) - set(new), reverse=True):
        os.rmdir(os.path.join(place, path))
    for path in sorted(set(new) - set(old)):
        os.mkdir(os.path.join(place, path))
    for path, data in members.items():
        if data is None or before.get(path) == data:
            continue
        flags = os.O_TRUNC if before.get(path) is not None else os.O_EXCL
        file = os.open(os.path.join(place, path), os.O_WRONLY | os.O_CREAT | flags, 0o666)
        try:
            # os.write() may write only a part of a large file.
            view = memoryview(data)
            while view:
                view = view[os.write(file, view):]
        finally:
            os.close(file)
