#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run the end-to-end scenarios of scenarios.rows with real firmware and real kernels.

Each stage runs efimapctl snapshot and verify. Later stages also run received, and run compare with
the snapshot of the previous kernel. A scenario is skipped if a program or a package is missing on
this machine. If a scenario was skipped and none failed, the exit status is 77.
"""
import argparse
import contextlib
import json
import pathlib
import sys
import time

import guest
from document import save, sent_document
from scenarios import SCENARIOS

EXIT_OF = {"same": 0, "received": 0, "received-unusable": 1, "not-received": 1, "drift": 1}


# Set the clock to 1970, as on a machine without a battery, and add a snapshot to the store. Each
# stage passes the directory /carry to the next kernel.
CLOCK = """date -s @1000 >/dev/null
run clock date +%s
mkdir -p /carry/store
read -r boot </proc/sys/kernel/random/boot_id
run store efimapctl snapshot -O /carry/store/$boot.json
run stored ls /carry/store"""


def stage_script(scenario, number, keep):
    lines = [] if scenario.clock else CLOCK.splitlines()
    lines += [f"run snapshot efimapctl snapshot -O /carry/{number}.json",
              "[ -e /carry/%d.json ] && send snapshot.json </carry/%d.json" % (number, number)]
    load = ""
    if number <= len(scenario.hops):
        hop = scenario.hops[number - 1]
        loader = "kexec-file-load" if "file" in hop.loader else "kexec-load"
        load = f"--loader={loader} --kernel=/boot/vmlinuz-{hop.kernel} --initrd=/run/next.cpio"
        lines.append("next_initrd" if number == len(scenario.hops) else "next_initrd kernels")
    lines.append(f"run verify efimapctl verify --json {load}")
    if number > 1:
        hop = scenario.hops[number - 2]
        lines.append("run received efimapctl received --json")
        lines.append("run received-text efimapctl received")
        if hop.compare:
            lines.append(f"run compare efimapctl compare --json /carry/{number - 1}.json")
            lines.append(f"run compare-text efimapctl compare /carry/{number - 1}.json")
            lines.append("cat /run/out/stdout")
    if number > 2:
        chain = " ".join(f"/carry/{n}.json" for n in range(1, number + 1))
        lines.append(f"run chain efimapctl compare --json {chain}")
    if keep:
        lines.append("tree")
    if number <= len(scenario.hops):
        hop = scenario.hops[number - 1]
        lines.append(f"hop {hop.loader} vmlinuz-{hop.kernel} '{hop.options}' '{hop.append}'")
    return "\n".join(lines) + "\n"


class Result:
    def __init__(self, files, console, timed_out):
        self.files = files
        self.console = console
        self.wrong = ["the machine exceeded the time limit"] if timed_out else []

    def say(self, text):
        self.wrong.append(text)

    def status(self, stage, name):
        raw = self.files.get(f"{stage}/{name}.exit")
        return int(raw) if raw else None

    def document(self, stage, name):
        return sent_document(self.files, f"{stage}/{name}")

    def expect_status(self, stage, name, wanted):
        got = self.status(stage, name)
        if got != wanted:
            message = self.files.get(f"{stage}/{name}.stderr", b"").decode().strip()
            self.say(f"stage {stage}: {name}: exit {got}, expected {wanted} {message}")

    def expect(self, stage, what, got, wanted):
        if got != wanted:
            self.say(f"stage {stage}: {what}: {got}, expected {wanted}")


def check_clock(scenario, result):
    """Check that each kernel's clock was in 1970, and that in each stage, the store contains one
    snapshot of each kernel until then."""
    for stage in range(1, len(scenario.hops) + 2):
        result.expect(stage, "length of the clock's output in 1970",
                      len(result.files.get(f"{stage}/clock.stdout", b"")), 5)
        result.expect_status(stage, "store", 0)
        stored = result.files.get(f"{stage}/stored.stdout", b"").decode().split()
        if len(stored) != stage or not all(name.endswith(".json") for name in stored):
            result.say(f"stage {stage}: the store contains {stored}, expected {stage} snapshots")


def check_hop(result, stage, hop):
    result.expect_status(stage, "received", EXIT_OF[hop.received])
    said = result.document(stage, "received")
    result.expect(stage, "received", said.get("verdict"), hop.received)
    if hop.received == "received":
        loader = "kexec-file-load" if "file" in hop.loader else "kexec-load"
        result.expect(stage, "loader in received", said.get("loader"), loader)
    causes = json.dumps(said.get("causes", []))
    if hop.cause and hop.cause not in causes:
        result.say(f"stage {stage}: received: no cause contains {hop.cause}: {causes}")
    if not hop.compare:
        return
    result.expect_status(stage, "compare", EXIT_OF[hop.compare])
    drift = result.document(stage, "compare")
    result.expect(stage, "compare", drift.get("verdict"), hop.compare)
    found = {f["rule"] for f in drift.get("findings", [])}
    if hop.rule and hop.rule not in found:
        result.say(f"stage {stage}: compare: rule {hop.rule} did not match, only {sorted(found)}")
    if hop.compare == "same":
        for finding in drift.get("findings", []):
            if finding["severity"] != "note":
                result.say(f"stage {stage}: compare: {finding['severity']}: "
                           f"{finding['message']} [{finding['rule']}]")


def check(scenario, result):
    result.expect_status(1, "verify", scenario.verify)
    result.expect_status(1, "snapshot", scenario.snapshot)
    for stage, hop in enumerate(scenario.hops, 2):
        if f"{stage}/verify.exit" not in result.files:
            result.say(f"stage {stage} was not reached")
            return
        check_hop(result, stage, hop)
    if not scenario.clock:
        check_clock(scenario, result)
    if len(scenario.hops) > 1:
        result.expect_status(len(scenario.hops) + 1, "chain", 0)
    for name in result.files:
        if name.endswith("verify.stdout"):
            stage = name.split("/", maxsplit=1)[0]
            for finding in result.document(stage, "verify").get("findings", []):
                if finding["severity"] == "error" and finding["rule"] not in scenario.errors.split():
                    result.say(f"stage {stage}: verify: {finding['message']} "
                               f"[{finding['rule']}]")


def run(scenario, tool, keep):
    kernels = sorted({hop.kernel for hop in scenario.hops})
    stages = [stage_script(scenario, n, keep) for n in range(1, len(scenario.hops) + 2)]
    programs = [tool, guest.kexec()]
    result = Result(*guest.boot(scenario.machine, kernels, stages, programs,
                                scenario.append, first=scenario.first))
    check(scenario, result)
    if keep:
        save(pathlib.Path(keep) / scenario.name,
             {**result.files, "console": result.console.encode()})
    return result.wrong


def timed(scenario, tool, keep):
    began = time.monotonic()
    try:
        wrong = run(scenario, tool, keep)
    except guest.Missing as missing:
        return missing, 0
    return wrong, time.monotonic() - began


def fill_cache(scenarios):
    """Extract the kernels and kexec before scenarios run in parallel, because scenarios share them.
    run() reports the missing ones."""
    for series in sorted({s.first for s in scenarios} | {h.kernel for s in scenarios for h in s.hops}):
        with contextlib.suppress(guest.Missing):
            guest.kernel(series)
    with contextlib.suppress(guest.Missing):
        guest.kexec()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--tool", default="build/src/cli/efimapctl", type=pathlib.Path)
    parser.add_argument("--all", action="store_true", help="run all scenarios")
    parser.add_argument("--list", action="store_true", help="list the scenarios")
    parser.add_argument("--keep", help="directory for the results of each machine")
    parser.add_argument("names", nargs="*", help="run only these scenarios")
    options = parser.parse_args()
    chosen = [s for s in SCENARIOS
              if s.name in options.names or not options.names and (options.all or s.short)]
    unknown = set(options.names) - {s.name for s in SCENARIOS}
    if unknown:
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    if options.list:
        print("\n".join(f"{'short' if s.short else 'long':5} {s.name}" for s in SCENARIOS))
        return 0
    bad = skipped = 0
    tool = options.tool.resolve()
    fill_cache(chosen)
    for scenario, (wrong, seconds) in zip(
            chosen, guest.at_once(lambda s: timed(s, tool, options.keep), chosen)):
        if isinstance(wrong, guest.Missing):
            print(f"skipped: {scenario.name}: this machine lacks {wrong}", flush=True)
            skipped += 1
            continue
        print(f"{'FAIL' if wrong else 'ok':4} {scenario.name} ({seconds:.0f} s)", flush=True)
        for line in wrong:
            print(f"     {line}", flush=True)
        bad += bool(wrong)
    print(f"{len(chosen) - bad - skipped} of {len(chosen)} scenarios as expected")
    return 1 if bad else 77 if skipped else 0


if __name__ == "__main__":
    sys.exit(main())
