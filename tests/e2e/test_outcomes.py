#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test the comparison of predicted and observed outcomes.

usage: test_outcomes.py EFIMAPCTL
"""
import pathlib
import sys
import tempfile
import unittest

import faults
import recorded
from faults_predict import Oracle
from faults_table import Fault
from outcomes import Prediction, compare_outcomes, of_answers, of_effects

HALF = "About half of such boots fail."
NO_BOOT, NO_RUNTIME, AT_RISK = "does-not-boot", "runtime-services-fail", "memory-at-risk"
# (outcome, certainty, sentence of the prediction, observed outcome, verdict, whether it is accepted)
CASES = (
    (NO_BOOT, "certain", "", NO_BOOT, "equal", True),
    (NO_BOOT, "certain", "", "ok", "harsher", False),
    (NO_BOOT, "certain", "", NO_RUNTIME, "harsher", False),
    (NO_RUNTIME, "certain", "", NO_BOOT, "milder", False),
    ("ok", None, "", "entry-dropped", "milder", False),
    ("cannot-load", "certain", "", "ok", "harsher", False),
    (NO_BOOT, "chance", HALF, NO_BOOT, "equal", True),
    (NO_BOOT, "chance", HALF, "ok", "chance", True),
    (NO_BOOT, "chance", "3 of 5 such kernels hung", NO_RUNTIME, "chance", True),
    (NO_BOOT, "chance", "Linux 6.12 did not boot, and 6.1 booted", "ok", "chance", True),
    (NO_BOOT, "chance", "kexec may overwrite 12 regions", "ok", "without a frequency", False),
    (NO_BOOT, "chance", "kexec may overwrite 12 regions", NO_BOOT, "without a frequency", False),
    (AT_RISK, "chance", "All 7 tested boots worked", NO_BOOT, "milder", False),
    ("ok", "condition", "ok, if the key is enrolled", NO_BOOT, "conditional", True),
    ("unknown", "unknown", "cannot tell", NO_BOOT, "cannot tell", True),
)
TABLE = """<!-- written by tests/e2e/faults.py: begin -->
{}
|---|---|---|---|---|---|---|
| made-up | the entry of runtime code is removed | 6.12, kexec-load | | | `{}` | |
<!-- written by tests/e2e/faults.py: end -->
"""


class Outcomes(unittest.TestCase):
    def test_verdicts(self):
        for outcome, certainty, sentence, observed, verdict, is_accepted in CASES:
            with self.subTest(outcome=outcome, certainty=certainty, observed=observed):
                got = compare_outcomes(Prediction(outcome, certainty, sentence), observed)
                self.assertEqual(got, verdict)
                self.assertEqual(faults.passed({"verdict": got, "silent": []}), is_accepted)

    def test_lost_results_fail(self):
        for predicted, observed in ((None, "ok"), (Prediction("ok"), None)):
            got = compare_outcomes(predicted, observed)
            self.assertFalse(faults.passed({"verdict": got, "silent": []}))

    def test_one_unknown_answer_is_unknown(self):
        known = {"outcome": NO_BOOT, "certainty": "certain", "answer": ""}
        unknown = {"outcome": "unknown", "certainty": "unknown", "answer": ""}
        self.assertFalse(of_answers([known, unknown]).is_known)
        self.assertIsNone(of_answers([]))

    def test_certain_answer_is_worse(self):
        one, other = ({"outcome": NO_BOOT, "certainty": word, "answer": ""} 
                      for word in ("chance", "certain"))
        self.assertEqual(of_answers([one, other]).certainty, "certain")

    def test_worse_outcome_that_is_not_excluded(self):
        """An answer may state one outcome, and that it cannot tell about a worse one."""
        predicted = of_answers([{"outcome": NO_RUNTIME, "certainty": "certain", "answer": "",
                                 "at_worst": NO_BOOT}])
        for observed, verdict in ((NO_RUNTIME, "equal"), ("cannot-load", "cannot tell"),
                                  (NO_BOOT, "cannot tell"), ("ok", "harsher")):
            self.assertEqual(compare_outcomes(predicted, observed), verdict)

    def test_effects(self):
        """Unknown effects matter only if they are bad, and worse than the known ones."""
        for effects, said in (((), "`ok`"),
                              (((AT_RISK, "unknown"),), "`ok`"),
                              (((NO_BOOT, "condition"),), "`ok`"),
                              (((NO_BOOT, "unknown"), (AT_RISK, "certain")), "cannot tell"),
                              (((NO_BOOT, "unknown"), (NO_BOOT, "chance")), "`does-not-boot`, chance"),
                              (((NO_BOOT, "unknown"), (NO_RUNTIME, "certain")),
                               "`runtime-services-fail`, certain, or `does-not-boot`")):
            self.assertEqual(str(of_effects(effects)), said)

    def test_made_up_row(self):
        """Without runtime code, runtime services fail with certainty. The row must fail if the
        document records a worse or a milder outcome, even with a reason for a milder outcome."""
        row = Fault(name="made-up", changes=("drop code",), harsher="a reason")
        with tempfile.TemporaryDirectory() as temp:
            path = pathlib.Path(temp) / "document.md"
            for observed, verdict in ((NO_RUNTIME, "equal"), ("ok", "harsher"),
                                      (NO_BOOT, "milder")):
                path.write_text(TABLE.format(faults.HEAD, observed))
                result, = recorded.of_faults(Oracle(PROGRAM), [row], path)
                self.assertEqual(result["verdict"], verdict)
                self.assertEqual(faults.passed(result), verdict == "equal")


if __name__ == "__main__":
    PROGRAM = sys.argv.pop()
    unittest.main()
