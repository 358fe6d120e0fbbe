#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run kexec between the pairs of Debian kernels that kernels.rows lists.

    kernels.py --list | --short | --all | NAME…    [--keep DIR] [--from DIR] [--table FILE]

The firmware boots each first kernel once, and each row continues a copy of this machine. In the
first kernel, efimapctl predicts the outcome, and the kexec-tools of the row load the second kernel.
A row fails if a prediction is wrong (outcomes.py). The environment variable EFIMAPCTL is the path
of efimapctl. Rows whose files cannot be downloaded are skipped.
"""
import collections
import functools
import io
import json
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile

import advice
import guest
import suites
from document import (first_cell, predicted_cell, keep, kept, parse, sent_document,
                      write_table)
from faults_observe import observe
from faults_predict import unpack
from frozen import Board, Machine, flash
from kernels_table import KERNELS, OVMF, TABLE, TOOLS, U_BOOT
from outcomes import ACCEPTED, compare_outcomes, of_answers
from placement import Computing, Log, Tally
from recorded import write_counts

HERE = pathlib.Path(__file__).resolve().parent
KERNEL = "linux-image-cloud-amd64"
PADDING = 28 << 20
# A guest that prints nothing for SILENCE seconds of CPU time is considered dead. A row takes at
# most LIMIT seconds of real time.
SILENCE = 30
LIMIT = 1200
LIBRARIES = r"(lib|zlib1g).*"
# In struct linux_efi_random_seed, the member "size" has SEED_SIZE bytes. Linux zeroes at most
# SEED_MAX bytes after it.
SEED_SIZE = 4
SEED_MAX = 1024


def of_version(suite, package, wanted, pattern="-"):
    """Return the directory of a suite's package. Raise Missing if the suite has another version."""
    root = suites.unpacked(suite, package, pattern)
    found = suites.version(suite, package)
    if not re.match(re.escape(wanted) + r"($|[.~])", found):
        raise guest.Missing(f"{package} {wanted}: {suite} has {found}")
    return root


def kernel_files(series):
    return of_version(KERNELS[series], KERNEL, series,
                      r"linux-(image|binary|modules)-.*")


def bzimage(series):
    return next(kernel_files(series).rglob("vmlinuz*"))


def module(series, name):
    for path in kernel_files(series).rglob(f"{name}.ko*"):
        return guest.module_data(path)
    return None


# Modules for a virtio disk, in the order in which they must be loaded
DISK = ("virtio", "virtio_ring", "virtio_pci_modern_dev", "virtio_pci_legacy_dev",
        "virtio_pci", "virtio_blk")


def padded(series, kib):
    """Return a kernel image with additional KiB at its end. The firmware then places later
    allocations, such as the INITRD table, at lower addresses."""
    if not kib:
        return bzimage(series)
    path = guest.CACHE / f"suites/vmlinuz-{series}-{kib}"
    path.write_bytes(bzimage(series).read_bytes() + bytes(kib << 10))
    return path


def board(row):
    kind, version = row.firmware.split()
    name = f"{kind}-{version}-{row.first}-{row.pad}-{row.memory}-{row.append}"
    first = padded(row.first, row.pad)
    if kind == "ovmf":
        share = of_version(OVMF[version], "ovmf", version, r"ovmf-.*") / "usr/share/OVMF"
        words = ("-machine", "q35,smm=off", *flash(share / "OVMF_CODE_4M.fd"))
        name = "-".join(filter(None, (name, row.table, row.devices)))
        return Board(name, words + tuple(row.devices.split()), first,
                     row.append, row.memory, share / "OVMF_VARS_4M.fd", given="disk",
                     boots="disk" if row.table else "kernel", table=row.table)
    root = of_version(U_BOOT[version], "u-boot-qemu", version)
    rom = root / "usr/lib/u-boot/qemu-x86_64/u-boot.rom"
    words = ("-machine", "pc", "-bios", str(rom))
    return Board(name, words, first, row.append, row.memory, boots="disk",
                 given="disk")


def machine(row):
    extra = {f"{when}-{n}-{name}.ko": data
             for when, names in (("early", ("qemu_fw_cfg",)), ("disk", DISK))
             for n, name in enumerate(names) if (data := module(row.first, name))}
    # The addresses of later allocations of the firmware depend on the size of the initramfs. The
    # padding makes the initramfs as large as one of a distribution.
    extra["padding"] = bytes(PADDING)
    return Machine(board(row), (),
                   {1: (HERE / "kernels-first").read_text()}, [], extra)


