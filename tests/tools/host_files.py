# SPDX-License-Identifier: GPL-2.0-or-later
"""Replace the files of the running system that efimapctl reads, in a mount namespace.

The paths are those of src/capture/sources.table, and OTHERS. hidden_host.py fails if efimapctl
reads another path.
"""
import functools
import glob
import os
import re
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(ROOT, 'tools')]
import namespace  # noqa: E402 pylint: disable=wrong-import-position
import sources  # noqa: E402 pylint: disable=wrong-import-position

TEMPORARY = '/mnt'
# Paths that readers of several places know, and that the files of integration/ use
OTHERS = (
    'boot', 'efi', 'etc/kdump', 'etc/kdump.conf', 'etc/sysconfig', 'etc/systemd', 'lib/systemd',
    'proc/stat', 'proc/sys', 'run/booted-system', 'run/current-system', 'run/systemd', 'sys',
    'usr/lib/kdump', 'usr/lib/systemd', 'var/crash', 'var/lib/efimapctl', 'var/lib/kdump',
    'var/log')
# Directories that also contain files of other programs. In them, only the next component of a path
# is replaced. Any other directory is replaced with all its files.
SHARED = ('', 'bin', 'etc', 'lib', 'lib/x86_64-linux-gnu', 'lib64', 'opt', 'proc', 'run', 'sbin',
          'usr', 'usr/bin', 'usr/lib', 'usr/lib/x86_64-linux-gnu', 'usr/lib64', 'usr/libexec',
          'usr/local', 'usr/sbin', 'usr/share', 'var', 'var/lib')
# Files that no machine lacks, and their content if the capture lacks them. Other files in /proc are
# then empty, because a file cannot be removed from /proc.
DEFAULTS = {
    'proc/cmdline': '\n',
    'proc/cpuinfo': 'flags\t\t: fpu pse pae nx pdpe1gb lm constant_tsc\n'
                    'address sizes\t: 46 bits physical, 48 bits virtual\n',
    'proc/meminfo': 'MemTotal: 8000000 kB\nMemAvailable: 7000000 kB\n',
    'proc/stat': 'btime 1700000000\n',
    'proc/sys/kernel/kexec_load_disabled': '0\n',
    'proc/sys/kernel/kexec_load_limit_panic': '-1\n',
    'proc/sys/kernel/kexec_load_limit_reboot': '-1\n',
    'proc/sys/kernel/random/boot_id': '01234567-89ab-4cde-8f01-23456789abcd\n',
    'proc/version': 'Linux version 6.12.0 (tests)\n',
}


@functools.lru_cache(maxsize=None)
def table():
    """Return the blocks of the table of files."""
    return sources.read_table(os.path.join(ROOT, 'src', 'capture', 'sources.table'))[0]


def place_of(path):
    """Return the directory or file that must be replaced to hide a path."""
    parts = re.sub('%.*', '*', path).split('/')
    return next('/'.join(parts[:count]) for count in range(1, len(parts) + 1)
                if '/'.join(parts[:count]) not in SHARED or count == len(parts))


@functools.lru_cache(maxsize=None)
def places():
    """Return the directories and files that contain everything that efimapctl reads."""
    paths = [path for file in table() for path in file.paths]
    return sorted(set(map(place_of, [*paths, *OTHERS])))


def add_defaults(directory, place):
    """Add the files that no machine lacks to a copy of a place."""
    for path, text in DEFAULTS.items():
        target = os.path.join(directory, os.path.relpath(path, place))
        if path.startswith(place + '/') and not os.path.exists(target):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, 'w', encoding='ascii') as file:
                file.write(text)


def source_of(capture, place):
    """Return the directory or file of a capture to be mounted over a place, or None if a machine
    can lack it."""
    source = os.path.join(capture, place)
    copy = os.path.join(TEMPORARY, place.replace('/', '-'))
    if any(path.startswith(place + '/') for path in DEFAULTS):
        if os.path.isdir(source):
            shutil.copytree(source, copy, symlinks=True)
        add_defaults(copy, place)
    elif os.path.exists(source):
        return source
    elif place.startswith('proc/') or os.path.dirname(place) == '':
        if os.path.isdir(os.path.join('/', place)):
            os.mkdir(copy)
        else:
            with open(copy, 'w', encoding='ascii') as file:
                file.write(DEFAULTS.get(place, ''))
    else:
        return None
    return copy


def expand(place, capture):
    """Return the paths that a pattern matches on this machine or in a capture."""
    if '*' not in place:
        return {place}
    return {os.path.relpath(path, root) for root in ('/', capture)
            for path in glob.glob(os.path.join(root, place))}


def find_sources(capture):
    """Return what is to be mounted over each place, by real paths, because /lib and /usr/lib may be
    names of one directory. None: the place must be missing or empty."""
    found = {}
    for place in sorted(path for pattern in places() for path in expand(pattern, capture)):
        source = source_of(capture, place)
        target = os.path.join(os.path.realpath(os.path.join('/', os.path.dirname(place))),
                              os.path.basename(place))
        if os.path.isdir(target):
            target = os.path.realpath(target)
        if source or target not in found:
            found[target] = source
    return found


def make_mount_points(found):
    """Make the places that this machine lacks and the capture has, and remove the files that only
    this machine has. The root directory and /proc cannot be changed."""
    changed = {}
    for target, source in found.items():
        if os.path.isdir(target) or os.path.lexists(target) == bool(source):
            continue
        parent, name = os.path.split(target)
        if parent not in ('/', '/proc') and os.path.isdir(parent):
            changed.setdefault(parent, []).append((name, source))
    for parent, names in changed.items():
        namespace.open_up(parent, [name for name, _ in names])
        for name, source in names:
            if source and os.path.isdir(source):
                os.mkdir(os.path.join(parent, name))
            elif source:
                with open(os.path.join(parent, name), 'wb'):
                    pass


def replace(capture):
    """Replace all files that efimapctl reads with those of a capture."""
    namespace.mount('tmpfs', TEMPORARY, 'tmpfs')
    found = find_sources(os.path.realpath(capture))
    make_mount_points(found)
    for target, source in found.items():
        if source and os.path.exists(target):
            namespace.bind(source, target)
        elif os.path.isdir(target):
            namespace.mount('tmpfs', target, 'tmpfs')
    namespace.unmount(TEMPORARY)
