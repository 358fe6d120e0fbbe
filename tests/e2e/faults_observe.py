# SPDX-License-Identifier: GPL-2.0-or-later
"""What efimapctl predicted and what the second kernel showed, as consequences."""
import json
import re

# The consequences of a finding, mildest first, as in the report's schema.
WORST = ("none", "entry-dropped", "memory-at-risk", "runtime-services-fail",
         "boots-without-efi", "does-not-boot")

# Messages of a kernel that lost a table which lay in memory it thought free.
LOST = (r"Unexpected EFI Memory Attributes table", r"efi_bgrt: Ignoring BGRT",
        r"Unsupported ESRT version")


def load(files, name):
    try:
        return json.loads(files.get(name, b""))
    except ValueError:
        return None


def predict(fault, seen):
    """(consequence, rules, note) from the findings that the unchanged machine lacks."""
    stages = {"compare": (2,)}.get(fault.by, (1,))
    if fault.loader == "kexec-file-load":
        stages += (3,)
    reports = [load(seen["files"], f"{n}/{fault.by}.stdout") for n in stages]
    reports = [r for r in reports if r and "findings" in r]
    if not reports:
        return None, [], f"({fault.by} gave no report)"
    known = {}
    if fault.changes and fault.by == "verify":
        known = {f["rule"]: f for f in load(seen["files"], "0/verify.stdout")["findings"]}
    found = [f for r in reports for f in r["findings"]]
    new = [f for f in found if not same_words(f, known.get(f["rule"]))]
    worst = max((WORST.index(f["consequence"]) for f in new), default=0)
    return WORST[worst], sorted({f["rule"] for f in found}), ""


def same_words(one, other):
    """The same finding with other indices or counts."""
    return other is not None and all(
        one[k] == other[k] for k in ("rule", "severity", "consequence"))


def observe(fault, seen):
    """(consequence, words) from what the second kernel sent, None if it never started."""
    files = {n[2:]: d.decode(errors="replace") for n, d in seen["files"].items()
             if n.startswith("2/")}
    if "1/refused" in seen["files"]:
        return "none", "kexec refuses the map; no next kernel is loaded"
    if "1/left" not in seen["files"]:
        return None, "the first kernel did not get to kexec"
    if fault.loader == "kexec-file-load" and "3/init" not in seen["files"]:
        return "does-not-boot", "the kernel between never reached init"
    if "init" not in files:
        return "does-not-boot", hang(seen)
    log = files.get("dmesg.txt") or files.get("dmesg.boot", "")
    if int(files.get("entries", "0")) == 0:
        return "boots-without-efi", without_efi(files, log)
    if "firmware-hangs" in files or "end" not in files:
        return "does-not-boot", "boots, then hangs in a firmware call"
    if "firmware-works" not in files:
        return "runtime-services-fail", failed(files, log)
    removed = re.search(r"Removing (\d+) invalid memory map entries", log)
    if removed:
        return "entry-dropped", f"{removed.group(1)} entries removed; the rest works"
    lost = [w for w in LOST if re.search(w, log)]
    if lost and not (fault.changes and already_known(seen)):
        return "memory-at-risk", f'works; table lost ("{lost[0]}")'
    return "none", f"{files['entries'].strip()} entries, variables listed, write works"


def already_known(seen):
    """The unchanged machine has tables in RAM; the row "none" shows what comes of it."""
    first = load(seen["files"], "0/verify.stdout")
    return any(f["rule"] == "table-in-ram" for f in first["findings"])


def hang(seen):
    said = seen["console"].rsplit("kexec_core: Starting", 1)[-1]
    lines = [line for line in said.splitlines() if line.strip()][1:]
    if not lines:
        return 'no output after "Starting new kernel"'
    oops = re.search(r"BUG: [^\n,\r]*|Oops: [a-z][a-z ]*|Kernel panic[^\n\r]*", said)
    if oops:
        words = oops.group(0).split(" (")[0].rsplit(" at", 1)[0]
        where = " in a firmware call" if "efi_call_rts" in said else ""
        return f'hangs before init, after "{words}"{where}'
    last = re.sub(r"^\[ *[\d.]+\] ", "", lines[-1].strip())
    return f'hangs before init; the last message: "{last[:90]}"'


def without_efi(files, log):
    if "Could not map the memory map!" in log:
        return '"Could not map the memory map!", no runtime-map, no variables'
    if "efi" in files:
        return "EFI without a runtime-map"
    return "no EFI at all, not one message"


def failed(files, log):
    what = next((f"{w} fails" for w in ("insmod", "mount", "write", "read", "delete")
                 if w in files), "no variable")
    for words in ("Froze efi_rts_wq and disabled EFI Runtime Services",
                  "Invalid EFI memory map entries", "Error mapping PA"):
        if words in log:
            return f'{what}; "{words}"'
    return what
