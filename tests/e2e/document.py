# SPDX-License-Identifier: GPL-2.0-or-later
"""A table in a document that a program writes: the rows run, and older ones that were not."""
import re


def write_table(path, program, head, names, lines):
    """Put lines into path's table of the program. names: all rows there are, in order; lines:
    {name: line} of those that were run."""
    begin, end = (f"<!-- written by tests/e2e/{program}: {word} -->" for word in ("begin", "end"))
    text = path.read_text() if path.exists() else f"{begin}\n{end}\n"
    before, _, rest = text.partition(begin)
    inside, _, after = rest.partition(end)
    known = {m.group(1): m.group(0)
             for m in re.finditer(r"^\| (\S+) \|.*\|$", inside, re.M)}
    known.update(lines)
    rule = "|" + "---|" * (head.count("|") - 1)
    rows = "\n".join(known[name] for name in names if name in known)
    path.write_text(f"{before}{begin}\n\n{head}\n{rule}\n{rows}\n\n{end}{after}")


def foreseen_cell(row, result):
    """What was foreseen, and where that is not what was seen, why."""
    if result["verdict"] == "none":
        return ""
    predicted = f"`{result['predicted']}`" if result["predicted"] else "not asked"
    if result["verdict"] == "harsher":
        return f"{predicted}: {row.harsher}"
    if result["verdict"] != "equal":
        return f"{predicted} (**{result['verdict']}**)"
    return predicted
