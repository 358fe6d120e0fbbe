#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Read and unpack the fixtures of tests/fixtures.

usage: fixture.py DIR DEPFILE STAMP

Unpack all real captures, the logs, and the examples of the documentation to DIR.
"""
import atexit
import functools
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import txtar

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.join(TESTS, 'fixtures')
# Negative tests, as rows of one file
NEAR = os.path.join(ROOT, 'near.rows')
# Synthetic fixtures that README.md and the man pages show
EXAMPLES = ('initrd-table-in-ram-installed',)
# A directory on a tmpfs, where trees with thousands of files are created faster
MEMORY = '/dev/shm' if os.access('/dev/shm', os.W_OK | os.X_OK) else None


# The families of rules about loads, their kernels and their files
ABOUT_LOADS = {'permission', 'memory', 'next-kernel', 'crash-kernel', 'unread'}


def take_option(argv, option):
    """Return whether the arguments contain an option, and the other arguments."""
    return option in argv, [word for word in argv if word != option]


@functools.cache
def rules_about_loads(tool):
    listing = subprocess.run([tool, 'explain', '--json'], capture_output=True, text=True,
                             check=True)
    return {rule['rule'] for rule in json.loads(listing.stdout)['rules']
            if rule['family'] in ABOUT_LOADS}


def sanitizer_options():
    return {name: value for name, value in os.environ.items() if name.endswith('SAN_OPTIONS')}


@functools.cache
def made_files():
    """Return the archives in each file of made/, by their names."""
    place = os.path.join(ROOT, 'made')
    files = {os.path.join(place, name): txtar.load_cases(os.path.join(place, name))
             for name in sorted(os.listdir(place)) if name.endswith(txtar.SUFFIX)}
    names = [name for cases in files.values() for name in cases]
    for name in names:
        if names.count(name) > 1:
            raise txtar.Refused(f'{place}: {name}: the name is used twice')
    return files


@functools.cache
def made_places():
    """Return the file that contains each synthetic fixture."""
    return {name: path for path, cases in made_files().items() for name in cases}


def save_made(name, archive):
    """Write a synthetic fixture into its file."""
    path = made_places()[name]
    cases = made_files()[path]
    cases[name] = archive
    with open(path, 'wb') as file:
        file.write(txtar.write_cases(cases))


@functools.cache
def near_blocks():
    """Return the name of the base and the lines of each negative test in near.rows."""
    found, base = {}, ''
    with open(NEAR, encoding='utf-8') as file:
        blocks = file.read().rstrip('\n').split('\n\n')
    for title, *lines in (block.split('\n') for block in blocks):
        if title.startswith('base '):
            base = title.removeprefix('base ')
        elif title.startswith('= '):
            if title[2:] in found or title[2:] in made_places():
                raise txtar.Refused(f'{NEAR}: {title[2:]}: the name is used twice')
            found[title[2:]] = base, lines
    return found


def edited(old, lines):
    """Return a text after an edit. A line that begins with "-" is removed, "+" is added, and a line
    that begins with a space is kept and shows the place of an addition."""
    found, at = old.decode().splitlines(), 0
    for sign, line in ((line[0], line[1:]) for line in lines):
        if sign != '+':
            at = found.index(line, at)
            del found[at]
        if sign != '-':
            found.insert(at, line)
            at += 1
    return '\n'.join([*found, '']).encode()


def change_row(members, base, line, lines):
    """Apply a line of a row, and the indented lines below it, to the members of an archive."""
    key, _, rest = line.partition(' ')
    place, _, value = line.partition(' = ')
    patch = re.fullmatch(r'(.+)\[(0x[0-9a-f]+)(:?)\]', place)
    old = {**base, **members}
    if key in ('first', 'run', 'copies', 'remove', '->') and key != place:
        name = {'run': 'COMMAND', '->': 'FINDINGS'}.get(key, key.upper())
        if key == 'remove' and rest in members:
            del members[rest]
        else:
            members[name] = members.get(name, b'') * (key not in ('first', 'run')) + \
                f'{rest}\n'.encode()
    elif patch:
        data, at, new = old.get(patch[1], b''), int(patch[2], 16), bytes.fromhex(value)
        members[patch[1]] = data[:at] + new + (b'' if patch[3] else data[at + len(new):])
    elif line.endswith(' edited:'):
        place = line.removesuffix(' edited:')
        members[place] = edited(old[place], lines)
    elif line.endswith(':'):
        members[line[:-1]] = ''.join(f'{text}\n' for text in lines).encode()
    elif place == line:
        raise ValueError(line)
    else:
        members[place] = f'{value}\n'.encode()


def is_purpose(line):
    return not re.match(r'(like|first|run|copies|remove|->) |\t|\S+ = |\S+(( edited)?:|:\])$', line)


@functools.cache
def near(name):
    """Return the archive of a negative test in near.rows."""
    base, lines = near_blocks()[name]
    purpose = list(itertools.takewhile(is_purpose, lines))
    members, at = {'BASE': base.encode()}, len(purpose)
    if not purpose:
        raise txtar.Refused(f'{NEAR}: {name}: the purpose is missing')
    try:
        if lines[at:] and lines[at].startswith('like '):
            members = {key: data for key, data in load('made', lines[at][5:]).members.items()
                       if key not in ('EXPECT', 'SAYS', 'FINDINGS')}
            at += 1
        tree = real_members(path_of('real', line_of(txtar.Archive(b'', members), 'BASE')))
        while at < len(lines):
            below = list(itertools.takewhile(lambda line: line.startswith('\t'), lines[at + 1:]))
            change_row(members, tree, lines[at], [line[1:] for line in below])
            at += 1 + len(below)
    except (ValueError, KeyError, OSError) as error:
        raise txtar.Refused(f'{NEAR}: {name}: {error!r}') from error
    kept = {key: data for key, data in members.items() if tree.get(key) != data}
    return txtar.Archive('\n'.join(purpose).encode(), {'FINDINGS': b'', **kept})


def write_findings(name, findings):
    """Write the expected findings of a negative test into near.rows."""
    with open(NEAR, encoding='utf-8') as file:
        blocks = file.read().rstrip('\n').split('\n\n')
    for at, block in enumerate(blocks):
        lines = block.split('\n')
        if lines[0] == f'= {name}':
            kept = [line for line in lines if not line.startswith('-> ')]
            blocks[at] = '\n'.join(kept + [f'-> {finding}' for finding in findings])
    with open(NEAR, 'w', encoding='utf-8') as file:
        file.write('\n\n'.join(blocks) + '\n')


def names(kind):
    if kind == 'made':
        return sorted([*made_places(), *near_blocks()])
    return sorted(name.removesuffix(txtar.SUFFIX) for name in os.listdir(os.path.join(ROOT, kind))
                  if name.endswith(txtar.SUFFIX))


def path_of(kind, name):
    """Return the path of a fixture. A synthetic fixture may be in another file, see file_of()."""
    return os.path.join(ROOT, kind, name + txtar.SUFFIX)


def file_of(path):
    """Return the file that contains the fixture with this path: its own file, that of another case
    of its rule, or near.rows."""
    if os.path.dirname(os.path.abspath(path)) != os.path.join(ROOT, 'made'):
        return path
    return made_places().get(os.path.basename(path).removesuffix(txtar.SUFFIX), NEAR)


def read(path):
    file, name = file_of(path), os.path.basename(path).removesuffix(txtar.SUFFIX)
    if file == path and file not in made_files():
        return txtar.load(path)
    return near(name) if file == NEAR else made_files()[file][name]


def load(kind, name):
    return read(path_of(kind, name))


def line_of(archive, name):
    lines = archive.lines(name)
    if len(lines) > 1:
        raise txtar.Refused(f'the member {name} has more than one line')
    return lines[0] if lines else ''


@functools.lru_cache(maxsize=None)
def real_members(path):
    """Return the members of a real capture. The result is cached, because many fixtures have the
    same base."""
    return txtar.load(path).members


def base_of(archive, path):
    name = line_of(archive, 'BASE')
    if not name:
        return {}
    base = os.path.join(os.path.dirname(path), '..', 'real', name + txtar.SUFFIX)
    if '/' in name or not os.path.isfile(base):
        raise txtar.Refused(f'BASE: {name} is not in real/')
    return dict(real_members(base))


def is_below(path, place):
    return path == place or path.startswith(place + '/')


def remove(tree, place):
    """Remove a file or a directory from a tree. A parent directory that becomes empty is kept."""
    gone = [path for path in tree if is_below(path, place)]
    if not gone:
        raise txtar.Refused(f'REMOVE: {place} is not in the base')
    for path in gone:
        del tree[path]
    parent = os.path.dirname(place)
    if parent and not any(is_below(path, parent) for path in tree):
        tree[parent] = None


def copy_entries(tree, line):
    """Add copies of an entry of the runtime map. Both addresses of a copy are STEP higher than the
    addresses of the previous copy."""
    try:
        place, first, last, step = line.split()
        first, last, step = int(first), int(last), int(step, 16)
    except ValueError as error:
        raise txtar.Refused(f'COPIES: expected PATH FIRST LAST STEP: {line}') from error
    values = {path[len(place):]: data.decode('ascii') for path, data in tree.items()
              if path.startswith(place + '/')}
    if not values or first > last:
        raise txtar.Refused(f'COPIES: PATH is not a directory, or there is no copy: {line}')
    for number in range(first, last + 1):
        for name, value in values.items():
            path = f'{os.path.dirname(place)}/{number}{name}'
            if path in tree:
                raise txtar.Refused(f'COPIES: {path} exists')
            if name in ('/phys_addr', '/virt_addr'):
                value = f'0x{int(value, 16) + (number - first + 1) * step:x}\n'
            tree[path] = value.encode('ascii')


def change_log(tree, own):
    """Change the release and the parameters in the log of a base as @own changes those in proc. The
    tool ignores a log with another release or other parameters."""
    log = tree.get('dmesg.txt')
    if log is None or 'dmesg.txt' in own:
        return
    version = re.match(rb'Linux version \S+', own.get('proc/version', b''))
    if version:
        log = re.sub(rb'Linux version \S+', lambda _: version[0], log)
    if 'proc/cmdline' in own:
        cmdline = own['proc/cmdline'].rstrip(b'\n')
        log = re.sub(rb'(?m)((?:Kernel c|\bC)ommand line:).*', lambda line: line[1] + b' ' + cmdline,
                     log)
    tree['dmesg.txt'] = log


def e820_line(start, end, kind):
    kinds = {'System RAM': 'usable', 'ACPI Tables': 'ACPI data',
             'ACPI Non-volatile Storage': 'ACPI NVS'}
    return (f'BIOS-e820: [mem 0x{int(start, 16):016x}-0x{int(end, 16):016x}] '
            f'{kinds.get(kind, kind.lower())}\n').encode()


def change_ranges(tree, base):
    """Change the e820 table in the log of a base as memmap was changed: a kernel prints it and shows
    it in memmap. Ranges that are not numbers, and added or removed ones, are not changed."""
    for place in {os.path.dirname(path) for path in base if is_below(path, 'sys/firmware/memmap')}:
        was, now = ([one.get(f'{place}/{name}', b'').decode().strip()
                     for name in ('start', 'end', 'type')] for one in (base, tree))
        if was != now and all(re.match('0x[0-9a-f]+$', value) for value in now[:2]):
            tree['dmesg.txt'] = tree['dmesg.txt'].replace(e820_line(*was), e820_line(*now))


def tree_of(archive, path):
    """Return the members of the tree that a file describes. The file contains a capture, or changes
    to a base capture."""
    tree = base_of(archive, path)
    removed = archive.lines('REMOVE')
    for place in removed:
        txtar.check_name(place)
        remove(tree, place)
    own = {name: data for name, data in archive.members.items()
           if not txtar.ABOUT.fullmatch(name)}
    for name, data in own.items():
        if name in tree and tree[name] == data:
            raise txtar.Refused(f'{name} does not differ from the base')
    if not own and not removed:
        raise txtar.Refused('the fixture neither contains nor removes a file')
    tree.update(own)
    change_log(tree, own)
    if 'dmesg.txt' in tree and 'dmesg.txt' not in own:
        change_ranges(tree, base_of(archive, path))
    for line in archive.lines('COPIES'):
        copy_entries(tree, line)
    return tree


def members(kind, name):
    path = path_of(kind, name)
    return tree_of(read(path), path)


def unpack(path, place, is_kept=False):
    try:
        members = tree_of(read(path), path)
        if is_kept and os.path.isdir(place):
            if txtar.read_tree(place) == members:
                return
            shutil.rmtree(place)
        txtar.write_tree(members, place)
    except (txtar.Refused, OSError) as refusal:
        raise txtar.Refused(f'{path}: {refusal}') from refusal


def unpack_all(place):
    """Unpack all real captures, and copy the logs. Return the paths of all files that were read."""
    logs = os.path.join(ROOT, 'logs')
    shutil.rmtree(os.path.join(place, 'logs'), ignore_errors=True)
    # All users must be able to read the files, because some tests run programs as another user.
    mask = os.umask(0o022)
    for kind in 'real', 'made':
        os.makedirs(os.path.join(place, kind), exist_ok=True)
    for name in names('real'):
        # Keep an unchanged tree, because comparing thousands of files is cheaper than writing them.
        unpack(path_of('real', name), os.path.join(place, 'real', name), is_kept=True)
    for name in EXAMPLES:
        unpack(path_of('made', name), os.path.join(place, 'made', name), is_kept=True)
    os.makedirs(os.path.join(place, 'logs'))
    for name in os.listdir(logs):
        shutil.copyfile(os.path.join(logs, name), os.path.join(place, 'logs', name))
    os.umask(mask)
    for name in set(os.listdir(os.path.join(place, 'real'))) - set(names('real')):
        shutil.rmtree(os.path.join(place, 'real', name))
    return [os.path.join(ROOT, 'real'), logs, *(path_of('real', name) for name in names('real')),
            *(os.path.join(logs, name) for name in os.listdir(logs)),
            *(file_of(path_of('made', name)) for name in EXAMPLES),
            os.path.abspath(__file__), txtar.__file__]


@functools.lru_cache(maxsize=None)
def unpacked():
    """Return the directory that contains real/, made/ and logs/. It was created by the build, or is
    a temporary directory of this process."""
    built = os.environ.get('EFIMAP_FIXTURES')
    if built:
        return built
    place = tempfile.mkdtemp(prefix='efimapctl-fixtures-', dir=MEMORY)
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    os.chmod(place, 0o755)
    unpack_all(place)
    return place


def real(name):
    return os.path.join(unpacked(), 'real', name)


class Trees:
    """A directory for each base, which is changed from one fixture to the next, because only a few
    of its hundreds of files differ between fixtures."""

    def __init__(self, where):
        self.where, self.members = where, {}

    def unpack(self, base, name):
        """Unpack a synthetic fixture and return its directory."""
        tree = os.path.join(self.where, base, 'tree')
        os.makedirs(tree, exist_ok=True)
        changed = members('made', name)
        txtar.change_tree(self.members.get(base, {}), changed, tree)
        self.members[base] = changed
        return tree


def sources(where):
    """Yield the names and paths of all fixtures. A synthetic fixture exists until the next one."""
    for name in names('real'):
        yield f'real/{name}', real(name)
    trees = Trees(where)
    for name in names('made'):
        yield f'made/{name}', trees.unpack(line_of(load('made', name), 'BASE'), name)
    logs = os.path.join(unpacked(), 'logs')
    for name in sorted(set(os.listdir(logs)) - {'ORIGIN'}):
        yield f'logs/{name}', os.path.join(logs, name)


def main(argv):
    if len(argv) != 4:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    _, place, depfile, stamp = argv
    read = [path.replace('$', '$$').replace(' ', '\\ ') for path in unpack_all(place)]
    with open(depfile, 'w', encoding='utf-8') as file:
        file.write(f'{stamp}: {" ".join(read)}\n')
    with open(stamp, 'w', encoding='utf-8'):
        return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
