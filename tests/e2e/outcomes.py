# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare a predicted outcome with the observed outcome of a second kernel.

If the prediction is certain, or is `ok`, the observed outcome must equal the predicted outcome.
With the certainty "chance", it must not be worse, and the sentence must state how often the
predicted outcome was seen. "Unknown" is never a failure, but is counted, and so is an outcome
between the predicted one and the worst one that efimapctl does not exclude.
"""
import dataclasses
import re

WORST = ("ok", "entry-dropped", "memory-at-risk", "runtime-services-fail",
         "boots-without-efi", "cannot-load", "does-not-boot")
# Expressions in sentences of efimapctl that state how often an outcome was seen
FREQUENCY = re.compile(r"\b(\d+ of \d+|[Oo]f \d+ such|[Aa]ll \d+|[Hh]alf of|[Nn]one of|not tested|"
                       r"no such boot was tested|only known case|never seen)\b|"
                       r"Linux \d[\d.]* (booted|did not boot)")
ACCEPTED = ("equal", "chance", "conditional", "unknown")


@dataclasses.dataclass(frozen=True)
class Prediction:
    outcome: str
    certainty: str = None       # None for `ok` without a condition
    sentence: str = None        # the text of the answer
    worse: str = None           # a worse outcome that is not excluded

    def __str__(self):
        if not self.is_known:
            return "unknown"
        if self.has_condition:
            return "`ok`, if …"
        said = "`ok`" if self.outcome == "ok" else f"`{self.outcome}`, {self.certainty}"
        return f"{said}, or `{self.worse}`" if self.worse else said

    @property
    def is_known(self):
        return self.certainty != "unknown" and self.outcome in WORST

    @property
    def has_condition(self):
        """Return whether the prediction depends on a condition that no file shows. The sentence
        then begins with "ok, if" and the condition."""
        return self.outcome == "ok" and self.certainty == "condition"


def worst(predictions):
    return max(predictions, key=lambda one: (WORST.index(one.outcome), one.certainty == "certain"),
               default=Prediction("ok"))


def of_effects(effects):
    """Return the prediction that follows from the effects of several findings, which are pairs
    (outcome, certainty). Conditions are ignored."""
    known = worst(Prediction(outcome, certainty) for outcome, certainty in effects
                  if certainty in ("certain", "chance"))
    unknown = worst(Prediction(outcome) for outcome, certainty in effects
                    if certainty == "unknown").outcome
    bad = WORST.index("runtime-services-fail")
    if WORST.index(unknown) <= max(WORST.index(known.outcome), bad - 1):
        return known
    if WORST.index(known.outcome) < bad:
        return Prediction(unknown, "unknown")
    return dataclasses.replace(known, worse=unknown)


def words_of(answer):
    """Return the sentence of an answer and the texts of its reasons, which state frequencies."""
    return ". ".join([answer["sentence"], *(reason["text"] for reason in answer["reasons"])])


def of_answers(answers):
    """Return the prediction that follows from several answers. It is unknown if one answer is
    unknown, and the worst one otherwise. Return None if there is no answer."""
    made = [Prediction(a["outcome"], a["certainty"], words_of(a), worse_in(a)) for a in answers]
    unknown = [one for one in made if not one.is_known]
    return unknown[0] if unknown else worst(made) if made else None


def worse_in(answer):
    """Return the worst unknown outcome of an answer, if it is an error and worse than the outcome
    of the answer, otherwise None."""
    unknown = [WORST.index(reason["outcome"]) for reason in answer["reasons"]
               if reason["certainty"] == "unknown"]
    least = max(WORST.index(answer["outcome"] or "ok"), WORST.index("memory-at-risk"))
    return WORST[max(unknown)] if unknown and max(unknown) > least else None


def compare_outcomes(predicted, observed):
    """Return the verdict on a prediction. Verdicts that are not in ACCEPTED are failures.

    predicted: a Prediction, or None
    observed: one of WORST, or None
    """
    if predicted is None or observed is None:
        return "without a result"
    if not predicted.is_known:
        return "unknown"
    if predicted.has_condition:
        return "conditional"
    difference = WORST.index(predicted.outcome) - WORST.index(observed)
    if difference < 0:
        is_open = predicted.worse and WORST.index(observed) <= WORST.index(predicted.worse)
        return "unknown" if is_open else "milder"
    if predicted.certainty != "chance":
        return "harsher" if difference else "equal"
    if predicted.sentence is not None and not FREQUENCY.search(predicted.sentence):
        return "without a frequency"
    return "chance" if difference else "equal"
