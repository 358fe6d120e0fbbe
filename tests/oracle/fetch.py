# SPDX-License-Identifier: GPL-2.0-or-later
"""A program out of a Debian package that is not installed.

kexec-tools would hook itself into reboots when it is installed; taken out of its package
and kept in a cache it does nothing that nobody asked for.
"""
import os
import pathlib
import shutil
import subprocess
import tempfile

CACHE = pathlib.Path(os.environ.get('EFIMAPCTL_ORACLE_CACHE', '/var/cache/efimapctl-oracle'))
SECONDS = 120


class Missing(Exception):
    """Why there is no such program."""


def run(command, where=None):
    """Run a command; Missing with its last line when it fails."""
    try:
        done = subprocess.run(command, cwd=where, check=False, text=True, timeout=SECONDS,
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Missing(str(error)) from error
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise Missing(f'{command[0]} failed: {lines[-1] if lines else done.returncode}')


def program(package, path):
    """The file that the package has at path, from the cache or fetched into it."""
    done = CACHE / package
    found = done / path.lstrip('/')
    if found.exists():
        return str(found)
    try:
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as temp:
            run(['apt-get', '-q', 'download', package], temp)
            root = pathlib.Path(temp) / 'root'
            run(['dpkg-deb', '-x', *map(str, pathlib.Path(temp).glob('*.deb')), str(root)])
            shutil.rmtree(done, ignore_errors=True)
            root.rename(done)
    except OSError as error:
        raise Missing(str(error)) from error
    if not found.exists():
        raise Missing(f'{package} has no {path}')
    return str(found)
