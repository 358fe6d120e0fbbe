# SPDX-License-Identifier: GPL-2.0-or-later
"""Determine the outcome of the second kernel, with a description."""
import re

# Kernel messages about firmware data that a kexec segment has overwritten. The worst one is first.
# The second value is the first release in which the loss has an effect: (0, 0) if it has an effect
# in all releases, and None if it has none.
# Up to Linux 6.12, a kexec'd kernel does not apply the Memory Attributes Table, because it does not
# call efi_runtime_update_mappings(). The BGRT only points to a boot logo, so its loss is harmless.
LOST = ((r"Unsupported ESRT version", (0, 0)),
        (r"Unexpected EFI Memory Attributes table", (6, 13)),
        (r"efi_bgrt: Ignoring BGRT", None))
# The message of a kernel that goes on with a part of its initrd. The initramfs of the tests needs only
# its first files.
CUT_INITRD = "Initramfs unpacking failed"
# Steps of the EFI variable test. Each key is the name of the file that faults-second sends if the
# step fails.
STEPS = {"insmod": "loading efivarfs", "mount": "mounting efivarfs", "write": "writing a variable",
         "read": "reading a variable", "delete": "deleting a variable"}


def observe(fault, seen):
    """Return (outcome, description) of a row, determined from the files that the kernels sent.
    The outcome is None if the first kernel ended before it started the next one."""
    files = {n[2:]: d.decode(errors="replace") for n, d in seen["files"].items()
             if n.startswith("2/")}
    if "1/refused" in seen["files"]:
        return "cannot-load", "kexec fails, and no kernel is loaded"
    if "1/left" not in seen["files"]:
        return None, "the first kernel did not reach kexec"
    if fault.hops and "3/init" not in seen["files"]:
        return "does-not-boot", "the intermediate kernel does not reach init"
    if "init" not in files:
        return "does-not-boot", hang(seen)
    log = files.get("dmesg.txt") or files.get("dmesg.boot", "")
    if int(files.get("entries", "0")) == 0:
        return "boots-without-efi", without_efi(files, log)
    if "firmware-hangs" in files or "end" not in files:
        return "does-not-boot", "the kernel reaches init, and then hangs in a firmware call"
    if "firmware-works" not in files and not (fault.is_read_only and "variables" in files):
        return "runtime-services-fail", failed(files, log)
    removed = re.search(r"Removing (\d+) invalid memory map entries", log + between(seen))
    if removed:
        noun = "entry" if removed.group(1) == "1" else "entries"
        return "entry-dropped", (f"the kernel removes {removed.group(1)} invalid {noun}, "
                                 "and variables can be listed and written")
    lost = [] if fault.changes else [(w, since) for w, since in LOST if re.search(w, log)]
    used = [w for w, since in lost if since and since <= release_of(files["init"])]
    if used:
        return "memory-at-risk", f'runtime services work, but a table was lost: "{used[0]}"'
    written = ", but not written with this firmware" if fault.is_read_only else " and written"
    unused = " and ".join(f'"{w}"' for w, _ in lost)
    if lost:
        unused = f". {'Tables were' if lost[1:] else 'A table was'} lost without effect: {unused}"
    if CUT_INITRD in log:
        unused += f'. A part of the initrd is missing: "{CUT_INITRD}"'
    return "ok", (f"the runtime map has {files['entries'].strip()} entries, and "
                    f"variables can be listed{written}{unused}")


def release_of(text):
    numbers = re.match(r"(\d+)\.(\d+)", text)
    return tuple(int(number) for number in numbers.groups())


def between(seen):
    return seen["files"].get("3/dmesg.txt", b"").decode(errors="replace")


def said_by_next(console):
    """Return the console lines of the kernel after the last kexec."""
    _, left, rest = console.rpartition("kexec_core: Starting")
    if not left:
        # A crash prints no "Starting" message. The text before the crash kernel's first line is the
        # panic of the first kernel.
        rest = console.partition("Linux version")[2]
    return [line for line in rest.splitlines() if line.strip()][1:]


def find_oops(pattern, text):
    """Return the first match of a pattern without its address, or ""."""
    found = re.search(pattern, text)
    return re.split(r" \(| at | for address", found.group(0))[0] if found else ""


def hang(seen):
    lines = said_by_next(seen["console"])
    if not lines:
        words = find_oops(r"BUG: [^\n,\r]*", seen["console"])
        if words:
            return f'the first kernel prints "{words}" and starts no other kernel'
        return 'no kernel message follows "Starting new kernel"'
    said = "\n".join(lines)
    words = find_oops(r"BUG: [^\n,\r]*|Oops: [a-z][a-z ]*|Kernel panic[^\n\r]*", said)
    if words:
        where = " in a firmware call" if "efi_call_rts" in said else ""
        return f'the kernel hangs before init, after "{words}"{where}'
    last = re.sub(r"^\[ *[\d.]+\] ", "", lines[-1].strip())
    shown = last if len(last) < 90 else f"{last[:90]}…"
    return f'the kernel hangs before init, and its last message is "{shown}"'


def without_efi(files, log):
    if "Could not map the memory map!" in log:
        return ('the runtime map and the variables are missing, and '
                'the log contains "Could not map the memory map!"')
    if "efi" in files:
        return "/sys/firmware/efi exists, but lists no runtime regions"
    return "/sys/firmware/efi does not exist"


def failed(files, log):
    what = next((f"{step} fails" for name, step in STEPS.items() if name in files),
                "the test of the variables has no result")
    for words in ("Froze efi_rts_wq and disabled EFI Runtime Services",
                  "Invalid EFI memory map entries", "Error mapping PA"):
        if words in log:
            return f'{what}, and the log contains "{words}"'
    return what
