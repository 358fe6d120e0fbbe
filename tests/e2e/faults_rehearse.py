#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run the fault matrix with other maps and kernels. "efimapctl rehearse" passes each changed map to
a kernel, and the outcome is compared with efimapctl's prediction.

usage: faults_rehearse.py --keep=DIR [--map=NAME]... [--write] KERNELS EFIMAPCTL REHEARSE [ROW...]

KERNELS is a directory with the kernels SERIES/vmlinuz, for some names in the list SERIES. Results
are kept in DIR and are not repeated, so the program can be interrupted at any time. --write updates
docs/fault-matrix.md with the kept results. The rows of faults.rows for q35 and Linux 6.12 are run,
except rows whose effect depends on how kexec-tools reads sysfs, because rehearse does not run
kexec-tools.
"""
import argparse
import base64
import collections
import concurrent.futures
import dataclasses
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "tools"), str(TESTS / "e2e"), str(TESTS.parent / "tools")]
import fixture  # noqa: E402 pylint: disable=wrong-import-position
import guest  # noqa: E402 pylint: disable=wrong-import-position
import rules  # noqa: E402 pylint: disable=wrong-import-position
from document import write_table  # noqa: E402 pylint: disable=wrong-import-position
from faults_predict import (  # noqa: E402 pylint: disable=wrong-import-position
    Oracle, outcome_of, predict_from, tampered, unpack)
from faults_table import TABLE  # noqa: E402 pylint: disable=wrong-import-position
from frozen import Silence  # noqa: E402 pylint: disable=wrong-import-position
from outcomes import (  # noqa: E402 pylint: disable=wrong-import-position
    ACCEPTED, Prediction, compare_outcomes)

SERIES = ("5.10", "6.1", "6.12", "7.2")
ORDER = ("6.12", "7.2", "5.10", "6.1")
DOCUMENT = TESTS.parent / "docs/fault-matrix.md"
# A guest that prints nothing for this number of seconds of CPU time is considered dead.
SILENCE = 12
LIMIT = 900
# Without oops=panic, a kernel whose efi_rts_wq worker dies in a firmware call would wait forever.
# The other parameters skip work that is slow in an emulator and unrelated to EFI.
QUICK = ("oops=panic rodata=off mitigations=off cryptomgr.notests initcall_blacklist="
         "load_system_certificate_list,jent_mod_init,bpf_dummy_struct_ops_init,"
         "bpf_tcp_ca_kfunc_init,depot_debugfs_init,bpf_prog_test_run_init,clk_debug_init,"
         "bpf_kfunc_init,bpf_sk_storage_map_iter_init,latency_fsnotify_init")
# The line of /proc/cpuinfo with the address sizes of QEMU's emulated CPU
PROCESSOR = b"address sizes\t: 40 bits physical, 48 bits virtual\n"
# Rules about runtime map files. Rows with these rules are not run, because the effect of such a
# file depends on how kexec-tools reads it.
READING = ("map-file-unreadable", "map-value-syntax")
# Rows that are not run, because their effect depends on how kexec-tools reads memmap. In these
# rows, memmap has a range of 2^64 bytes, or kexec-tools reads /proc/iomem instead of memmap.
MEMMAP = ("memmap-end-below", "memmap-end-missing", "memmap-2049")
ROWS = [fault for fault in TABLE if fault.machine == "q35" and fault.next == "6.12"
        and fault.loader in ("kexec-load", "kexec-file-load") and fault.rule not in READING
        and fault.name not in MEMMAP]


@dataclasses.dataclass(frozen=True)
class Map:
    """A machine. The source is a tree with all firmware addresses, or a kernel log. If the source
    is a log, "rehearse" boots a first kernel, which creates the tree."""
    name: str
    source: str
    memory: int


MAPS = {"ovmf": Map("OVMF", "real/ovmf-q35-6.12-kexec-file-first", 1024),
        "t14": Map("ThinkPad T14 Gen 3", "logs/003-lenovo-21ah00hfge.txt", 4096),
        "nuc": Map("NUC DE3815TYKH", "logs/061-mailinglist-intel-nuc-de3815tykh.txt", 4096),
        "zenbook": Map("ZenBook UX391FA", "logs/001-asustek-zenbook-ux391fa.txt", 4096)}


def content(file):
    if isinstance(file, str):
        return file.encode()
    data = bytearray(file["size"])
    for part in file.get("parts", ()):
        some = base64.b64decode(part["base64"])
        data[part["at"]:part["at"] + len(some)] = some
    return bytes(data)


def tree_of(snapshot):
    """Return the tree of a snapshot, with the files that faults and rules need."""
    return {path: content(file) for path, file in snapshot["files"].items()
            if path.startswith(("dmesg.txt", "proc/cmdline", "proc/version", "sys/firmware/",
                                "sys/kernel/boot_params/version", "sys/kernel/boot_params/data"))
            and (isinstance(file, str) or "size" in file)}


def true_tree(args, machine):
    kept = args.keep / f"{machine}.tar.gz"
    if kept.exists():
        return kept.read_bytes()
    source = pathlib.Path(fixture.unpacked()) / MAPS[machine].source
    if source.is_dir():
        files = {str(path.relative_to(source)): path.read_bytes()
                 for path in source.rglob("*") if path.is_file()}
    else:
        with tempfile.TemporaryDirectory() as temp:
            snapshot = pathlib.Path(temp) / "first.json"
            start(args, MAPS[machine], "6.12", ("--as=first", f"--snapshot={snapshot}", source),
                  temp)
            files = tree_of(json.loads(snapshot.read_text()))
    data = guest.archive({**files, "proc/cpuinfo": PROCESSOR})
    args.keep.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(data)
    return data


def child_of(pid):
    try:
        return int(pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
    except (OSError, IndexError):
        return None


def qemu_of(pid):
    """Return the process ID of QEMU, or None. QEMU is a grandchild of efimapctl."""
    program = child_of(pid)
    return child_of(program) if program else None


def count_printed(qemu):
    try:
        for link in pathlib.Path(f"/proc/{qemu}/fd").iterdir():
            if os.readlink(link).startswith("/memfd:console"):
                return link.stat().st_size
    except OSError:
        pass
    return 0


def follow(run):
    """Wait for the end of a run. Kill the guest if it becomes silent. Return False if the run
    exceeds LIMIT."""
    began, quiet = time.monotonic(), Silence(SILENCE)
    while run.poll() is None:
        time.sleep(0.3)
        guest = qemu_of(run.pid)
        if not guest:
            continue
        if quiet.is_over(guest, count_printed(guest)):
            os.kill(guest, 9)
        if time.monotonic() - began > LIMIT:
            os.kill(guest, 9)
            return False
    return True


def start(args, machine, series, words, temp):
    """Run efimapctl rehearse. Return a dictionary: whether it ended in time, its JSON document, its
    error messages, and the console."""
    console = pathlib.Path(temp) / "console"
    # Write the output to files, because a pipe that is not read during the run could block
    # efimapctl.
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        with subprocess.Popen(
                [args.efimapctl, "rehearse", "--json", "--boot=1",
                 f"--kernel={args.kernels / series}/vmlinuz",
                 f"--mem={machine.memory}", f"--timeout={2 * LIMIT}", f"--console={console}",
                 f"--append={QUICK}", *words], stdout=out, stderr=err,
                env={**os.environ, "EFIMAPCTL_REHEARSE": args.program}) as run:
            has_result = follow(run)
        said, error = (file.seek(0) or file.read() for file in (out, err))
    text = console.read_text(errors="replace") if console.exists() else ""
    return {"has_result": has_result, "said": json.loads(said) if said else None,
            "error": error.strip(),
            "console": re.sub(r"\r", "", text)}


def bytes_of(args, fault, changed):
    """Return a digest of the loader, the data that is passed to the kernel, and memmap. Different
    faults may have the same digest."""
    told = hashlib.sha256(fault.loader.encode())
    for form in ("setup-data", "efi-memmap"):
        run = subprocess.run([args.efimapctl, "dump", f"--format={form}", changed], check=False,
                             capture_output=True)
        told.update(run.stdout + str(run.returncode).encode())
    # If the tree cannot be encoded, the digest covers all files of sys/firmware.
    read = "sys/firmware/memmap" if run.returncode == 0 else "sys/firmware"
    for path in sorted(path for path in (changed / read).rglob("*") if path.is_file()):
        told.update(str(path.relative_to(changed)).encode() + path.read_bytes())
    return told.hexdigest()[:16]


def unpack_changed(true, fault, temp):
    """Extract the original tree and the changed tree below temp. Return False if the changes of the
    row cannot be applied to this map."""
    for name, without in (("true", ()), ("changed", ("sys/firmware/efi/", "sys/firmware/memmap/"))):
        unpack(true, temp / name, without)
    try:
        tampered(true, fault.changes).write(temp / "changed/sys/firmware")
    except ValueError:
        return False
    return True


def key_of(args, machine, fault, true):
    """Return the name of the file with the result of a row. Return "" if the changes of the row
    cannot be applied to this map or, with --write, if the row was not run."""
    kept = args.keep / machine / f"row-{fault.name}"
    if args.write and not kept.exists():
        return ""
    if not kept.exists():
        with tempfile.TemporaryDirectory() as temp:
            temp = pathlib.Path(temp)
            has_it = unpack_changed(true, fault, temp)
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(bytes_of(args, fault, temp / "changed") if has_it else "")
    return kept.read_text()


def rehearse(args, machine, series, fault, true):
    key = key_of(args, machine, fault, true)
    kept = args.keep / machine / series / f"{key}.json"
    if key and not kept.exists() and not args.write:
        hops = (f"--second-kernel={args.kernels / series}/vmlinuz",) if fault.hops else ()
        with tempfile.TemporaryDirectory() as temp:
            temp = pathlib.Path(temp)
            unpack_changed(true, fault, temp)
            seen = start(args, MAPS[machine], series, (
                f"--setup-data-from={temp / 'changed'}", *hops, temp / "true"), temp)
        if not seen["has_result"]:
            return None
        kept.parent.mkdir(parents=True, exist_ok=True)
        whole = kept.with_suffix(".part")
        whole.write_text(json.dumps({"row": fault.name, **seen}))
        whole.rename(kept)
    return json.loads(kept.read_text()) if key and kept.exists() else None


CALLS = re.compile(r"Couldn't get UEFI|Couldn't get size|MODSIGN: Couldn't")


def observe(seen):
    """Return (outcome, description) of a result. The outcome is None if the result has
    neither a document nor a console."""
    said, console = seen["said"], seen["console"]
    if not said and not console:
        return None, seen["error"]
    if not said or not said["reached_init"]:
        lines = [line for line in console.splitlines() if line.strip()]
        return "does-not-boot", lines[-1] if lines else "no output"
    if not said["efi"] or not said["runtime_map"]:
        return "boots-without-efi", "EFI without a map" if said["efi"] else "no EFI"
    if "Froze efi_rts_wq" in console:
        return "runtime-services-fail", "Froze efi_rts_wq"
    removed = re.search(r"Removing (\d+) invalid memory map entries", console)
    if removed:
        return "entry-dropped", removed.group(0)
    return "ok", "" if CALLS.search(console) else "no call of the firmware was seen"


# The consequence of each rule for an entry that no firmware call uses.
UNNEEDED = {block.get("Rule"): block.get("Unused-consequence", "ok")
            for path in sorted((TESTS.parent / "src").glob("*/*.rules"))
            for block in rules.read_blocks(path)}


def predict(oracle, fault, true):
    """Return the prediction that follows from the findings of verify, for both loaders, and of
    compare.

    The guest's firmware does not use an added entry, so an error in this entry cannot make calls
    fail. No segment is loaded over firmware memory, so findings with memory-at-risk are ignored. An
    intermediate kernel calls the firmware during boot. If these calls fail, it passes no EFI data
    to the next kernel.
    """
    found = [f for loader in ("kexec-load", "kexec-file-load")
             for f in oracle.find(fault, true, "verify", loader) or []]
    if predict_from(found).outcome == "boots-without-efi":
        return predict_from(found)
    drift = oracle.find(fault, true, "compare") or []
    extra = {entry for f in drift if f["rule"] == "drift-extra" for entry in f["entries"]}
    for finding in found:
        if finding["outcome"] == "runtime-services-fail" and finding["entries"] and \
                extra.issuperset(finding["entries"]):
            finding["outcome"] = UNNEEDED[finding["rule"]]
    predicted = predict_from(f for f in found + drift if outcome_of(f) != "memory-at-risk")
    if fault.hops and predicted.outcome == "runtime-services-fail":
        return Prediction("boots-without-efi", predicted.certainty)
    return predicted


def check_row(args, machine, oracle, true, fault):
    """Return (prediction, {series: (observed, description)}) of a row on a map. The prediction is
    None if nothing was observed."""
    observed = {}
    for series in SERIES:
        seen = rehearse(args, machine, series, fault, true)
        what, words = observe(seen) if seen else (None, "")
        if what:
            observed[series] = what, words
    return (predict(oracle, fault, true) if observed else None), observed


HEAD = "| row | predicted | {} | reason for differences |"


def write(args):
    oracle, count = Oracle(args.efimapctl), collections.Counter()
    rows = {fault.name: {} for fault in ROWS}
    for machine in args.map:
        if (args.keep / f"{machine}.tar.gz").exists():
            true = true_tree(args, machine)
            for fault in ROWS:
                rows[fault.name][machine] = check_row(args, machine, oracle, true, fault)
    columns = [(machine, series) for machine in args.map for series in SERIES
               if any(series in row.get(machine, (None, {}))[1] for row in rows.values())]
    lines = {}
    for fault in ROWS:
        if any(observed for _, observed in rows[fault.name].values()):
            lines[fault.name] = line(fault, rows[fault.name], columns, count)
    names = " | ".join(f"{MAPS[machine].name}, {series}" for machine, series in columns)
    write_table(DOCUMENT, "e2e/faults_rehearse.py", HEAD.format(names), [f.name for f in ROWS], lines)
    print(*(f"{number} {what}" for what, number in count.items()), sep=", ")
    return any(verdict not in ACCEPTED for verdict in count)


def line(fault, row, columns, count):
    predicted = next(said for said, observed in row.values() if observed)
    cells, differ = [], False
    for machine, series in columns:
        said, observed = row.get(machine, (None, {}))
        if series not in observed:
            cells.append("")
            continue
        what, words = observed[series]
        verdict = compare_outcomes(said, what)
        count[verdict] += 1
        differ |= said.outcome != what
        cells.append(("=" if said.outcome == what else f"`{what}`")
                     + (f" (predicted {said})" if said != predicted else "")
                     + ("" if verdict in ACCEPTED else f" **{verdict}**"))
        if verdict != "equal":
            print(fault.name, machine, series, said, what, words, sep=": ")
    why = (fault.elsewhere or fault.harsher) if differ else ""
    return f"| {fault.name} | {predicted} | {' | '.join(cells)} | {why} |"


def run_all(args):
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for machine in args.map:
            true = true_tree(args, machine)
            for series in (s for s in ORDER if (args.kernels / s / "vmlinuz").exists()):
                rows = [fault for fault in ROWS if not args.rows or fault.name in args.rows]
                for fault, seen in zip(rows, pool.map(
                        lambda fault, s=series: rehearse(args, machine, s, fault, true), rows)):
                    said = observe(seen) if seen else ("no result, or not for this map", "")
                    print(machine, series, fault.name, *said, flush=True)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n")[0])
    parser.add_argument("--keep", required=True, type=pathlib.Path)
    parser.add_argument("--map", action="append", choices=MAPS)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("kernels", type=pathlib.Path)
    parser.add_argument("efimapctl")
    parser.add_argument("program", metavar="REHEARSE")
    parser.add_argument("rows", nargs="*")
    args = parser.parse_args()
    args.map = args.map or list(MAPS)
    if not shutil.which("qemu-system-x86_64"):
        print("faults_rehearse: skipped: this machine lacks qemu-system-x86_64")
        return 77
    if args.write:
        return write(args)
    run_all(args)
    return 0


if __name__ == "__main__":
    sys.exit(main())
