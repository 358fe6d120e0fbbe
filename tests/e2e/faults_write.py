# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of docs/fault-matrix.md: the rows run, and older ones that were not."""
import re

BEGIN = "<!-- written by tests/e2e/faults.py: begin -->"
END = "<!-- written by tests/e2e/faults.py: end -->"
HEAD = ("| row | fault put into the map | kernel, loader | rule | predicted | observed | "
        "second kernel |\n|---|---|---|---|---|---|---|")


def line(fault, row):
    rule = f"`{fault.rule}`" if fault.rule else ""
    if row["silent"]:
        rule += " (silent)"
    predicted = f"`{row['predicted']}`" if row["predicted"] else "not asked"
    if row["verdict"] == "harsher":
        predicted += f": {fault.harsher}"
    elif row["verdict"] != "equal":
        predicted += f" (**{row['verdict']}**)"
    release = row["kernel"] or f"{fault.next}, never up"
    return (f"| {fault.name} | {fault.title} | {release}, {fault.loader} | {rule} | "
            f"{predicted} | `{row['observed']}` | {row['words'].replace('|', '/')} |")


def write_table(path, table, results):
    text = path.read_text() if path.exists() else f"{BEGIN}\n{END}\n"
    before, _, rest = text.partition(BEGIN)
    inside, _, after = rest.partition(END)
    known = {m.group(1): m.group(0)
             for m in re.finditer(r"^\| (\S+) \|.*\|$", inside, re.M)}
    for row in results:
        fault = next(f for f in table if f.name == row["name"])
        if row["observed"]:
            known[fault.name] = line(fault, row)
    rows = [known[f.name] for f in table if f.name in known]
    path.write_text(before + BEGIN + "\n\n" + HEAD + "\n" + "\n".join(rows) + "\n\n"
                    + END + after)
