#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Boot a first kernel once, and continue copies of the machine.

When the first stage has sent the file "ready", it reads a line from the second serial port. QEMU
then saves the state of the machine. Each experiment continues a copy of this state. Its input is
the line, and a file in fw_cfg or on a disk.
"""
import contextlib
import dataclasses
import hashlib
import os
import pathlib
import re
import shutil
import socket
import struct
import subprocess
import tempfile
import time
import zlib

import guest

MEMORY = 1024
BOOT_LIMIT = 900
BOOT_SILENCE = 60
TRIES = 3
# A guest is considered halted if it prints nothing for this number of seconds, and spends less than
# 10 % of this time using a CPU or waiting for one.
IDLE = 25
# After one of these messages, a guest never continues, although it may use CPU time.
DEAD = ("---[ end Kernel panic", "-- System halted")


@dataclasses.dataclass(frozen=True)
class Board:
    """The hardware and firmware of a machine, and the files that the firmware boots"""
    name: str
    options: tuple              # QEMU options for machine and firmware
    kernel: pathlib.Path
    append: str = ""
    memory: int = MEMORY
    variables: pathlib.Path = None      # OVMF's variables, copied for each run
    boots: str = "kernel"       # or "disk": the firmware loads kernel and initramfs from a disk
    table: str = ""             # "NAME ADDRESS" of a table that table.c installs before the boot
    given: str = "fw_cfg"       # device that contains an experiment's input; or "disk"

    def arguments(self, home, variables, given):
        """Return the QEMU options of the machine.

        home: the directory of the frozen machine
        variables: the copy of OVMF's variables
        given: the file with the experiment's input
        """
        words = [*self.options, "-accel", "tcg", "-cpu", guest.CPU,
                 "-m", str(self.memory)]
        if self.variables:
            words += ["-drive", f"if=pflash,format=raw,unit=1,file={variables}"]
        if self.given == "disk":
            words += disk("given", given)
        else:
            words += ["-fw_cfg", f"name=opt/e2e/given,file={given}"]
        if self.boots == "disk":
            return words + disk("esp", f"fat:{home / 'esp'}")
        return words + ["-kernel", str(self.kernel), "-initrd", str(home / "initrd"),
                        "-append", self.command_line()]

    def command_line(self):
        return f"{guest.CONSOLE} {self.append}".strip()

    def digest(self, image):
        """Return a digest of the initramfs, the kernel, the firmware, and the options."""
        parts = hashlib.sha256(image.read_bytes() + self.kernel.read_bytes())
        for word in self.options:
            path = pathlib.Path(word.partition("file=")[2] or word)
            parts.update(path.read_bytes() if path.is_file() else word.encode())
        parts.update(repr((guest.CPU, self.memory, self.append, self.boots, self.given)).encode())
        if self.table:
            parts.update(self.table.encode() + guest.efi_program("table").read_bytes())
        return parts.hexdigest()[:16]


def disk(name, file):
    return ["-drive", f"if=none,id={name},format=raw,readonly=on,file={file}",
            "-device", f"virtio-blk-pci,drive={name}"]


def flash(code):
    return ("-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={code}")


def board(machine, first, append=""):
    options, code, variables = guest.MACHINES[machine]
    package = "ovmf-ia32" if "32" in code else "ovmf"
    return Board(f"{machine}-{first}-{append}",
                 (*options, *flash(guest.need(guest.OVMF / code, package))),
                 guest.kernel(first), append, variables=guest.OVMF / variables)


# These U-Boot commands start a kernel as an EFI application with an initramfs.
BOOT_SCRIPT = """efidebug boot add -b 0 e2e ${{devtype}} ${{devnum}}:1 vmlinuz.efi \
-i ${{devtype}} ${{devnum}}:1 initrd -s "{}"
efidebug boot order 0
bootefi bootmgr
"""


# If OVMF finds no boot loader, it starts the UEFI shell, which runs these commands.
SHELL_SCRIPT = """fs0:\r
table.efi {}\r
vmlinuz.efi initrd=initrd {}\r
"""


def boot_script(text):
    """Return a script in the format of U-Boot's boot.scr, a legacy image (include/image.h)."""
    data = struct.pack(">II", len(text), 0) + text.encode()

    def header(crc):
        linux, x86_64, script, uncompressed = 5, 24, 6, 0
        return struct.pack(">7I4B32s", 0x27051956, crc, 0, len(data), 0, 0,
                           zlib.crc32(data), linux, x86_64, script, uncompressed, b"e2e")

    return header(zlib.crc32(header(0))) + data


