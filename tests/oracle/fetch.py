# SPDX-License-Identifier: GPL-2.0-or-later
"""Extract a program from a Debian package into a cache, without installing the package.

Installing kexec-tools would change how the machine reboots. Missing libraries are also extracted.
Start the program with LD_LIBRARY_PATH=library_path(package).
"""
import functools
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

CACHE = pathlib.Path(os.environ.get('EFIMAPCTL_ORACLE_CACHE', '/var/cache/efimapctl-oracle'))
SECONDS = 600


class Missing(Exception):
    """A program is not available. The argument is the reason."""


def run(command, where=None):
    try:
        done = subprocess.run(command, cwd=where, check=False, text=True, timeout=SECONDS,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Missing(str(error)) from error
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise Missing(f'{command[0]} failed: {lines[-1] if lines else done.returncode}')
    return done.stdout


def download(packages, where):
    command = ['apt-get', '-q', '-o', 'APT::Sandbox::User=root', 'download', *packages]
    try:
        run(command, where)
    except Missing:
        run(['apt-get', '-q', 'update'])
        run(command, where)


def unpack(packages, root):
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as temp:
        download(packages, temp)
        for deb in pathlib.Path(temp).glob('*.deb'):
            run(['dpkg-deb', '-x', str(deb), str(root)])


@functools.lru_cache
def is_known(package):
    """Return whether apt's lists contain a version of a package."""
    return bool(subprocess.run(['apt-cache', 'madison', package], check=False,
                               capture_output=True).stdout)


def library_path(package):
    found = (CACHE / package).rglob('lib*.so*')
    return ':'.join(sorted({str(library.parent) for library in found}))


def lacks_libraries(package, found):
    """Return whether libraries of the program are missing. A script has no libraries."""
    done = subprocess.run(['ldd', str(found)], check=False, text=True, capture_output=True,
                          env={**os.environ, 'LD_LIBRARY_PATH': library_path(package)})
    return 'not found' in done.stdout


def libraries(package):
    plan = run(['apt-get', '-qq', '-s', 'install', '--no-install-recommends', package])
    return re.findall(r'^Inst (lib\S+)', plan, re.MULTILINE)


@functools.lru_cache
def find(package, path, places=None):
    """Return the path of a program. If the program is not installed, extract its package into the
    cache, and return the path there."""
    places = places or '/usr/sbin:/sbin:' + os.environ.get('PATH', '')
    return shutil.which(os.path.basename(path), path=places) or program(package, path)


def program(package, path):
    done = CACHE / package
    # If /usr is merged, packages contain /usr/sbin instead of /sbin.
    merged = done / 'usr' / path.lstrip('/')
    found = merged if merged.exists() else done / path.lstrip('/')
    try:
        CACHE.mkdir(parents=True, exist_ok=True)
        if not found.exists():
            with tempfile.TemporaryDirectory(dir=CACHE) as temp:
                unpack([package], f'{temp}/root')
                shutil.rmtree(done, ignore_errors=True)
                os.rename(f'{temp}/root', done)
            found = merged if merged.exists() else found
        if found.exists() and lacks_libraries(package, found):
            unpack(libraries(package), done)
    except OSError as error:
        raise Missing(f'{CACHE}: {error.strerror}') from error
    if not found.exists():
        raise Missing(f'{package} has no {path}')
    return str(found)