@functools.cache
def kexec(version):
    root = of_version(TOOLS[version], "kexec-tools", version, LIBRARIES)
    program = next(p for p in root.rglob("sbin/kexec") if p.is_file())
    libraries = {p.name: p for p in root.rglob("*.so*") if p.is_file()}
    loader = libraries["ld-linux-x86-64.so.2"]
    paths = ":".join(sorted({str(p.parent) for p in libraries.values()}))
    text = guest.fetch.run([str(loader), "--library-path", paths, "--list", str(program)])
    names = set(re.findall(r"^\s*(\S+) =>", text, re.MULTILINE)) | {loader.name}
    files = {f"opt/kexec/{name}": libraries[pathlib.Path(name).name].read_bytes()
             for name in names if "/" not in name}
    start = ("#!/bin/sh\nexec /opt/kexec/ld-linux-x86-64.so.2 --library-path /opt/kexec "
             "/opt/kexec/kexec \"$@\"\n")
    return {**files, "opt/kexec/kexec": program.read_bytes(), "sbin/kexec": start.encode()}


def given(row, advised=None):
    """Return a row's input for the frozen machine: an archive that the machine reads from a disk.

    advised: a command that loads the kernel, instead of the row's command
    """
    tool = guest.tool()
    chattr = guest.need("/usr/bin/chattr", "e2fsprogs")
    files = {"boot/base.cpio": guest.base_initramfs([tool, chattr]).read_bytes(),
             "boot/vmlinuz-next": bzimage(row.second).read_bytes(),
             "e2e/stage-2": (HERE / "faults-second").read_bytes(),
             f"e2e/efivarfs-{row.second}.ko": module(row.second, "efivarfs"),
             "sbin/efimapctl": tool.read_bytes(), **kexec(row.tools)}
    for library in guest.libraries(tool):
        files[str(library)[1:]] = library.read_bytes()
    initrd = "--initrd=/run/next.cpio" if row.initrd else ""
    files["run/settings"] = (f"loader={row.loader}\noptions='{row.options}'\n"
                             f"append='{row.next_append}'\ninitrd={initrd}\n"
                             f"initrd_more={row.initrd_more}\n"
                             f"{advice.settings(row)}").encode()
    if advised:
        files["run/advised"] = f"{advised}\n".encode()
    return guest.archive(files, "w")


def experiment(frozen, row):
    before = frozen.sent()
    first = {"first": before.pop("1/tree.tar.gz")}
    console = (frozen.home / "console").read_text(errors="replace")
    if row.loader == "firmware":
        return {**first, "files": before, "console": console}
    seen = {**first, **loaded(frozen, row, before)}
    if advice.is_tried(row, observe(row, seen)[0]):
        for number, command in enumerate(advice.promised(row, seen)):
            again = loaded(frozen, row, before, command)
            seen["files"].update(advice.files_of(number, command, again))
    return seen


def loaded(frozen, row, before, advised=None):
    """Load the second kernel of a row in a copy of the frozen machine, with the command of the row
    or an advised command. Return the files that the machine sent, and the console."""
    with frozen.continued(given(row, advised)) as run:
        has_ended = run.follow(SILENCE, LIMIT)
        files = {**before, **guest.received(run.text("out"))}
        if row.table.startswith("RNG ") and not has_ended:
            files["2/seed"] = run.memory(int(row.table.split()[1], 16), SEED_SIZE + SEED_MAX)
        return {"files": files, "console": run.text("console")}


def predict_outcome(row, seen):
    """Return (Prediction, rules) of efimapctl verify with --kexec-log."""
    kernel = f"--kernel={bzimage(row.second)}"
    with tempfile.TemporaryDirectory() as temp:
        temp = pathlib.Path(temp)
        (temp / "kexec.log").write_bytes(seen["files"]["1/kexec.log"])
        tree = unpack(seen["first"], temp / "tree")
        # With kexec -s, the kernel logs the segments. Linux before 6.8 logs "Loading segment N"
        # instead of "segment[N]", and --kexec-log does not read this format.
        log = [f"--kexec-log={temp / 'kexec.log'}"] * (b"segment[" in seen["files"]["1/kexec.log"])
        question = advice.question_of(row)
        after = report("verify", "--json", f"--for={question}",
                       *["--configured"] * (question == "kdump"), kernel, *log, tree)
    return of_answers(advice.answers_to(row, after)), sorted({f["rule"] for f in after["findings"]})


def wrong_answer(row, seen, observed):
    """Return the errors in the answer of efimapctl before the load."""
    verdict = compare_outcomes(advice.prediction(row, seen), observed)
    return [] if verdict in ACCEPTED else [f"the answer is {verdict}"]


def wrong_state(row, seen):
    """Return a list with an error if the row loads a crash kernel, but efimapctl did not report it as
    loaded."""
    said = sent_document(seen["files"], "1/loaded")
    state = next((a["state"] for a in said.get("answers", []) if a["question"] == "kdump"), "not asked")
    crashes = row.loader.startswith("crash")
    return [f"the crash kernel is loaded, but its state is {state}"] * (crashes and state != "loaded")


