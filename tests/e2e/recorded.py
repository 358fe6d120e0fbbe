#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare efimapctl's predictions with the outcomes that docs/fault-matrix.md and docs/kernels.md
record, without booting machines.

    recorded.py [--write] EFIMAPCTL [ROW…]

For a row of the fault matrix, the changes of the row are applied to a capture of the same kind of
machine. A row fails if the prediction is wrong (outcomes.py). --write updates the predictions in
docs/fault-matrix.md. The predictions in docs/kernels.md depend on kernel images, so they are not
computed again, but read from the document. The table of counts in this document must agree with its
rows, and --write updates the table.
"""
import argparse
import collections
import dataclasses
import pathlib
import re
import sys
import tempfile

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "tools"), str(TESTS.parent / "tools")]
# pylint: disable=wrong-import-position
import fixture  # noqa: E402
import faults  # noqa: E402
import guest  # noqa: E402
import rules  # noqa: E402
from document import cells_of, write_table  # noqa: E402
from faults_predict import Oracle, predict_from  # noqa: E402
from faults_table import TABLE  # noqa: E402
from outcomes import ACCEPTED, WORST, Prediction, compare_outcomes  # noqa: E402

FAULTS = TESTS.parent / "docs/fault-matrix.md"
KERNELS = TESTS.parent / "docs/kernels.md"
# A capture of each kind of machine in faults.py
CAPTURES = {"q35": "ovmf-q35-6.12-kexec-file-first", "mixed": "ovmf32-q35-6.1-mixed-first",
            "crash": "ovmf-q35-6.1-crash-first"}

# The line of /proc/cpuinfo with the address sizes of QEMU's emulated CPU
PROCESSOR = b"address sizes\t: 40 bits physical, 48 bits virtual\n"
# The outcome of each rule for an entry that no firmware call uses.
UNNEEDED = {block.get("Rule"): block.get("Unused-outcome", "ok")
            for path in sorted((TESTS.parent / "src").glob("*/*.rules"))
            for block in rules.read_blocks(path)}

# The two columns of docs/kernels.md with predictions
BEFORE, WITH_LOG = 5, 6
OBSERVED = 7
# Words of the table of counts for predictions; those of SURE are compared with the observed outcomes
SURE = ("ok", "certain", "chance")
WORDS = (*SURE, "ok, if …", "unknown")
COUNTS = "| prediction | before the load | with `--kexec-log` |"


def capture(machine):
    members = fixture.members("real", CAPTURES[machine])
    files = {path: data for path, data in members.items() if data is not None}
    return guest.archive({"proc/cpuinfo": PROCESSOR, **files})


def predict(oracle, fault, first):
    """Return (Prediction, rules) of a row. There is no capture of an intermediate kernel, but if
    its firmware calls fail, it passes no EFI data."""
    predicted, rules = oracle.predict(fault, first)
    if fault.hops and predicted and predicted.outcome == "runtime-services-fail":
        predicted = dataclasses.replace(predicted, outcome="boots-without-efi")
    return predicted, rules


def of_faults(oracle, rows, document=FAULTS):
    """Return the results of the rows in the document, in the form of faults.row_of()."""
    recorded = cells_of(document, "e2e/faults.py")
    firsts, results = {machine: capture(machine) for machine in CAPTURES}, []
    for fault in (fault for fault in rows if fault.name in recorded):
        _, _, where, _, _, observed, words = recorded[fault.name]
        predicted, rules = predict(oracle, fault, firsts[fault.machine])
        observed = observed.strip("`")
        results.append({
            "name": fault.name, "predicted": predicted, "rules": rules, "observed": observed,
            "words": words, "kernel": re.sub(r"\d+\.\d+, did not boot", "", where.rpartition(",")[0]),
            "silent": [fault.rule] if fault.rule and fault.rule not in rules and not fault.hops
                      else [],
            "verdict": compare_outcomes(predicted, observed)})
    return results


def predict_simulated(oracle, fault, true):
    """Return the prediction for kernels that were booted with a simulated firmware. It follows from
    the findings of verify, for both loaders, and of compare.

    That firmware does not use an added entry, so an error in this entry cannot make calls fail. No
    segment is loaded over firmware memory, so findings with memory-at-risk are ignored. An
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
    predicted = predict_from(f for f in found + drift if f["outcome"] != "memory-at-risk")
    if fault.hops and predicted.outcome == "runtime-services-fail":
        return Prediction("boots-without-efi", predicted.certainty)
    return predicted


