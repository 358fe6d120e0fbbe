#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A first kernel that is booted once and continued many times.

The machine of guest.py is stopped when its first stage has sent the file "ready" and
reads a line from the second serial port; its state is kept. Each experiment continues a
copy of it with that line, and with other bytes in fw_cfg's file opt/e2e/given. Nothing of
this is visible to the guest: real firmware, real kernel.
"""
import contextlib
import hashlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time

import guest

MEMORY = 1024
BOOT_LIMIT = 300
# A guest that says nothing and uses no processor for so many seconds has halted.
IDLE = 25


def initrd(base, stages, kernels, extra, out):
    """The initramfs of the first kernel: the base, the stages, kernels to start."""
    with tempfile.TemporaryDirectory() as temp:
        root = pathlib.Path(temp) / "root"
        (root / "e2e").mkdir(parents=True)
        (root / "boot").mkdir()
        for number, text in stages.items():
            (root / f"e2e/stage-{number}").write_text(text)
        for name, data in extra.items():
            (root / "e2e" / name).write_bytes(data)
        for series in kernels:
            shutil.copy(guest.kernel(series), root / f"boot/vmlinuz-{series}")
        shutil.copy(base, root / "boot/base.cpio")
        for path in root.rglob("*"):
            os.utime(path, (0, 0))
        guest.pack(root, pathlib.Path(temp) / "more.cpio")
        out.write_bytes(base.read_bytes() + (pathlib.Path(temp) / "more.cpio").read_bytes())


class Machine:
    """One machine with firmware, frozen in its first kernel."""

    def __init__(self, machine, first, kernels, stages, programs, extra, append=""):
        guest.need("/usr/bin/qemu-system-x86_64", "qemu-system-x86")
        self.options, self.code, self.variables = guest.MACHINES[machine]
        guest.need(guest.OVMF / self.code, "ovmf-ia32" if "32" in self.code else "ovmf")
        self.first = guest.kernel(first)
        self.append = f"{guest.CONSOLE} {append}".strip()
        base = guest.base_initramfs(programs)
        guest.CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=guest.CACHE) as temp:
            image = pathlib.Path(temp) / "initrd"
            initrd(base, stages, kernels, extra, image)
            digest = hashlib.sha256(image.read_bytes() + self.first.read_bytes())
            digest.update(repr((self.options, MEMORY, self.append)).encode())
            name = re.sub(r"[^\w.]+", "-", f"frozen-{machine}-{first}-{append}").strip("-")
            self.home = guest.CACHE / f"{name}-{digest.hexdigest()[:16]}"
            if not (self.home / "state").exists():
                for old in guest.CACHE.glob(f"{name}-{'[0-9a-f]' * 16}"):
                    shutil.rmtree(old)
                shutil.rmtree(self.home, ignore_errors=True)
                self.home.mkdir()
                image.rename(self.home / "initrd")
        if not (self.home / "state").exists():
            self.freeze()

    def start(self, temp, variables, line, given, *more):
        """QEMU with the second serial port on its standard input and output."""
        (temp / "given").write_bytes(given)
        (temp / "line").write_text(line)
        with (temp / "line").open("rb") as source, (temp / "out").open("wb") as sink:
            return subprocess.Popen([*self.command(temp, variables), *more],
                                    stdin=source, stdout=sink)

    def command(self, temp, variables):
        return ["qemu-system-x86_64", *self.options, "-accel", "tcg", "-cpu", "max",
            "-m", str(MEMORY), "-display", "none", "-net", "none", "-no-reboot",
            "-kernel", str(self.first), "-initrd", str(self.home / "initrd"),
            "-append", self.append,
            "-fw_cfg", f"name=opt/e2e/given,file={temp / 'given'}",
            "-serial", f"file:{temp / 'console'}",
            "-chardev", "stdio,id=io,signal=off",
            "-serial", "chardev:io",
            "-monitor", f"unix:{temp / 'monitor'},server=on,wait=off",
            "-drive", f"if=pflash,format=raw,unit=0,readonly=on,"
                  f"file={guest.OVMF / self.code}",
            "-drive", f"if=pflash,format=raw,unit=1,file={variables}"]

    def freeze(self):
        """Boot to the end of the first stage, keep the state and what was sent."""
        with tempfile.TemporaryDirectory(dir=guest.CACHE) as temp:
            temp = pathlib.Path(temp)
            shutil.copy(guest.OVMF / self.variables, temp / "vars")
            with self.start(temp, temp / "vars", "", b"nothing") as qemu:
                try:
                    wait_for(qemu, temp / "out", "==BEGIN 1/ready", BOOT_LIMIT)
                    time.sleep(1)
                    monitor(temp / "monitor", "stop")
                    monitor(temp / "monitor", f'migrate "exec:cat >{temp}/state"')
                    wait_for_migration(temp / "monitor")
                finally:
                    qemu.kill()
            for name in ("out", "console", "vars", "state"):
                (temp / name).rename(self.home / name)

    def sent(self):
        """The files that the first stage sent before it was frozen."""
        return guest.received((self.home / "out").read_text(errors="replace"))

    @contextlib.contextmanager
    def continued(self, given):
        """A copy of the machine that goes on, with the bytes `given` as its input."""
        with tempfile.TemporaryDirectory() as temp:
            temp = pathlib.Path(temp)
            shutil.copy(self.home / "vars", temp / "vars")
            with self.start(temp, temp / "vars", "go\n", given,
                            "-incoming", f"exec:cat {self.home / 'state'}") as qemu:
                try:
                    go_on(temp / "monitor")
                    yield Run(qemu, temp)
                finally:
                    qemu.kill()


class Run:
    """A continued machine: what it said so far, and for how long it has said nothing."""

    def __init__(self, qemu, temp):
        self.qemu, self.temp = qemu, temp

    def text(self, name):
        path = self.temp / name
        return path.read_text(errors="replace") if path.exists() else ""

    def follow(self, silence, limit):
        """Wait for the end: True if it ended by itself, False if it fell silent.

        Silence is measured in processor time, because the host may be busy; a guest that
        only idles is given up earlier.
        """
        started = time.monotonic()
        size, spoke_at, spoke_cpu = -1, started, 0.0
        while self.qemu.poll() is None:
            now, used = time.monotonic(), cpu_seconds(self.qemu.pid)
            seen = len(self.text("out")) + len(self.text("console"))
            if seen != size:
                size, spoke_at, spoke_cpu = seen, now, used
            if used - spoke_cpu > silence or now - spoke_at > 3 * silence:
                return False
            if now - spoke_at > IDLE and used - spoke_cpu < 0.05 * (now - spoke_at):
                return False
            if now - started > limit:
                return False
            time.sleep(0.3)
        return True


def cpu_seconds(pid):
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_for(qemu, path, text, limit):
    for _ in range(limit * 2):
        if path.exists() and text in path.read_text(errors="replace"):
            return
        if qemu.poll() is not None:
            break
        time.sleep(0.5)
    raise RuntimeError(f"the first kernel never said '{text}'")


def monitor(path, line):
    """One command to QEMU's monitor, and its answer."""
    for _ in range(100):
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as sock:
            sock.settimeout(120)
            sock.connect(str(path))
            answer(sock)
            sock.sendall(line.encode() + b"\n")
            return answer(sock)
        time.sleep(0.1)
    raise RuntimeError("QEMU's monitor does not answer")


def answer(sock):
    data = b""
    while not data.endswith(b"(qemu) "):
        more = sock.recv(4096)
        if not more:
            raise OSError("monitor closed")
        data += more
    return data.decode(errors="replace")


def go_on(path):
    """Start the guest, once its state has been read: before that, "cont" is forgotten."""
    for _ in range(600):
        if "inmigrate" not in monitor(path, "info status"):
            monitor(path, "cont")
            return
        time.sleep(0.1)
    raise RuntimeError("QEMU could not read the machine's state")


def wait_for_migration(path):
    for _ in range(600):
        text = monitor(path, "info migrate")
        if "Migration status: completed" in text:
            return
        if "Migration status: failed" in text:
            break
        time.sleep(0.3)
    raise RuntimeError("QEMU could not save the machine's state")
