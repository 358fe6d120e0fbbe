# SPDX-License-Identifier: GPL-2.0-or-later
"""Helpers for programs that run rows and write a table into a document."""
import argparse
import json
import pathlib
import re
import shutil

from outcomes import ACCEPTED


def write_table(path, program, head, names, lines):
    """Write lines into the program's table in a document.

    names: all existing rows, in order
    lines: {name: line} of the rows that were run; other rows are kept
    """
    begin, end = (f"<!-- written by tests/{program}: {word} -->" for word in ("begin", "end"))
    text = path.read_text() if path.exists() else f"{begin}\n{end}\n"
    before, _, rest = text.partition(begin)
    inside, _, after = rest.partition(end)
    known = {name: line for name in names for line in inside.splitlines()
             if line.startswith(f"| {name} |")}
    known.update(lines)
    rule = "|" + "---|" * (head.count("|") - 1)
    rows = "\n".join(known[name] for name in names if name in known)
    path.write_text(f"{before}{begin}\n\n{head}\n{rule}\n{rows}\n\n{end}{after}")


def cells_of(path, program):
    """Return {row: cells} of the table that a program wrote into a document, or reads from it."""
    text = re.split(f"<!-- (?:written|read) by tests/{program}: begin -->", path.read_text())[1]
    lines = text.partition("\n<!-- ")[0].split("\n|---", 1)[1].splitlines()[1:]
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines if line)
    return {row[0]: row for row in cells}


def write_blocks(path, program, names, blocks):
    """Write blocks, each of which begins with "### NAME", into the program's part of a document.
    The blocks of other rows are kept."""
    begin, end = (f"<!-- blocks by tests/{program}: {word} -->" for word in ("begin", "end"))
    text = path.read_text()
    if begin not in text:
        text += f"\n{begin}\n{end}\n"
    before, _, rest = text.partition(begin)
    inside, _, after = rest.partition(end)
    known = {m[1]: m[0].rstrip() for m in re.finditer(r"^### (\S+)\n.*?(?=^### |\Z)", inside,
                                                     re.MULTILINE | re.DOTALL)}
    known.update(blocks)
    text = "".join(f"{known[name]}\n\n" for name in names if name in known)
    path.write_text(f"{before}{begin}\n\n{text}{end}{after}")


def first_cell(release, row):
    """Return a table cell with the first kernel. Long parameters are cut, since kernels.rows contains
    them."""
    append = row.append if len(row.append) <= 100 else row.append[:60] + "…"
    return " ".join(filter(None, (release, append, row.table)))


def predicted_cell(row, result):
    """Return a table cell with the prediction. If the observed outcome is milder, the reason
    follows. If the prediction is wrong, the verdict follows. Without a prediction, the cell is
    empty."""
    predicted, verdict = result["predicted"], result["verdict"]
    if not predicted:
        return ""
    if verdict == "chance" and row.harsher:
        return f"{predicted}: {row.harsher}"
    return f"{predicted}" if verdict in ACCEPTED else f"{predicted} (**{verdict}**)"


def save(where, files):
    shutil.rmtree(where, ignore_errors=True)
    for name, data in files.items():
        (where / name).parent.mkdir(parents=True, exist_ok=True)
        (where / name).write_bytes(data)


def keep(directory, row, seen):
    save(pathlib.Path(directory) / row.name, {
        **seen["files"], "first.tar.gz": seen["first"], "console": seen["console"].encode()})


def kept(directory, row):
    """Return the files that keep() saved for a row, or None if the row was not run."""
    where = pathlib.Path(directory) / row.name
    if not (where / "console").exists():
        return None
    files = {str(p.relative_to(where)): p.read_bytes() for p in where.rglob("*") if p.is_file()}
    return {"console": files.pop("console").decode(errors="replace"),
            "first": files.pop("first.tar.gz"), "files": files}


def sent_document(files, name):
    """Return the JSON document that a command printed, or {} if it printed none."""
    try:
        return json.loads(files[f"{name}.stdout"])
    except (KeyError, ValueError):
        return {}


def parse(about, rows, show):
    """Parse the command line of a program that runs rows. Return the options and the selected rows.

    show: returns the description of a row for --list
    """
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--list", action="store_true", help="list the rows")
    parser.add_argument("--all", action="store_true", help="run every row")
    parser.add_argument("--short", action="store_true", help="run the short set")
    parser.add_argument("--keep", metavar="DIR", help="keep the output of each run in DIR")
    parser.add_argument("--from", metavar="DIR", dest="evidence",
                        help="evaluate the output that an earlier run kept, without QEMU")
    parser.add_argument("--table", metavar="FILE", help="write the rows that were run into "
                        "the Markdown table in FILE, and keep its other rows")
    parser.add_argument("name", nargs="*")
    options = parser.parse_args()
    if options.list:
        print(*(f"{row.name:24} {show(row)}" for row in rows), sep="\n")
        parser.exit()
    if options.all or options.short:
        return options, [row for row in rows if options.all or row.short]
    unknown = set(options.name) - {row.name for row in rows}
    if unknown or not options.name:
        parser.error(f"no row '{unknown.pop()}'; use --list to list the rows" if unknown
                     else "name rows, or give --short, --all or --list")
    return options, [row for name in options.name for row in rows if row.name == name]
