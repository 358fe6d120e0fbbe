#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run a command as root in a separate mount namespace.

usage: namespace.py COMMAND [ARGUMENT...]

If the user is not root, the command runs in a user namespace, which chroots and most containers do
not permit. For root, unshare(1) is not used, because it fails in a chroot: it cannot make mounts
private if / is not a mount point. Capabilities that affect the machine outside of the mount
namespace are dropped.
"""
import ctypes
import functools
import os
import sys

CLONE_NEWNS, CLONE_NEWUTS = 0x20000, 0x4000000
# The host name in the namespace
HOST = b'host'
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
MNT_DETACH = 2
PR_CAPBSET_DROP = 24
# Capabilities that root drops. They are for modules, raw I/O, reboot and kexec, the clock, and the
# kernel log. In a user namespace, root does not have them for the host.
DROPPED = {'CAP_SYS_MODULE': 16, 'CAP_SYS_RAWIO': 17, 'CAP_SYS_BOOT': 22, 'CAP_SYS_TIME': 25,
           'CAP_SYSLOG': 34}

libc = ctypes.CDLL(None, use_errno=True)


def check(result, what):
    if result:
        code = ctypes.get_errno()
        raise OSError(code, f'{what}: {os.strerror(code)}')


def mount(source, target, kind, flags=0):
    texts = [None if text is None else text.encode() for text in (source, target, kind)]
    check(libc.mount(*texts, flags, None), f'mount {target}')


def bind(source, target, flags=0):
    mount(source, target, None, MS_BIND | flags)


def unmount(target):
    check(libc.umount2(target.encode(), MNT_DETACH), f'umount {target}')


def open_up(path, without=()):
    """Mount a tmpfs over a directory, with its entries except those in "without". Files can then be
    added to the directory."""
    target = os.path.realpath(path)
    old = os.open(target, os.O_PATH | os.O_DIRECTORY)
    inside = f'/proc/self/fd/{old}'
    names = os.listdir(inside)
    mount('tmpfs', target, 'tmpfs')
    os.chmod(target, 0o755)
    for name in set(names) - set(without):
        source, place = os.path.join(inside, name), os.path.join(target, name)
        if os.path.islink(source):
            os.symlink(os.readlink(source), place)
        elif os.path.isdir(source):
            os.mkdir(place)
            bind(source, place, MS_REC)
        elif os.path.isfile(source):
            with open(place, 'wb'):
                pass
            bind(source, place)
    os.close(old)


def enter():
    """Move this process, which runs as root, into a new mount namespace with private mounts, and
    change its host name."""
    check(libc.unshare(CLONE_NEWNS | CLONE_NEWUTS), 'unshare')
    check(libc.sethostname(HOST, len(HOST)), 'sethostname')
    # setns() moves the process out of a chroot. These descriptors refer to directories in the new
    # namespace, and are used to return to the chroot.
    root = os.open('/', os.O_PATH | os.O_DIRECTORY)
    here = os.open('.', os.O_PATH | os.O_DIRECTORY)
    own = os.open('/proc/self/ns/mnt', os.O_RDONLY)
    check(libc.setns(own, CLONE_NEWNS), 'setns')
    mount(None, '/', None, MS_REC | MS_PRIVATE)
    os.fchdir(root)
    os.chroot('.')
    os.fchdir(here)
    for descriptor in (root, here, own):
        os.close(descriptor)


def drop(capability):
    libc.prctl(PR_CAPBSET_DROP, DROPPED[capability], 0, 0, 0)


def drop_capabilities():
    for capability in DROPPED:
        drop(capability)


def command(*words):
    """Return the command line that runs a command in a mount namespace."""
    if os.geteuid() != 0:
        return ['unshare', '--map-root-user', '--mount', '--uts', *words]
    return [sys.executable, os.path.abspath(__file__), *words]


@functools.lru_cache(maxsize=None)
def refused():
    """Return the reason why mount namespaces cannot be created, or '' if they can."""
    import subprocess  # pylint: disable=import-outside-toplevel  # It takes long to import.
    try:
        done = subprocess.run(command('mount', '--version'), check=False, text=True, capture_output=True)
    except OSError as error:
        return str(error)
    return (done.stderr.strip() or str(done.returncode)) if done.returncode else ''


def main():
    words = sys.argv[1:]
    if not words:
        sys.exit(__doc__)
    try:
        if os.geteuid() != 0:
            words = command(*words)
        else:
            enter()
            drop_capabilities()
        os.execvp(words[0], words)
    except OSError as error:
        sys.exit(f'namespace: {error}')


if __name__ == '__main__':
    main()
