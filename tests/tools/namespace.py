#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run a command as root of a mount namespace of its own.

usage: namespace.py COMMAND [ARGUMENT...]

Root needs no user namespace for that. A chroot and most containers refuse one, and in a chroot
unshare(1) cannot make the mounts private, because / is not a mount there. Other users get a
user namespace. What could change the machine outside of the mount namespace is taken away.
"""
import ctypes
import functools
import os
import subprocess
import sys

CLONE_NEWNS = 0x20000
MS_REC, MS_PRIVATE = 0x4000, 0x40000
PR_CAPBSET_DROP = 24
# Modules, raw I/O, reboot and kexec, the clock, the kernel log; root of a user namespace
# has none of them either.
DROPPED = {'CAP_SYS_MODULE': 16, 'CAP_SYS_RAWIO': 17, 'CAP_SYS_BOOT': 22, 'CAP_SYS_TIME': 25,
           'CAP_SYSLOG': 34}

libc = ctypes.CDLL(None, use_errno=True)


def check(result, what):
    """OSError where a call of libc has failed."""
    if result:
        code = ctypes.get_errno()
        raise OSError(code, f'{what}: {os.strerror(code)}')


def enter():
    """Give this process, which is root's, a mount namespace whose mounts nobody else sees."""
    check(libc.unshare(CLONE_NEWNS), 'unshare')
    # Of the new namespace: setns() leaves the chroot, and this is the way back.
    root = os.open('/', os.O_PATH | os.O_DIRECTORY)
    here = os.open('.', os.O_PATH | os.O_DIRECTORY)
    own = os.open('/proc/self/ns/mnt', os.O_RDONLY)
    check(libc.setns(own, CLONE_NEWNS), 'setns')
    check(libc.mount(None, b'/', None, MS_REC | MS_PRIVATE, None), 'mount --make-rprivate')
    os.fchdir(root)
    os.chroot('.')
    os.fchdir(here)
    for descriptor in (root, here, own):
        os.close(descriptor)


def command(*words):
    """The words that run a command so."""
    if os.geteuid() != 0:
        return ['unshare', '--map-root-user', '--mount', *words]
    return [sys.executable, os.path.abspath(__file__), *words]


@functools.lru_cache(maxsize=None)
def refused():
    """Why nothing can be mounted in a mount namespace here; '' if something can."""
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
            for number in DROPPED.values():
                libc.prctl(PR_CAPBSET_DROP, number, 0, 0, 0)
        os.execvp(words[0], words)
    except OSError as error:
        sys.exit(f'namespace: {error}')


if __name__ == '__main__':
    main()
