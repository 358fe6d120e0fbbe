# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare an outcome that efimapctl predicts with the outcome that a second kernel shows.

A prediction with the certainty "will" must come true: a milder and a worse outcome are both
failures. With "may", the predicted outcome and every milder one are accepted, if the sentence says
how often the outcome was seen. "Cannot tell" is never a failure, but is counted.
"""
import dataclasses
import re

WORST = ("none", "entry-dropped", "memory-at-risk", "runtime-services-fail",
         "boots-without-efi", "cannot-load", "does-not-boot")
# How often an outcome was seen, as the sentences of efimapctl say it.
FREQUENCY = re.compile(r"\b(\d+ of \d+|[Oo]f \d+ such|[Aa]ll \d+|[Hh]alf of|[Nn]one of|not tested|"
                       r"no such boot was tested|only known case|never seen)\b|"
                       r"Linux \d[\d.]* (booted|did not boot)")
ACCEPTED = ("equal", "may", "conditional", "cannot tell")


@dataclasses.dataclass(frozen=True)
class Prediction:
    outcome: str
    certainty: str
    sentence: str = None        # None if nothing needs to say how often the outcome was seen

    def __str__(self):
        if not self.is_known:
            return "cannot tell"
        return f"`{self.outcome}`, {'if …' if self.has_condition else self.certainty}"

    @property
    def is_known(self):
        return self.certainty != "unknown" and self.outcome in WORST

    @property
    def has_condition(self):
        """Return whether the sentence ends with a condition that no file shows, "if …"."""
        return self.outcome == "none" and self.certainty == "may"


def worst(predictions):
    return max(predictions, key=lambda one: (WORST.index(one.outcome), one.certainty == "will"),
               default=Prediction("none", "will"))


def of_answers(answers):
    """Return the prediction of several answers: an unknown one, or else the worst one. Return None
    if there is no answer."""
    made = [Prediction(a["outcome"], a["certainty"], a["answer"]) for a in answers]
    unknown = [one for one in made if not one.is_known]
    return unknown[0] if unknown else worst(made) if made else None


def compare_outcomes(predicted, observed):
    """Return the verdict on a prediction. The verdicts of ACCEPTED are no failures.

    predicted: a Prediction, or None
    observed: one of WORST, or None
    """
    if predicted is None or observed is None:
        return "without a result"
    if not predicted.is_known:
        return "cannot tell"
    if predicted.has_condition:
        return "conditional"
    difference = WORST.index(predicted.outcome) - WORST.index(observed)
    if difference < 0:
        return "milder"
    if predicted.certainty == "will":
        return "harsher" if difference else "equal"
    if predicted.sentence is not None and not FREQUENCY.search(predicted.sentence):
        return "without a frequency"
    return "may" if difference else "equal"
