# SPDX-License-Identifier: GPL-2.0-or-later
"""A report as support tools make it: a capture among some 100 MB of logs, packed.

Lines are drawn from a pool, so that they compress about as well as real logs do.
"""
import io
import os
import random
import subprocess
import tarfile

TOP = 'sosreport-host-2026-01-01-abcdef'
LOGS, LOG_BYTES, COMMANDS = 20, 5 << 20, 4000
WORDS = ('kernel systemd sshd error warning connection closed from port session opened for '
         'user root by uid started stopped unit timer dropped packet link up down usb device '
         'speed cpu read write sector').split()


def log(pool, size):
    """Some text of about so many bytes."""
    return ''.join(random.choices(pool, k=size // 80)).encode()


def add(archive, name, data):
    """One member."""
    member = tarfile.TarInfo(f'{TOP}/{name}')
    member.size = len(data)
    archive.addfile(member, io.BytesIO(data))


def make(where, capture):
    """The report as {'gz': file, 'xz': file}."""
    random.seed(1)
    pool = [f'Jan {n % 28 + 1:02} 12:{n % 60:02}:00 host ' +
            ' '.join(random.choices(WORDS, k=5)) + f' {random.getrandbits(64):016x}\n'
            for n in range(50000)]
    plain = os.path.join(where, 'report.tar')
    with tarfile.open(plain, 'w') as archive:
        archive.add(capture, TOP)
        for n in range(COMMANDS):
            add(archive, f'sos_commands/other/command_{n}', log(pool, 800))
        for n in range(LOGS):
            add(archive, f'var/log/log-{n}', log(pool, LOG_BYTES))
    done = {}
    for name, packer in (('gz', 'gzip'), ('xz', 'xz')):
        done[name] = f'{plain}.{name}'
        with open(plain, 'rb') as source, open(done[name], 'wb') as target:
            subprocess.run([packer, '-1'], stdin=source, stdout=target, check=True)
    os.unlink(plain)
    return done


def commands(importer, report):
    """Listing and importing, for each compression."""
    found = {}
    for name, file in report.items():
        found[f'tar {name}'] = ['/bin/tar', '-tf', file]
        found[f'import {name}'] = ['/bin/sh', '-c', 'exec "$0" -- x <"$1"', importer, file]
    return found
