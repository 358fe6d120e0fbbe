#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run a virtual machine with UEFI firmware, a Debian kernel and an initramfs of the tests.

Kernels and the base initramfs are cached. QEMU uses TCG, because nested KVM hangs with OVMF.
"""
import base64
import concurrent.futures
import functools
import hashlib
import io
import lzma
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "oracle"))
import fetch  # noqa: E402
from fetch import Missing  # noqa: E402

CACHE = pathlib.Path(os.environ.get("EFIMAPCTL_E2E_CACHE", "/var/cache/efimapctl-e2e"))
OVMF = pathlib.Path("/usr/share/OVMF")
KEXEC_TOOLS = "kexec-tools"
HERE = pathlib.Path(__file__).resolve().parent

# Parameters of every first kernel. The shell scripts in this directory set the parameters of later
# kernels. Without no_timer_check, late interrupts on a busy host would cause the panic "IO-APIC +
# timer doesn't work!".
CONSOLE = "console=ttyS0 no_timer_check"

# The CPU lacks cmpxchg16b, because QEMU 7.2 can corrupt the flags register in this instruction.
# Linux 6.5 or later allocates memory with it, and would die of a double fault.
CPU = "max,cx16=off"

# Kernel packages for virtual machines, which have a third of the size of other kernel packages. The
# groups of a pattern are numbers, and the package with the highest numbers is the newest.
# "newest" is the newest Linux 6 of this release of Debian. Linux 7 is not used, because Linux 6.19
# and later may write 16 zero bytes into their own image after kexec, so their boot is a matter of
# chance (docs/kernel-bugs.md).
SERIES = {"6.1": r"linux-image-6\.1\.0-(\d+)-cloud-amd64",
          "6.12": r"linux-image-6\.12\.(\d+)\+deb\d+-cloud-amd64",
          "newest": r"linux-image-6\.(\d+)\.(\d+)(?:-(\d+)|\+deb\d+)-cloud-amd64"}


def at_once(function, items):
    """Yield the result of a function for each item, in order. The calls run in parallel, so shared
    files in the cache must already exist."""
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        yield from pool.map(function, items)


def need(path, package):
    if not pathlib.Path(path).exists():
        raise Missing(f"{path} (package {package})")
    return pathlib.Path(path)


def unpack(package, into):
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as temp:
        root = pathlib.Path(temp) / "root"
        fetch.unpack([package], root)
        shutil.rmtree(into, ignore_errors=True)
        root.rename(into)
    return into


def kexec():
    return pathlib.Path(fetch.find(KEXEC_TOOLS, "/sbin/kexec"))


def packaged(series):
    """Return the newest kernel package of a series, or None."""
    names = subprocess.run(["apt-cache", "pkgnames", "linux-image-"], text=True,
                           capture_output=True).stdout.split()
    found = [([int(number or 0) for number in match.groups()], name) for name in names
             if (match := re.fullmatch(SERIES[series], name))]
    return max(found)[1] if found else None


@functools.cache
def kernel_directory(series):
    """Return the directory of the newest kernel of a series and its modules. If the kernel is not
    cached, extract its package."""
    name = packaged(series)
    if not name:
        subprocess.run(["apt-get", "-q", "update"], capture_output=True)
        name = packaged(series)
    if not name:
        raise Missing(f"a kernel package of the series {series}")
    done = CACHE / name
    if not (done / "vmlinuz").exists():
        unpack(name, done)
        next((done / "boot").glob("vmlinuz-*")).rename(done / "vmlinuz")
    return done


def kernel(series):
    return kernel_directory(series) / "vmlinuz"


def module(series, name):
    for path in kernel_directory(series).rglob(f"{name}.ko*"):
        return path
    raise Missing(f"module {name} of kernel {series}")


def module_data(path):
    data = path.read_bytes()
    return lzma.decompress(data) if path.suffix == ".xz" else data


def tool():
    path = os.environ.get("EFIMAPCTL", "build/src/cli/efimapctl")
    if not pathlib.Path(path).exists():
        raise Missing(f"{path}, which ninja builds; EFIMAPCTL can name another program")
    return pathlib.Path(path).resolve()


def libraries(binary):
    """Return the shared libraries of a program, including the dynamic loader."""
    environment = {**os.environ, "LD_LIBRARY_PATH": fetch.library_path(KEXEC_TOOLS)}
    text = subprocess.run(["ldd", binary], text=True, capture_output=True, env=environment).stdout
    if lacking := re.findall(r"(\S+) => not found", text):
        raise Missing(f"{', '.join(lacking)}, which {binary} needs")
    return [pathlib.Path(p) for p in re.findall(r"(/\S+) \(0x", text)]


def installed(path):
    """Return the path at which a file of an extracted package would be installed."""
    unpacked = fetch.CACHE / KEXEC_TOOLS
    return pathlib.Path("/") / path.relative_to(unpacked) if unpacked in path.parents else path


# gnu-efi's own Makefiles use these options for x86_64.
EFI_COMPILE = ("-Wall", "-Wextra", "-O2", "-fpic", "-ffreestanding", "-fno-stack-protector",
               "-fno-stack-check", "-fshort-wchar", "-mno-red-zone", "-maccumulate-outgoing-args",
               "-DGNU_EFI_USE_MS_ABI")
EFI_LINK = ("-nostdlib", "-shared", "-Bsymbolic", "-znocombreloc")
EFI_SECTIONS = (".text", ".sdata", ".data", ".dynamic", ".dynsym", ".rel", ".rela", ".reloc")


def efi_program(name):
    """Build an EFI application from this directory with gnu-efi. Return its path in the cache."""
    source = HERE / f"{name}.c"
    digest = hashlib.sha256(source.read_bytes() + repr((EFI_COMPILE, EFI_LINK)).encode())
    done = CACHE / f"{name}-{digest.hexdigest()[:16]}.efi"
    if done.exists():
        return done
    gnu_efi = CACHE / "gnu-efi"
    if not gnu_efi.exists():
        unpack("gnu-efi", gnu_efi)
    include, lib = gnu_efi / "usr/include/efi", gnu_efi / "usr/lib"
    with tempfile.TemporaryDirectory(dir=CACHE) as temp:
        temp = pathlib.Path(temp)
        for command in (
                ["gcc", *EFI_COMPILE, f"-I{include}", f"-I{include / 'x86_64'}",
                 "-c", source, "-o", temp / "o"],
                ["ld", *EFI_LINK, f"-L{lib}", "-T", lib / "elf_x86_64_efi.lds",
                 lib / "crt0-efi-x86_64.o", temp / "o", "-o", temp / "so", "-lefi", "-lgnuefi"],
                ["objcopy", *(f"--only-section={s}" for s in EFI_SECTIONS),
                 "--target=efi-app-x86_64", temp / "so", temp / "efi"]):
            subprocess.run(command, check=True)
        (temp / "efi").rename(done)
    return done


def pack(root, out):
    names = sorted(str(p.relative_to(root)) for p in root.rglob("*"))
    subprocess.run(["cpio", "--quiet", "--reproducible", "-o", "-H", "newc", "-R", "0:0"],
                   cwd=root, input="\n".join(names), text=True, check=True,
                   stdout=out.open("wb"))


def archive(files, mode="w:gz"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as tar:
        for path, data in sorted(files.items()):
            info = tarfile.TarInfo(path)
            info.size, info.mode = len(data), 0o755
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def base_initramfs(programs):
    """Return the path of an archive with busybox, the file init of this directory, and the programs
    with their libraries. The archive is cached, and its name contains a digest of the files."""
    busybox = need("/bin/busybox", "busybox-static")
    files = {p: p for p in programs}
    for program in programs:
        for library in libraries(program):
            files[library] = library
    digest = hashlib.sha256()
    for path in [busybox, HERE / "init", *sorted(files)]:
        digest.update(str(path).encode() + pathlib.Path(path).read_bytes())
    done = CACHE / f"base-{digest.hexdigest()[:16]}.cpio"
    if done.exists():
        return done
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as temp:
        root = pathlib.Path(temp) / "root"
        for name in ("bin", "sbin", "usr/bin", "usr/sbin", "proc", "sys", "dev", "run",
                     "e2e", "boot", "tmp", "carry"):
            (root / name).mkdir(parents=True)
        shutil.copy(busybox, root / "bin/busybox")
        applets = subprocess.run([busybox, "--list"], text=True, capture_output=True,
                                 check=True).stdout.split()
        for applet in applets:
            if applet != "busybox" and not (root / "bin" / applet).exists():
                (root / "bin" / applet).symlink_to("busybox")
        shutil.copy(HERE / "init", root / "init")
        (root / "init").chmod(0o755)
        for path in files:
            where = root / ("sbin" if path in programs else str(installed(path).parent)[1:])
            where.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, where / path.name, follow_symlinks=True)
            (where / path.name).chmod(0o755)
        pack(root, pathlib.Path(temp) / "base.cpio")
        (pathlib.Path(temp) / "base.cpio").rename(done)
    return done


MACHINES = {
    # name: (QEMU options, code, variables)
    "q35": (["-machine", "q35,smm=off"], "OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd"),
    "pc": (["-machine", "pc"], "OVMF_CODE.fd", "OVMF_VARS.fd"),
    "smm": (["-machine", "q35,smm=on", "-global",
             "driver=cfi.pflash01,property=secure,value=on"],
            "OVMF_CODE_4M.secboot.fd", "OVMF_VARS_4M.fd"),
    "ovmf32": (["-machine", "q35,smm=on", "-global",
                "driver=cfi.pflash01,property=secure,value=on"],
               "OVMF32_CODE_4M.secboot.fd", "OVMF32_VARS_4M.fd"),
    "seabios": (["-machine", "q35"], None, None),
}


def initrd(base, stages, kernels, extra, out):
    """Write the first kernel's initramfs. It contains the base, the stages, extra files, and the
    kernels that later stages load."""
    with tempfile.TemporaryDirectory() as temp:
        root = pathlib.Path(temp) / "root"
        (root / "e2e").mkdir(parents=True)
        (root / "boot").mkdir()
        for number, text in stages.items():
            (root / f"e2e/stage-{number}").write_text(text)
        for name, data in extra.items():
            (root / "e2e" / name).write_bytes(data)
        for series in kernels:
            shutil.copy(kernel(series), root / f"boot/vmlinuz-{series}")
        shutil.copy(base, root / "boot/base.cpio")
        for path in root.rglob("*"):
            os.utime(path, (0, 0))
        pack(root, pathlib.Path(temp) / "more.cpio")
        out.write_bytes(base.read_bytes() + (pathlib.Path(temp) / "more.cpio").read_bytes())


def boot(machine, kernels, stages, programs, append, timeout=180, first="6.1"):
    """Boot a machine, and wait until the last of its kernels powers it off. Return the files that
    the machine sent as {"stage/name": bytes}, the output on the console, and whether the time limit
    was exceeded.

    kernels: series whose kernels are installed as /boot/vmlinuz-<series>
    stages: the shell commands of each stage
    """
    need("/usr/bin/qemu-system-x86_64", "qemu-system-x86")
    options, code, variables = MACHINES[machine]
    base = base_initramfs(programs)
    with tempfile.TemporaryDirectory() as temp:
        temp = pathlib.Path(temp)
        initrd(base, dict(enumerate(stages, 1)), kernels, {}, temp / "initrd")
        command = ["qemu-system-x86_64", *options, "-accel", "tcg", "-cpu", CPU,
                   "-m", "1024", "-display", "none", "-net", "none", "-no-reboot",
                   "-kernel", str(kernel(first)), "-initrd", str(temp / "initrd"),
                   "-append", f"{CONSOLE} {append}",
                   "-serial", f"file:{temp / 'console'}", "-serial", f"file:{temp / 'out'}"]
        if code:
            package = "ovmf-ia32" if "32" in code else "ovmf"
            shutil.copy(need(OVMF / variables, package), temp / "vars")
            command += ["-drive", f"if=pflash,format=raw,unit=0,readonly=on,"
                                  f"file={need(OVMF / code, package)}",
                        "-drive", f"if=pflash,format=raw,unit=1,file={temp / 'vars'}"]
        # The time limit applies to CPU time, because the host may be busy. A second limit applies
        # to real time, because a waiting guest uses no CPU time.
        try:
            run = subprocess.run(["prlimit", f"--cpu={timeout}", *command], timeout=10 * timeout,
                                 stdin=subprocess.DEVNULL, check=False)
            timed_out = run.returncode in (-signal.SIGXCPU, -signal.SIGKILL)
            if not timed_out:
                run.check_returncode()
        except subprocess.TimeoutExpired:
            timed_out = True
        console = (temp / "console").read_text(errors="replace")
        return received((temp / "out").read_text(errors="replace")), console, timed_out


def received(text):
    files = {}
    for name, body in re.findall(r"==BEGIN (\S+)\r?\n(.*?)==END", text, re.S):
        try:
            files[name] = base64.b64decode(body)
        except ValueError:
            print(f"e2e: the guest did not send {name} completely", file=sys.stderr)
    return files
