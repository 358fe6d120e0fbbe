# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare a predicted outcome with the observed outcome of a second kernel.

With the certainty "will", the observed outcome must equal the predicted outcome. With "may", it
must not be worse, and the sentence must state how often the predicted outcome was seen. "Cannot
tell" is never a failure, but is counted.
"""
import dataclasses
import re

WORST = ("none", "entry-dropped", "memory-at-risk", "runtime-services-fail",
         "boots-without-efi", "cannot-load", "does-not-boot")
# Expressions in sentences of efimapctl that state how often an outcome was seen
FREQUENCY = re.compile(r"\b(\d+ of \d+|[Oo]f \d+ such|[Aa]ll \d+|[Hh]alf of|[Nn]one of|not tested|"
                       r"no such boot was tested|only known case|never seen)\b|"
                       r"Linux \d[\d.]* (booted|did not boot)")
ACCEPTED = ("equal", "may", "conditional", "cannot tell")


@dataclasses.dataclass(frozen=True)
class Prediction:
    outcome: str
    certainty: str
    sentence: str = None        # the text of the answer

    def __str__(self):
        if not self.is_known:
            return "cannot tell"
        return f"`{self.outcome}`, {'if …' if self.has_condition else self.certainty}"

    @property
    def is_known(self):
        return self.certainty != "unknown" and self.outcome in WORST

    @property
    def has_condition(self):
        """Return whether the prediction depends on a condition that no file shows. The sentence
        then ends with "if" and the condition."""
        return self.outcome == "none" and self.certainty == "may"


def worst(predictions):
    return max(predictions, key=lambda one: (WORST.index(one.outcome), one.certainty == "will"),
               default=Prediction("none", "will"))


def of_answers(answers):
    """Return the prediction that follows from several answers. It is unknown if one answer is
    unknown, and the worst one otherwise. Return None if there is no answer."""
    made = [Prediction(a["outcome"], a["certainty"], a["answer"]) for a in answers]
    unknown = [one for one in made if not one.is_known]
    return unknown[0] if unknown else worst(made) if made else None


def compare_outcomes(predicted, observed):
    """Return the verdict on a prediction. Verdicts that are not in ACCEPTED are failures.

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