def placed(row, seen):
    """Compare the loaded segments with those that are predicted from the first kernel's tree."""
    program = guest.tool().parents[2] / "tests/oracle/placed-segments"
    log = Log(seen["files"]["1/kexec.log"].decode(errors="replace"))
    maximum = re.search(r"--mem-max=(\S+)", row.options)
    words = {**log.words, "image": bzimage(row.second), "cpus": 1,
             "mem_max": maximum and maximum[1],
             "tools": None if "file" in row.loader else row.tools}
    tally = Tally()
    with tempfile.TemporaryDirectory() as temp, Computing(program) as computing:
        reason, _, computed = computing.place(unpack(seen["first"], pathlib.Path(temp)), **words)
        # Addresses in the CMA area cannot be predicted, and neither can addresses with KHO.
        if not re.search(r"CMA|KHO", reason):
            tally.add(f"placement {reason}".strip(), log.segments, computed)
    if not log.segments:
        tally.wrong.append("the loader did not log its segments")
    return tally


def report(*words):
    done = subprocess.run([guest.tool(), *words], capture_output=True, check=False)
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise RuntimeError(f"efimapctl {' '.join(map(str, words))}: "
                           f"{done.stderr.decode().strip()}") from None


def wrong_after(row, seen):
    wrong = []
    wanted = {"received": 0, "compare": 0, "predicted": 0}
    for name, status in wanted.items():
        got = seen["files"].get(f"2/{name}.exit", b"none").decode().strip()
        if got != str(status):
            wrong.append(f"{name} in the second kernel: exit {got}, expected {status}")
    impossible = sent_document(seen["files"], "2/predicted").get("layout", {}).get("impossible")
    if impossible != 0:
        wrong.append(f"{impossible} virtual addresses differ from the prediction")
    loader = sent_document(seen["files"], "2/received").get("loader")
    expected = "kexec-file-load" if "file" in row.loader else "kexec-load"
    if loader != expected:
        wrong.append(f"received reports the loader {loader}, expected {expected}")
    return wrong


def zeroed(seen):
    """Return the number of zero bytes after the member "size" of the RNG seed table."""
    bits = seen["files"]["2/seed"][SEED_SIZE:]
    return len(bits) - len(bits.lstrip(b"\0"))


def first_log(seen):
    with tarfile.open(fileobj=io.BytesIO(seen["first"])) as tree:
        return tree.extractfile("./dmesg.txt").read().decode(errors="replace")


def ram_of(log):
    """Return the MiB of RAM in the log of a kernel, or 0 if the kernel did not print them."""
    found = re.search(r"Memory: \d+K/(\d+)K available", log)
    return int(found[1]) >> 10 if found else 0


def of_first(release):
    """Return the result of a row without a second kernel, which succeeds if the first kernel
    booted."""
    wrong, words = [], "the firmware boots the kernel"
    if not release:
        wrong, words = ["the first kernel did not boot"], "did not boot"
    return {"predicted": None, "rules": [], "observed": "ok", "words": words,
            "verdict": "first only", "wrong": wrong}


def of_second(row, seen):
    predicted, rules = predict_outcome(row, seen)
    observed, words = observe(row, seen)
    log = seen["files"].get("2/dmesg.txt", b"").decode(errors="replace")
    wrong = [f"{row.rule} did not match"] if row.rule and row.rule not in rules else []
    if row.table.startswith("Reserved "):
        first, second = ram_of(first_log(seen)), ram_of(log)
        words += f"; the first kernel has {first} MiB of RAM"
        words += f", and the second one {second} MiB" if second else ""
        if observed == "ok" and second < first / 2:
            observed = "memory-at-risk"
    if observed != row.outcome:
        wrong.append(f"observed {observed}, expected {row.outcome}")
    if row.says not in seen["console"] + log:
        wrong.append(f"the second kernel did not print \"{row.says}\"")
    if row.may_say not in seen["console"] + log:
        words += f"; the second kernel did not print \"{row.may_say}\""
    if observed not in ("does-not-boot", "boots-without-efi", "cannot-load", None):
        wrong += wrong_after(row, seen)
    if row.table and not row.table.startswith("Reserved ") and row.table.replace(" ", "=") not in first_log(seen):
        wrong.append("the first kernel did not find the table")
    if "2/seed" in seen["files"] and "Starting new kernel" in seen["console"]:
        words += (f"; the {zeroed(seen)} bytes of the kernel image that follow the size field of the "
                  "RNG seed table are zero")
        wrong += ["the kernel did not zero a part of its image"] * (zeroed(seen) < SEED_MAX)
    segments = Tally()
    if observed != "cannot-load":
        segments = placed(row, seen)
        wrong += segments.wrong + wrong_state(row, seen)
    wrong += wrong_answer(row, seen, observed) + advice.wrong_advice(row, seen, observed)
    return {"segments": segments, "predicted": predicted, "rules": rules, "observed": observed,
            "answer": advice.cell(row, seen), "seen": seen,
            "words": words, "verdict": compare_outcomes(predicted, observed), "wrong": wrong}


