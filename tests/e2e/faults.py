#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The fault matrix as a program: what a second kernel does with a faulty map.

    faults.py --list | --short | --all | NAME…    [--keep DIR] [--table FILE]

For each row of faults_table.py the first kernel binds a changed copy of
/sys/firmware/efi and /sys/firmware/memmap over the real ones, efimapctl says there what
will happen, the real kexec-tools load the second kernel, and that one says what did.
A prediction milder than what happens is a failure. EFIMAPCTL names the program.
"""
import argparse
import json
import lzma
import os
import pathlib
import shutil
import sys

import guest
from faults_observe import WORST, observe, predict
from faults_table import TABLE
from faults_tree import Tree
from faults_write import write_table
from frozen import Machine

HERE = pathlib.Path(__file__).resolve().parent
# Seconds of processor time that a machine that boots does not stay silent for.
SILENCE = 12
LIMIT = 400


def module(series, name):
    path = guest.module(series, name)
    data = path.read_bytes()
    return lzma.decompress(data) if path.suffix == ".xz" else data


def machine():
    program = os.environ.get("EFIMAPCTL", "build/src/cli/efimapctl")
    program = pathlib.Path(program).resolve()
    guest.need(program, "built by ninja; EFIMAPCTL names another")
    programs = [program, guest.need("/sbin/kexec", "kexec-tools"),
                guest.need("/usr/bin/chattr", "e2fsprogs")]
    stages = {n: (HERE / f"faults-{name}").read_text()
              for n, name in ((1, "first"), (2, "second"), (3, "hop"))}
    series = ("6.12", "6.1")
    modules = {f"efivarfs-{s}.ko": module(s, "efivarfs") for s in series}
    modules["qemu_fw_cfg.ko"] = module("6.12", "qemu_fw_cfg")
    return Machine("q35", "6.12", series, stages, programs, modules)


def tampered(capture, fault):
    tree = Tree(capture)
    for line in fault.changes:
        tree.change(line)
    return tree


def given(tree, fault):
    """What the frozen machine is given: the tree and the shell's settings."""
    last = 3 if fault.loader == "kexec-file-load" else 2
    settings = f"next={fault.next}\nobserve={last}\nappend='{fault.append}'\n"
    return tree.archive(settings)


def experiment(frozen, fault):
    """One row: continue the machine, follow it, gather what it said."""
    tree = tampered(frozen.sent()["1/tree.tar.gz"], fault)
    before = {f"0/{n[2:]}": d for n, d in frozen.sent().items() if "verify" in n}
    with frozen.continued(given(tree, fault)) as run:
        run.follow(SILENCE, LIMIT)
        return {"files": {**before, **guest.received(run.text("out"))},
                "console": run.text("console")}


def keep(directory, fault, seen):
    where = pathlib.Path(directory) / fault.name
    shutil.rmtree(where, ignore_errors=True)
    where.mkdir(parents=True)
    for name, data in seen["files"].items():
        (where / name.replace("/", "-")).write_bytes(data)
    (where / "console").write_text(seen["console"])


def judge(fault, predicted, observed):
    """equal, harsher, harsher without a reason, or milder."""
    if predicted is None or observed is None:
        return "skipped"
    difference = WORST.index(predicted) - WORST.index(observed)
    if difference == 0:
        return "equal"
    if difference < 0:
        return "milder"
    return "harsher" if fault.harsher else "harsher without a reason"


def kept(directory, fault):
    """What --keep kept of a row, None if it was not run."""
    where = pathlib.Path(directory) / fault.name
    if not (where / "console").exists():
        return None
    files = {p.name.replace("-", "/", 1): p.read_bytes() for p in where.iterdir()
             if p.name != "console"}
    return {"files": files, "console": (where / "console").read_text()}


def row_of(fault, seen):
    predicted, rules, why = predict(fault, seen)
    observed, words = observe(fault, seen)
    return {"name": fault.name, "predicted": predicted, "rules": rules,
            "observed": observed, "words": words, "note": why,
            "verdict": judge(fault, predicted, observed),
            "spoke": predicted is None or not fault.rule or fault.rule in rules,
            "kernel": seen["files"].get("2/init", b"").decode().strip()}


def chosen(arguments):
    names = {f.name: f for f in TABLE}
    if arguments.all:
        return list(TABLE)
    if arguments.short:
        return [f for f in TABLE if f.short]
    unknown = [n for n in arguments.name if n not in names]
    if unknown or not arguments.name:
        sys.exit(f"faults: no row '{unknown[0]}'; --list lists them" if unknown
                 else "faults: name rows, or give --short, --all or --list")
    return [names[n] for n in arguments.name]


def passed(row):
    return row["verdict"] in ("equal", "harsher", "skipped") and row["spoke"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--list", action="store_true", help="list the rows")
    parser.add_argument("--all", action="store_true", help="run every row")
    parser.add_argument("--short", action="store_true", help="run the short set")
    parser.add_argument("--keep", metavar="DIR", help="keep what each run said in DIR")
    parser.add_argument("--table", metavar="FILE", help="write the rows run into FILE's "
                        "table (Markdown); the others stay as they are")
    parser.add_argument("name", nargs="*")
    parser.add_argument("--from", metavar="DIR", dest="evidence",
                        help="judge what an earlier run kept, without QEMU")
    arguments = parser.parse_args()
    if arguments.list:
        for fault in TABLE:
            print(f"{fault.name:24} {fault.title}")
        return 0
    faults, results = chosen(arguments), []
    try:
        frozen = None if arguments.evidence else machine()
    except guest.Missing as missing:
        print(f"faults: skipped: missing {missing}")
        return 77
    for fault in faults:
        seen = kept(arguments.evidence, fault) if arguments.evidence else \
            experiment(frozen, fault)
        if seen is None:
            continue
        if arguments.keep:
            keep(arguments.keep, fault, seen)
        results.append(row_of(fault, seen))
        say(fault, results[-1])
    if arguments.table:
        write_table(pathlib.Path(arguments.table), TABLE, results)
    return summary(results)


def say(fault, row):
    print(f"{fault.name:24} {row['predicted'] or '-':>22} -> {row['observed'] or '-':22} "
          f"{row['verdict']}{'' if row['spoke'] else '; ' + fault.rule + ' is silent'}"
          f"; {row['words']} {row['note']}", flush=True)


def summary(results):
    count = {v: sum(r["verdict"] == v for r in results) for r in results
             for v in (r["verdict"],)}
    print(f"faults: {len(results)} rows: " +
          ", ".join(f"{n} {v}" for v, n in sorted(count.items())))
    return 0 if results and all(passed(r) for r in results) else 1


if __name__ == "__main__":
    sys.exit(main())
