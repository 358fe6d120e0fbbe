# SPDX-License-Identifier: GPL-2.0-or-later
"""Run efimapctl on the trees that kernels sent, and return its predictions."""
import functools
import io
import json
import pathlib
import re
import subprocess
import tarfile
import tempfile

import outcomes
from faults_tree import Tree
from outcomes import WORST

# Files that show that the firmware booted the kernel. They are removed from the changed tree of a
# first kernel if compare reads this tree as the tree of a second kernel.
FIRST_ONLY = ("sys/kernel/boot_params/", "dmesg.txt", "proc/sys/kernel/random/")
# A change that compare also needs, because efi/runtime is virtual in a second kernel
ARRIVED = "pointer efi/runtime virtual"


def parse(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


def tampered(capture, changes):
    tree = Tree(capture)
    for line in changes:
        tree.change(line)
    return tree


def unpack(capture, where, without=()):
    """Extract a capture, except paths that start with one of "without". Return the directory."""
    with tarfile.open(fileobj=io.BytesIO(capture)) as tar:
        members = [m for m in tar if not m.name.removeprefix("./").startswith(without)] \
            if without else tar.getmembers()
        tar.extractall(where, members)
    return where


class Oracle:
    def __init__(self, program):
        self.program = program
        self.known = {}
        self.snapshot = functools.lru_cache(self.snapshot)
        self.reply = functools.lru_cache(None)(self.reply)

    def run(self, *arguments):
        return subprocess.run([self.program, *arguments, "--json"], capture_output=True,
                              text=True).stdout

    def ask(self, *arguments):
        return parse(self.run(*arguments))

    def snapshot(self, capture):
        with tempfile.TemporaryDirectory() as temp:
            return json.loads(subprocess.run(
                [self.program, "snapshot", "-q", unpack(capture, temp)], capture_output=True,
                check=True).stdout)

    def changed(self, first, changes, without=()):
        """Return the snapshot of a capture with changes, but without paths that start with one of
        "without". Files that the changes removed did not exist."""
        document = self.snapshot(first)
        files = {path: value for path, value in document["files"].items()
                 if not path.startswith(("sys/firmware/efi", "sys/firmware/memmap", *without))}
        for path, value in tampered(first, changes).recorded().items():
            files[f"sys/firmware/{path}"] = value
        # A file that a recording lacks may have existed.
        for path in document["files"]:
            if path.startswith("sys/firmware/") and path.count("/") <= 3 and \
               not any(other.startswith(path + "/") for other in files):
                files.setdefault(path, {"error": "ENOENT"})
        return {**document, "files": files}

    def ask_about(self, fault, first, by, loader=None):
        """Return the JSON document of a command for the changed capture, or None if there is none.

        first: the first kernel's capture
        by: "verify", or "compare" to compare the original capture with the changed one
        loader: the loader for verify; default: the loader of the row

        If a file of an offline tree is missing or empty, efimapctl assumes that the file was perhaps
        not copied. In the test, however, the file is missing on the running system, where
        kexec-tools reads it. Therefore, verify reads a snapshot that is marked as recorded there.
        """
        return parse(self.reply(fault.changes, first, by, by == "verify" and
                                (loader or fault.first_loader)))

    def reply(self, changes, first, by, loader):
        """Return the output of a command for the changed capture. The output is cached, because
        many rows have the same changes and differ only in the second kernel."""
        with tempfile.TemporaryDirectory() as temp:
            true, changed = pathlib.Path(temp) / "true", pathlib.Path(temp) / "changed"
            if by == "compare" or first not in self.known:
                true.write_text(json.dumps(self.snapshot(first)))
            if first not in self.known:
                self.known[first] = self.ask("verify", true)["findings"]
            if by == "compare":
                arrived = () if ARRIVED in changes else (ARRIVED,)
                changed.write_text(json.dumps(self.changed(first, (*arrived, *changes), FIRST_ONLY)))
                return self.run("compare", true, changed)
            document = self.changed(first, changes)
            document["recorded"] = {**document["recorded"], "from": "live"}
            files = document["files"]
            files["dmesg"] = re.sub(r"^\[ *[\d.]+\] ", "", files.pop("dmesg.txt"), flags=re.MULTILINE)
            files["sys/kernel/kexec/crash_loaded"] = "0\n"
            changed.write_text(json.dumps(document))
            return self.run("verify", f"--loader={loader}", changed)

    def ask_tree(self, capture):
        with tempfile.TemporaryDirectory() as temp:
            return self.ask("verify", unpack(capture, temp))

    def find(self, fault, first, by, loader=None):
        """Return the findings about the changed tree that the original tree does not have, or None
        if there is no document."""
        document = self.ask_about(fault, first, by, loader)
        known = {f["rule"]: f for f in self.known[first]} if fault.changes and by == "verify" else {}
        return document and [f for f in document["findings"]
                             if not same_words(f, known.get(f["rule"]))]

    def predict(self, fault, first, between=None):
        """Return (Prediction, rules), or (None, []) if a document is missing.

        between: the capture of the intermediate kernel, or None
        """
        documents = [self.ask_about(fault, first, fault.by)]
        documents += [self.ask_tree(between)] if between else []
        if None in documents:
            return None, []
        rules = sorted({f["rule"] for document in documents for f in document["findings"]})
        if fault.by == "compare":
            # Pass no sentence: compare examines a kernel that has booted, so its sentences need not
            # state how often an outcome was seen.
            return outcomes.Prediction(documents[0]["outcome"], documents[0]["certainty"], None), rules
        predicted = outcomes.of_answers([
            *answers_to(documents[0], fault.question, fault.first_loader),
            *(a for document in documents[1:]
              for a in answers_to(document, fault.question, "kexec-file-load"))])
        return predicted, rules

    def received(self, first, second):
        with tempfile.TemporaryDirectory() as temp:
            temp = pathlib.Path(temp)
            document = self.ask("compare", unpack(first, temp / "1"), unpack(second, temp / "2"))
        return None if document is None else sorted({f["rule"] for f in document["findings"]})


def answers_to(document, question, loader):
    return [a for a in document["answers"]
            if a["question"] == question and a["loader"] in (loader, "any")]


def predict_from(findings):
    return outcomes.of_effects([(f["outcome"], f["certainty"]) for f in findings])


def same_words(one, other):
    """Return whether a finding of the machine without the fault has the same rule, severity and
    outcome, and the outcome is at most memory-at-risk or its certainty unknown. Such a finding does
    not result from the fault, and the row "none" covers it."""
    return other is not None and all(
        one[k] == other[k] for k in ("rule", "severity", "outcome", "certainty")) and \
        (one["certainty"] == "unknown" or
         WORST.index(one["outcome"]) <= WORST.index("memory-at-risk"))
