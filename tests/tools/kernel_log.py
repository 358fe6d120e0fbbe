#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Replace the kernel log with other messages in a mount namespace, and /proc/config.gz with the
configuration in /boot or a configuration without effect.

The log and the configuration of this machine must not affect the test. In a user namespace, root
cannot read the kernel log.
"""
import fcntl
import os

import namespace

TEMPORARY = '/mnt'


def replace_config():
    import gzip  # pylint: disable=import-outside-toplevel  # It takes long to import.
    with open('/proc/version', encoding='ascii') as file:
        release = file.read().split()[2]
    config = b'CONFIG_CMA_SIZE_MBYTES=0\n'
    if os.path.exists(f'/boot/config-{release}'):
        with open(f'/boot/config-{release}', 'rb') as file:
            config = file.read()
    path = os.path.join(TEMPORARY, 'config.gz')
    with open(path, 'wb') as file:
        file.write(gzip.compress(config, mtime=0))
    namespace.bind(path, '/proc/config.gz')


def fill(path, messages):
    """Replace the records in a FIFO that returns one record for each read, like /dev/kmsg. Return
    its descriptor. The records are lost when no process has the FIFO open."""
    fifo = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    try:
        while os.read(fifo, 1 << 16):
            pass
    except BlockingIOError:
        pass
    fcntl.fcntl(fifo, fcntl.F_SETFL, os.O_RDWR | os.O_NONBLOCK | os.O_DIRECT)
    fcntl.fcntl(fifo, fcntl.F_SETPIPE_SZ, 1 << 20)
    for number, message in enumerate(messages):
        os.write(fifo, f'6,{number},0,-;{message}\n'.encode())
    return fifo


def make_log(path, messages):
    """Make a FIFO with messages. Every process that the caller executes inherits the open file."""
    os.mkfifo(path)
    os.set_inheritable(fill(path, messages), True)


def replace(messages=()):
    namespace.mount('dev', TEMPORARY, 'tmpfs')
    # In a sticky directory, Linux refuses to open a file of another user with O_CREAT.
    os.chmod(TEMPORARY, 0o755)
    for name in ('null', 'zero', 'full', 'random', 'urandom', 'tty', 'shm', 'pts'):
        device, target = os.path.join('/dev', name), os.path.join(TEMPORARY, name)
        if os.path.isdir(device):
            os.mkdir(target)
        elif os.path.exists(device):
            with open(target, 'wb'):
                pass
        else:
            continue
        namespace.bind(device, target, namespace.MS_REC)
    for name, path in (('fd', ''), ('stdin', '/0'), ('stdout', '/1'), ('stderr', '/2')):
        os.symlink('/proc/self/fd' + path, os.path.join(TEMPORARY, name))
    os.symlink('pts/ptmx', os.path.join(TEMPORARY, 'ptmx'))
    make_log(os.path.join(TEMPORARY, 'kmsg'), messages)
    if os.path.exists('/proc/config.gz'):
        replace_config()
    namespace.bind(TEMPORARY, '/dev', namespace.MS_REC)


if __name__ == '__main__':
    replace()
