# SPDX-License-Identifier: GPL-2.0-or-later
"""Download packages of other Debian suites with apt, and extract them into the cache without
installing them.

The mirror is EFIMAPCTL_E2E_MIRROR or, if it is not set, the Debian mirror in apt's sources. An old
suite may exist only on an archive.
"""
import fcntl
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import guest
from guest import Missing, fetch

KEY = "/usr/share/keyrings/debian-archive-keyring.gpg"


def mirror():
    if "EFIMAPCTL_E2E_MIRROR" in os.environ:
        return os.environ["EFIMAPCTL_E2E_MIRROR"]
    lines = fetch.run(["apt-get", "indextargets", "--format", "$(LABEL) $(REPO_URI)",
                       "Created-By: Packages"])
    for line in lines.splitlines():
        if line.startswith("Debian "):
            return line.split()[1]
    raise Missing("a mirror of Debian in apt's sources")


def home(suite):
    return guest.CACHE / "suites" / suite


def apt(suite, program, *words, where=None):
    state = home(suite) / "apt"
    for name in ("lists/partial", "cache/archives/partial"):
        (state / name).mkdir(parents=True, exist_ok=True)
    sources = state / "sources.list"
    lines = "".join(f"{kind} [signed-by={KEY}] {mirror()} {suite} main\n"
                    for kind in ("deb", "deb-src"))
    if not sources.exists() or sources.read_text() != lines:
        sources.write_text(lines)
    options = {"Dir::Etc::sourcelist": sources, "Dir::Etc::sourceparts": "-",
               "Dir::State::lists": state / "lists", "Dir::Cache": state / "cache",
               "Dir::State::status": "/dev/null", "APT::Sandbox::User": "root",
               "Acquire::Check-Valid-Until": "false"}
    settings = [word for key, value in options.items() for word in ("-o", f"{key}={value}")]
    return fetch.run([program, *settings, "-q", *words], where)


def lookup(suite, program, *words, where=None):
    try:
        return apt(suite, program, *words, where=where)
    except Missing:
        apt(suite, "apt-get", "update")
        return apt(suite, program, *words, where=where)


def needed(suite, package, pattern):
    """Return a list of a package and its recursive dependencies with names that match the
    pattern."""
    found = [package]
    for name in found:
        text = lookup(suite, "apt-cache", "depends", "--important", name)
        for other in re.findall(r"(?:Pre)?Depends: (\S+)", text):
            if re.fullmatch(pattern, other) and other not in found:
                found.append(other)
    return found


def unpacked(suite, package, pattern="-"):
    """Return the directory with the files of all packages that needed() returns."""
    done = home(suite) / package
    if done.exists():
        return done
    home(suite).mkdir(parents=True, exist_ok=True)
    with open(home(suite) / "lock", "w") as lock, \
            tempfile.TemporaryDirectory(dir=home(suite)) as temp:
        # Two rows or two runs may extract the same package at the same time.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if done.exists():
            return done
        temp = pathlib.Path(temp)
        names = needed(suite, package, pattern)
        lookup(suite, "apt-get", "download", *names, where=temp)
        versions = {}
        for deb in temp.glob("*.deb"):
            fetch.run(["dpkg-deb", "-x", str(deb), str(temp / "root")])
            name, version = fetch.run(["dpkg-deb", "-W", str(deb)]).split()
            versions[name] = version
        (temp / "root/version").write_text(versions[package])
        (temp / "root").rename(done)
    return done


def source(suite, package):
    """Return the path of the upstream archive of a source package."""
    done = home(suite) / f"{package}-source"
    if not done.exists():
        home(suite).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home(suite)) as temp:
            lookup(suite, "apt-get", "source", "--tar-only", "--download-only", package,
                   where=temp)
            os.rename(temp, done)
            os.mkdir(temp)
    return next(done.glob("*.orig.tar.*"))


def version(suite, package):
    """Return the upstream version of an extracted package: 2.0.32 for 1:2.0.32-3+b1."""
    full = (home(suite) / package / "version").read_text()
    return full.split(":")[-1].rsplit("-", 1)[0].split("+")[0]