def row_of(row, seen):
    first, second = (seen["files"].get(name, b"").decode().strip()
                     for name in ("1/ready", "2/init"))
    said = of_second(row, seen) if row.second else of_first(first)
    if said["observed"] == "cannot-load":
        second = f"{suites.version(KERNELS[row.second], KERNEL)}, not loaded"
    elif row.second and not second:
        second = f"{suites.version(KERNELS[row.second], KERNEL)}, did not boot"
    return {"row": row, "first": first, "second": second, **said}


def passed(result):
    return result["verdict"] in (*ACCEPTED, "first only") and not result["wrong"]


def say(result):
    row = result["row"]
    print(f"{'ok' if passed(result) else 'FAIL':4} {row.name}: {row.firmware}, "
          f"{result['first']} to {result['second']}, {row.loader}, {row.tools}: "
          f"answer {result.get('answer', '-')}, {result['predicted']} with the log, "
          f"observed {result['observed']}: {result['verdict']}; {words_of(result)} "
          f"[{' '.join(result['rules'])}]",
          flush=True)


HEAD = ("| row | firmware | first kernel | second kernel | loader, version and options of kexec-tools | "
        "predicted before the load | predicted with `--kexec-log` | observed | details |")


def words_of(result):
    return "; ".join([result["words"], *(f"**{w}**" for w in result["wrong"])])


def line(result):
    row = result["row"]
    words = [row.loader] + ([row.tools] if row.second else []) + [row.options] * bool(row.options)
    if not row.initrd:
        words.append("no initramfs")
    return (f"| {row.name} | {row.firmware} | {first_cell(result['first'], row)} | "
            f"{result['second']} | {', '.join(words)} | {result.get('answer', '')} | "
            f"{predicted_cell(row, result)} | "
            f"`{result['observed']}` | {words_of(result).replace('|', '/')} |")


def group(rows):
    groups = collections.defaultdict(list)
    for row in rows:
        groups[row.firmware, row.first, row.pad, row.table, row.memory, row.devices,
               row.append].append(row)
    return list(groups.values())


def result_of(row, options):
    """Return a row's result, or None if --from has no result for it."""
    if options.evidence:
        seen = kept(options.evidence, row)
    else:
        seen = experiment(machine(row), row)
    if seen and options.keep:
        keep(options.keep, row, seen)
    return row_of(row, seen) if seen else None


def run_group(rows, options):
    results, skipped = [], []
    for row in rows:
        try:
            result = result_of(row, options)
        except guest.Missing as missing:
            skipped.append(row)
            print(f"skip {row.name}: {missing}", flush=True)
            continue
        except RuntimeError as broken:
            result = {"row": row, "verdict": "without a result", "observed": None, "wrong": []}
            print(f"FAIL {row.name}: {broken}", flush=True)
        if result:
            results.append(result)
            if result["observed"]:
                say(result)
    return results, skipped


def tallies_of(results):
    found = collections.defaultdict(list)
    for result in results:
        row = result["row"]
        if "segments" in result:
            by = f"Linux {row.first}" if "file" in row.loader else f"kexec-tools {row.tools}"
            found[f"{by}, {row.loader}"].append(result["segments"])
    return found


def main():
    options, rows = parse(__doc__, TABLE, lambda row: (
        f"{row.firmware}, {row.first} to {row.second}, {row.loader}"))
    results, skipped = [], []
    for more, less in guest.at_once(lambda g: run_group(g, options), group(rows)):
        results += more
        skipped += less
    if options.table:
        lines = {r["row"].name: line(r) for r in results if r["observed"]}
        names = [row.name for row in TABLE]
        write_table(pathlib.Path(options.table), "e2e/kernels.py", HEAD, names, lines)
        write_counts(pathlib.Path(options.table))
        advice.write(pathlib.Path(options.table).with_name("advice.md"), names,
                     [r for r in results if r.get("seen")])
    bad = sum(not passed(r) for r in results)
    for loader, tallies in sorted(tallies_of(results).items()):
        print(f"segments of {loader}: {sum(tallies, Tally())}")
    print(f"kernels: {len(results) - bad} of {len(results)} rows as predicted, "
          f"{len(skipped)} skipped")
    return 1 if bad else 0 if results else 77


if __name__ == "__main__":
    sys.exit(main())
