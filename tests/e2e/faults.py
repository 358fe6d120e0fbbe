#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run the fault matrix: boot second kernels with faulty maps.

    faults.py --list | --short | --all | NAME…    [--keep DIR] [--from DIR] [--table FILE]

For each row of faults.rows, efimapctl predicts the outcome from a changed copy of /sys/firmware/efi
and /sys/firmware/memmap. The first kernel mounts this copy over the original directories, and
kexec-tools loads the second kernel, which sends the observed data. A row fails if the prediction is
wrong (outcomes.py), or if the row's rule does not match. The environment variable EFIMAPCTL is the
path of efimapctl.
"""
import collections
import pathlib
import sys

import guest
from document import predicted_cell, keep, kept, parse, write_table
from faults_observe import observe
from faults_predict import Oracle, tampered
from faults_table import TABLE
from frozen import Machine, board
from outcomes import ACCEPTED, compare_outcomes

HERE = pathlib.Path(__file__).resolve().parent
# A guest that prints nothing for this number of seconds of CPU time is considered hung.
SILENCE = 12
LIMIT = 400
FIRST = "6.12"


# name: (firmware, parameters of the first kernel)
MACHINES = {"q35": ("q35", ""), "mixed": ("ovmf32", ""), "crash": ("q35", "crashkernel=256M")}


def frozen_machine(name, faults):
    firmware, append = MACHINES[name]
    series = sorted({fault.next for fault in faults} | {FIRST})
    return Machine(board(firmware, FIRST, append), series, *contents(series))


def contents(series):
    programs = [guest.kexec(), guest.need("/usr/bin/chattr", "e2fsprogs")]
    stages = {n: (HERE / f"faults-{name}").read_text()
              for n, name in ((1, "first"), (2, "second"), (3, "hop"))}
    wanted = {f"efivarfs-{s}.ko": (s, "efivarfs") for s in series}
    wanted["qemu_fw_cfg.ko"] = (FIRST, "qemu_fw_cfg")
    modules = {file: guest.module_data(guest.module(*what)) for file, what in wanted.items()}
    return stages, programs, modules


def given(first, fault):
    hops = {"kexec-file-load": ("kexec-load", 3), "direct-file-load": ("kexec-file-load", 2)}
    loader, last = hops.get(fault.loader, (fault.loader, 2))
    settings = (f"next={fault.next}\nobserve={last}\nloader={loader}\n"
                f"append='{fault.append}'\n")
    return tampered(first, fault.changes).archive(settings)


def experiment(frozen, fault):
    """Run a copy of the frozen machine with the row's changes until it powers off, dies or becomes
    silent. Return the first kernel's capture, the sent files, and the console."""
    first = frozen.sent()["1/tree.tar.gz"]
    with frozen.continued(given(first, fault)) as run:
        run.follow(SILENCE, LIMIT)
        return {"first": first, "files": guest.received(run.text("out")),
                "console": run.text("console")}


def row_of(oracle, fault, seen):
    between = seen["files"].get("3/tree.tar.gz")
    predicted, rules = oracle.predict(fault, seen["first"], between)
    silent = [fault.rule] if fault.rule and fault.rule not in rules else []
    second = seen["files"].get("2/tree.tar.gz")
    if fault.by == "compare" and second:
        arrived = oracle.received(seen["first"], second)
        silent += [] if fault.rule in arrived else [f"{fault.rule} in the second kernel"]
    observed, words = observe(fault, seen)
    return {"name": fault.name, "predicted": predicted, "rules": rules,
            "observed": observed, "words": words, "silent": silent,
            "verdict": compare_outcomes(predicted, observed),
            "kernel": seen["files"].get("2/init", b"").decode().strip()}


HEAD = ("| row | change to the map | kernel, loader | rule | predicted | observed | "
        "second kernel |")


def line(fault, row):
    rule = f"`{fault.rule}`" if fault.rule else ""
    if row["silent"]:
        rule += " (did not match)"
    release = row["kernel"] or f"{fault.next}, did not boot"
    return (f"| {fault.name} | {fault.title} | {release}, {fault.loader} | {rule} | "
            f"{predicted_cell(fault, row)} | `{row['observed']}` | "
            f"{row['words'].replace('|', '/')} |")


def passed(row):
    return row["verdict"] in ACCEPTED and not row["silent"]


def main():
    arguments, rows = parse(__doc__, TABLE, lambda fault: fault.title)
    try:
        results = run(rows, arguments)
    except guest.Missing as missing:
        print(f"skipped: faults: this machine lacks {missing}")
        return 77
    if arguments.table:
        lines = {r["name"]: line(next(f for f in TABLE if f.name == r["name"]), r)
                 for r in results if r["observed"]}
        write_table(pathlib.Path(arguments.table), "e2e/faults.py", HEAD, [f.name for f in TABLE],
                    lines)
    return summary(results)


def run(faults, arguments):
    oracle, results = Oracle(guest.tool()), []
    if arguments.evidence:
        observed = (kept(arguments.evidence, fault) for fault in faults)
    else:
        frozen = {name: frozen_machine(name, faults) for name in {f.machine for f in faults}}
        observed = guest.at_once(lambda fault: experiment(frozen[fault.machine], fault), faults)
    for fault, seen in zip(faults, observed):
        if seen is None:
            continue
        if arguments.keep:
            keep(arguments.keep, fault, seen)
        results.append(row_of(oracle, fault, seen))
        say(results[-1])
    return results


def say(row):
    silent = "".join(f"; did not match: {r}" for r in row["silent"])
    print(f"{'ok' if passed(row) else 'FAIL':4} {row['name']}: predicted {row['predicted']}, "
          f"observed {row['observed']}: {row['verdict']}{silent}; {row['words']}", flush=True)


def summary(results):
    count = collections.Counter(r["verdict"] for r in results)
    print(f"faults: {len(results)} rows: " +
          ", ".join(f"{n} {v}" for v, n in sorted(count.items())))
    return 0 if results and all(passed(r) for r in results) else 1


if __name__ == "__main__":
    sys.exit(main())