def of_other_kernels(oracle, rows):
    """Return the results in the column for OVMF, the only machine with a capture."""
    first, results = capture("q35"), []
    recorded = cells_of(FAULTS, "e2e/recorded.py")
    for fault in (fault for fault in rows if fault.name in recorded):
        predicted = predict_simulated(oracle, fault, first)
        for series, seen in re.findall(r"([\d., ]*)(?:: )?`([a-z-]+)`", recorded[fault.name][1]):
            results.append({"name": f"{fault.name} in {series or 'other kernels'}",
                            "predicted": predicted, "observed": seen, "silent": [],
                            "words": "booted in QEMU",
                            "verdict": compare_outcomes(predicted, seen)})
    return results


def read_prediction(cell):
    """Return the Prediction that a cell contains, or None."""
    said = re.match(r"unknown|`(?P<outcome>[a-z-]+)`(?:, (?P<certainty>certain|chance|if))?"
                    r"(?:, or `(?P<worse>[a-z-]+)`)?", cell)
    if not said:
        return None
    certainty = {"if": "condition"}.get(said["certainty"], said["certainty"])
    return Prediction(said["outcome"], certainty, worse=said["worse"]) if said["outcome"] \
        else Prediction("unknown", "unknown")


def of_kernels(names, columns=(BEFORE, WITH_LOG), document=KERNELS):
    results = []
    for name, cells in cells_of(document, "e2e/kernels.py").items():
        observed = cells[OBSERVED].strip("`")
        for cell in (cells[c] for c in columns if cells[c] and (not names or name in names)):
            predicted = read_prediction(cell)
            results.append({"name": name, "predicted": predicted, "observed": observed,
                            "silent": [], "words": cell,
                            "verdict": compare_outcomes(predicted, observed)})
    return results


def word_of(predicted):
    """Return the word that the table of counts uses for a prediction."""
    if not predicted.is_known:
        return "unknown"
    return "ok, if …" if predicted.has_condition else predicted.certainty or "ok"


def counts_of(results):
    """Return the cells of a column of the table of counts: {row: cell}."""
    words = collections.Counter(word_of(r["predicted"]) for r in results)
    verdicts = {word: collections.Counter(r["verdict"] for r in results
                                          if word_of(r["predicted"]) == word) for word in words}
    cells = {word: f"{words[word]} ({100 * words[word] / len(results):.0f} %)"
             for word in WORDS}
    cells["all"] = str(len(results))
    for word in SURE:
        cells[f"{word}: the predicted outcome was observed"] = str(verdicts[word]["equal"])
        cells[f"{word}: a worse outcome was observed"] = str(verdicts[word]["milder"])
        if word != "ok":
            milder = "chance" if word == "chance" else "harsher"
            cells[f"{word}: a milder outcome was observed"] = str(verdicts[word][milder])
    return cells


def write_counts(document):
    """Count the predictions in the table that kernels.py wrote, and write the table of counts."""
    columns = [counts_of(of_kernels((), (column,), document)) for column in (BEFORE, WITH_LOG)]
    lines = {row: f"| {row} | {' | '.join(column[row] for column in columns)} |"
             for row in columns[0]}
    write_table(document, "e2e/recorded.py", COUNTS, list(lines), lines)


def has_old_counts():
    with tempfile.TemporaryDirectory() as temp:
        copy = pathlib.Path(temp) / "kernels.md"
        copy.write_text(KERNELS.read_text())
        write_counts(copy)
        return copy.read_text() != KERNELS.read_text()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("efimapctl", type=pathlib.Path)
    parser.add_argument("name", nargs="*")
    options = parser.parse_args()
    tempfile.tempdir = fixture.MEMORY
    oracle = Oracle(options.efimapctl)
    rows = [fault for fault in TABLE if not options.name or fault.name in options.name]
    matrix = of_faults(oracle, rows)
    if options.write:
        lines = {r["name"]: faults.line(next(f for f in TABLE if f.name == r["name"]), r)
                 for r in matrix}
        write_table(FAULTS, "e2e/faults.py", faults.HEAD, [f.name for f in TABLE], lines)
        write_counts(KERNELS)
    results = matrix + of_other_kernels(oracle, rows) + of_kernels(options.name)
    for result in results:
        if not faults.passed(result):
            faults.say(result)
    count = collections.Counter(r["verdict"] for r in results)
    print(f"recorded: {len(results)} outcomes: " +
          ", ".join(f"{n} {v}" for v, n in sorted(count.items())))
    old = has_old_counts()
    if old:
        print("FAIL docs/kernels.md: the counts do not agree with the rows; use --write")
    return 0 if results and not old and all(faults.passed(r) for r in results) else 1


if __name__ == "__main__":
    sys.exit(main())
