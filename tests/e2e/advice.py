# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare the advice of efimapctl verify with the results of the advised loads.

docs/advice.md shows advice and results for each row whose second kernel did not boot, and for rows
with the field "Advised".
"""
import re

from document import first_cell, sent_document, write_blocks, write_table
from faults_observe import observe, said_by_next
from outcomes import of_answers

# Console lines in a transcript. If the kernel dies, these are the first line that matches CRASH and
# the last LAST_LINES lines. If it boots, they are the first line that matches each pattern in LIFE.
CRASH = r"BUG: |Kernel panic|Oops: "
LAST_LINES = 2
LIFE = (r"Linux version \S+", r"efi: EFI v.*", r"Run /init as init process")
# Maximum length of a console line in a transcript.
WIDTH = 96
HOW = {"kexec-load": "kexec -c -l", "kexec-file-load": "kexec -s -l", "crash-load": "kexec -c -p",
       "crash-file-load": "kexec -s -p"}
# The answer after an advised load that predicts no problem
OK = r"(ok(?! *,? *if)|no fault found)\b"
HEAD = ("| row | firmware | first kernel | second kernel | loaded with | predicted | observed | advice | "
        "observed with the advice |")


def loader_of(row):
    return f"kexec-{row.loader.partition('-')[2]}"


def question_of(row):
    return "kdump" if row.loader.startswith("crash") else "kexec"


def verify_arguments(row):
    return [f"--for={question_of(row)}", "--kernel=/boot/vmlinuz-next",
            *["--initrd=/run/next.cpio"] * row.initrd,
            *re.findall(r"--mem-m\S+", row.options)]


def settings(row):
    """Return the arguments of efimapctl verify as shell variables for kernels-first."""
    arguments = " ".join(verify_arguments(row))
    return f"arguments='{arguments}'\nloader_argument=--loader={loader_of(row)}\n"


def answers_to(row, document):
    return [a for a in document.get("answers", []) if a["question"] == question_of(row) and
            a["loader"] in (loader_of(row), "any")]


def answer(row, seen, name="answer"):
    """Return efimapctl's answer for the row's load, or {} if there is none."""
    return next(iter(answers_to(row, sent_document(seen["files"], f"1/{name}"))), {})


def prediction(row, seen):
    """Return the prediction of efimapctl before the load, or None."""
    return of_answers(answers_to(row, sent_document(seen["files"], "1/answer")))


def is_tried(row, observed):
    """Return whether the advised commands of a row are run. A row without an initrd cannot run
    them, because they contain the placeholder INITRD."""
    return row.initrd and (row.advised or observed == "does-not-boot")


def promised(row, seen):
    """Return {command: predicted answer} of the commands that efimapctl advises for any loader and
    for the row's loader."""
    advised = [answer(row, seen, name).get("advice") or {} for name in ("advice", "answer")]
    return {a["command"]: a.get("then") or "" for a in advised if a.get("command")}


def text(row, seen):
    return (answer(row, seen, "advice").get("advice") or {}).get("text")


def files_of(number, command, seen):
    """Return the command, the console and the sent files of an advised load as {name: bytes}."""
    return {f"advised-{number}/command": command.encode(),
            f"advised-{number}/console": seen["console"].encode(),
            **{f"advised-{number}/{name}": data for name, data in seen["files"].items()}}


def loads(row, seen):
    """Yield (command, output, observed outcome, description) of each advised load."""
    for number in range(2):
        prefix = f"advised-{number}/"
        files = {name.removeprefix(prefix): data for name, data in seen["files"].items()
                 if name.startswith(prefix)}
        if not files:
            return
        again = {"files": files, "console": files.pop("console").decode(errors="replace")}
        yield files.pop("command").decode(), again, *observe(row, again)


def wrong_advice(row, seen, observed):
    if not is_tried(row, observed):
        return []
    if not text(row, seen):
        return ["efimapctl printed no advice for a kernel that does not boot"]
    wrong = []
    for command, _, then, words in loads(row, seen):
        said = promised(row, seen)[command]
        if then in ("does-not-boot", None):
            wrong.append(f"the advised kernel does not boot: {command}")
        elif re.match(OK, said) and (then != "ok" or "lost" in words):
            wrong.append(f"the advised command: observed {then} ({words}), expected \"{said}\": "
                         f"{command}")
    return wrong


def short(line):
    line = re.sub(r"^\[ *([\d.]+)\]", r"[\1]", line.strip())
    return line if len(line) <= WIDTH else line[:WIDTH - 1] + "…"


def death(console):
    said = said_by_next(console)
    crash = [line for line in said[:-LAST_LINES] if re.search(CRASH, line)]
    return [short(line) for line in crash[:1] + said[-LAST_LINES:]]


def life(console):
    said = "\n".join(said_by_next(console))
    found = (re.search(rf"^.*{pattern}", said, re.MULTILINE) for pattern in LIFE)
    return [short(match[0]) for match in found if match]


def cell(row, seen):
    return str(prediction(row, seen) or "")


def loaded_by(row):
    return " ".join([HOW[row.loader], *row.options.split()])


def transcript(result, seen):
    """Return the Markdown block of a row: the answer, and console lines of each second kernel."""
    row = result["row"]
    said = seen["files"]["1/advice-text.stdout"].decode().partition("\n\n")[0].splitlines()
    lines = [f"### {row.name}", "", "```",
             f"# efimapctl verify {' '.join(verify_arguments(row))}", *said,
             f"# {loaded_by(row)} --initrd=/run/next.cpio … /boot/vmlinuz-next",
             *death(seen["console"])]
    for command, again, _, _ in loads(row, seen):
        lines += [f"# {command}", *life(again["console"])]
    return "\n".join([*lines, "```"])


def line(result, seen):
    row = result["row"]
    advised = list(loads(row, seen))
    how = "; ".join(f"`{re.sub(r' --initrd.*', '', command)}`" for command, *_ in advised)
    then = "; ".join(f"`{observed}`" for _, _, observed, _ in advised)
    how = how or text(row, seen) or ""
    return (f"| {row.name} | {row.firmware} | {first_cell(result['first'], row)} "
            f"| {result['second']} | {loaded_by(row)} | {cell(row, seen)} "
            f"| `{result['observed']}` | {how} | {then} |")


def write(path, names, results):
    tried = [(r, r["seen"]) for r in results
             if r["observed"] == "does-not-boot" or r["row"].advised]
    write_table(path, "e2e/kernels.py", HEAD, names, {r["row"].name: line(r, s) for r, s in tried})
    write_blocks(path, "e2e/kernels.py", names,
                 {r["row"].name: transcript(r, s) for r, s in tried if r["row"].transcript})
