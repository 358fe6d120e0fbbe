# SPDX-License-Identifier: GPL-2.0-or-later
"""Get efimapctl's prediction from the trees that the kernels sent, so no machine is booted."""
import io
import json
import pathlib
import subprocess
import tarfile
import tempfile

from faults_observe import WORST
from faults_tree import Tree

# These files show that firmware, not kexec, booted the kernel, so they are removed from the tree
# of a second kernel.
FIRST_ONLY = ("sys/kernel/boot_params/", "dmesg.txt")
ARRIVED = "pointer efi/runtime virtual"


def tampered(capture, fault, changes=()):
    tree = Tree(capture)
    for line in (*changes, *fault.changes):
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

    def ask(self, *arguments):
        """Return the findings in a command's JSON document, or None if it printed none."""
        run = subprocess.run([self.program, *arguments, "--json"], capture_output=True,
                             text=True)
        try:
            return json.loads(run.stdout)["findings"]
        except (ValueError, KeyError):
            return None

    def verify_running(self, tree, temp):
        """Return verify's findings for a tree as if it were the running system, or None if there is
        no JSON document.

        A file that is missing or empty in an offline tree might only not have been copied. In the
        running system, the file is missing or empty for kexec-tools, too.
        """
        run = subprocess.run([self.program, "snapshot", "-q", tree], capture_output=True,
                             text=True)
        try:
            document = json.loads(run.stdout)
        except ValueError:
            return None
        document["recorded"]["from"] = "live"
        snapshot = temp / "snapshot.json"
        snapshot.write_text(json.dumps(document))
        return self.ask("verify", snapshot)

    def unchanged(self, capture, true):
        if capture not in self.known:
            self.known[capture] = {f["rule"]: f for f in self.ask("verify", true)}
        return self.known[capture]

    def find(self, fault, first, by, between=None):
        """Return (findings that the original tree does not have, rules of all findings), or None if
        a JSON document is missing.

        first: the first kernel's capture
        by: "verify" for the changed tree alone, or "compare" to compare the original tree with it
        between: the capture of the intermediate kernel, or None
        """
        with tempfile.TemporaryDirectory() as temp:
            temp = pathlib.Path(temp)
            true = unpack(first, temp / "true")
            by_compare = by == "compare"
            changed = unpack(first, temp / "changed",
                             ("sys/firmware/efi/", "sys/firmware/memmap/",
                              *(FIRST_ONLY if by_compare else ())))
            arrived = (ARRIVED,) if by_compare and ARRIVED not in fault.changes else ()
            tampered(first, fault, arrived).write(changed / "sys/firmware")
            found = self.ask("compare", true, changed) if by_compare \
                else self.verify_running(changed, temp)
            if found is not None and between:
                more = self.ask("verify", unpack(between, temp / "between"))
                found = None if more is None else found + more
            known = self.unchanged(first, true) if fault.changes and not by_compare else {}
        return None if found is None else (
            [f for f in found if not same_words(f, known.get(f["rule"]))],
            sorted({f["rule"] for f in found}))

    def predict(self, fault, first, between=None):
        """Return (worst consequence, rules), or (None, []) if a JSON document is missing."""
        found = self.find(fault, first, fault.by, between)
        return (worst(found[0]), found[1]) if found else (None, [])

    def received(self, first, second):
        with tempfile.TemporaryDirectory() as temp:
            temp = pathlib.Path(temp)
            found = self.ask("compare", unpack(first, temp / "1"),
                             unpack(second, temp / "2"))
        return None if found is None else sorted({f["rule"] for f in found})


def worst(findings):
    return max((f["consequence"] for f in findings), key=WORST.index, default="none")


def same_words(one, other):
    """Return whether the machine without the fault has a finding with the same rule, severity and
    consequence, and the consequence is at most memory-at-risk. The row "none" reports such
    findings."""
    return other is not None and all(
        one[k] == other[k] for k in ("rule", "severity", "consequence")) and \
        WORST.index(one["consequence"]) <= WORST.index("memory-at-risk")