class Machine:
    """A machine that is frozen after the first stage of its first kernel."""

    def __init__(self, of, kernels, stages, programs, extra):
        guest.need("/usr/bin/qemu-system-x86_64", "qemu-system-x86")
        self.board = of
        base = guest.base_initramfs(programs)
        guest.CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=guest.CACHE) as temp:
            image = pathlib.Path(temp) / "initrd"
            guest.initrd(base, stages, kernels, extra, image)
            # The digest distinguishes boards whose names have the same first 150 characters.
            name = re.sub(r"[^\w.]+", "-", f"frozen-{of.name}")[:150].strip("-")
            self.home = guest.CACHE / f"{name}-{of.digest(image)}"
            if not (self.home / "state").exists():
                for old in guest.CACHE.glob(f"{name}-{'[0-9a-f]' * 16}"):
                    shutil.rmtree(old)
                shutil.rmtree(self.home, ignore_errors=True)
                self.home.mkdir()
                image.rename(self.home / "initrd")
        if not (self.home / "state").exists():
            self.freeze()

    def start(self, temp, variables, line, given, *more):
        """Start QEMU. Its second serial port is connected to the text "line" as input and to the
        file "out" as output."""
        (temp / "given").write_bytes(given)
        (temp / "line").write_text(line)
        with (temp / "line").open("rb") as source, (temp / "out").open("wb") as sink:
            return subprocess.Popen([*self.command(temp, variables), *more],
                                    stdin=source, stdout=sink)

    def command(self, temp, variables):
        return ["qemu-system-x86_64", *self.board.arguments(self.home, variables, temp / "given"),
            "-display", "none", "-net", "none", "-no-reboot",
            "-serial", f"file:{temp / 'console'}",
            "-chardev", "stdio,id=io,signal=off",
            "-serial", "chardev:io",
            "-monitor", f"unix:{temp / 'monitor'},server=on,wait=off"]

    def make_esp(self):
        esp = self.home / "esp"
        esp.mkdir(exist_ok=True)
        shutil.copy(self.board.kernel, esp / "vmlinuz.efi")
        shutil.copy(self.home / "initrd", esp / "initrd")
        if self.board.table:
            shutil.copy(guest.efi_program("table"), esp / "table.efi")
            script = SHELL_SCRIPT.format(self.board.table.replace(" 0x", " "),
                                         self.board.command_line())
            (esp / "startup.nsh").write_bytes(script.encode())
            return
        script = BOOT_SCRIPT.format(self.board.command_line())
        (esp / "boot.scr").write_bytes(boot_script(script))

    def freeze(self):
        """Boot until the first stage is ready, and save the state and the sent files. Try several
        times, because a guest on a busy host may miss its timer and then idle forever."""
        for _ in range(TRIES):
            if self.try_freeze():
                return
        raise RuntimeError(f"the first kernel of {self.board.name} did not send \"ready\"")

    def try_freeze(self):
        with tempfile.TemporaryDirectory(dir=guest.CACHE) as temp:
            temp = pathlib.Path(temp)
            shutil.copy(self.board.variables or os.devnull, temp / "vars")
            if self.board.boots == "disk":
                self.make_esp()
            with self.start(temp, temp / "vars", "", bytes(512)) as qemu:
                try:
                    run = Run(qemu, temp)
                    if not run.follow(BOOT_SILENCE, BOOT_LIMIT, "==BEGIN 1/ready") or \
                            qemu.poll() is not None:
                        return False
                    time.sleep(1)
                    run.monitor("stop")
                    run.monitor(f'migrate "exec:cat >{temp}/state"')
                    wait_for_migration(temp / "monitor")
                finally:
                    qemu.kill()
            for name in ("out", "console", "vars", "state"):
                (temp / name).rename(self.home / name)
        return True

    def sent(self):
        return guest.received((self.home / "out").read_text(errors="replace"))

    @contextlib.contextmanager
    def loaded(self, given):
        """Load a copy of the frozen machine with the bytes "given" as its input. Yield it before it
        continues."""
        with tempfile.TemporaryDirectory() as temp:
            temp = pathlib.Path(temp)
            shutil.copy(self.home / "vars", temp / "vars")
            with self.start(temp, temp / "vars", "go\n", given,
                            "-incoming", f"exec:cat {self.home / 'state'}") as qemu:
                try:
                    wait_for_state(temp / "monitor")
                    yield Run(qemu, temp)
                finally:
                    qemu.kill()

    @contextlib.contextmanager
    def continued(self, given):
        with self.loaded(given) as run:
            run.monitor("cont")
            yield run


class Run:
    def __init__(self, qemu, temp):
        self.qemu, self.temp = qemu, temp

    def text(self, name):
        path = self.temp / name
        return path.read_text(errors="replace") if path.exists() else ""

    def monitor(self, line):
        return monitor(self.temp / "monitor", line)

    def memory(self, address, size):
        path = self.temp / "memory"
        self.monitor(f"pmemsave {address:#x} {size} \"{path}\"")
        return path.read_bytes()

    def follow(self, silence, limit, until=None):
        """Wait until the machine powers off or its output contains a text, and return True. Return
        False if the guest dies, becomes silent, or exceeds the limit."""
        started, quiet = time.monotonic(), Silence(silence)
        while self.qemu.poll() is None:
            if until and until in self.text("out"):
                return True
            console = self.text("console")
            if any(text in console for text in DEAD):
                return False
            if quiet.is_over(self.qemu.pid, len(self.text("out")) + len(console)):
                return False
            if time.monotonic() - started > limit:
                return False
            time.sleep(0.3)
        return True


class Silence:
    """Measure for how long a guest has printed nothing.

    The unit is CPU time, because the host may be busy. The timers of an idle guest use half a
    percent of a CPU. On a busy host, they also wait for a CPU several percent of the time.
    """

    def __init__(self, limit):
        self.limit = limit
        self.size, self.at, self.cpu, self.wanted = -1, 0.0, 0.0, 0.0

    def is_over(self, pid, size):
        """Return whether the guest has printed nothing for too long. "size" is the number of bytes
        that it has printed until now."""
        now, used = time.monotonic(), cpu_seconds(pid)
        wanted = used + waiting_seconds(pid)
        if size != self.size:
            self.size, self.at, self.cpu, self.wanted = size, now, used, wanted
        idle = now - self.at
        return used - self.cpu > self.limit or \
            (idle > IDLE and wanted - self.wanted < 0.1 * idle)


def cpu_seconds(pid):
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def waiting_seconds(pid):
    """Return the time in seconds for which threads of a process waited for a CPU."""
    total = 0
    for path in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError, IndexError):
            total += int(path.read_text().split()[1])
    return total / 1e9


def monitor(path, line):
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


def wait_for_state(path):
    """Wait until QEMU has read the machine's state, because QEMU ignores "cont" until then."""
    for _ in range(600):
        if "inmigrate" not in monitor(path, "info status"):
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
