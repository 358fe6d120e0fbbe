# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare a predicted outcome with the observed outcome of a second kernel.

If the prediction is certain, or is `ok`, the observed outcome must equal the predicted outcome.
With the certainty "chance", it must not be worse, and the sentence must state how often the
predicted outcome was seen. "Cannot tell" is never a failure, but is counted, and so is an outcome
between the predicted one and the worst one that efimapctl does not exclude (at_worst).
"""
import dataclasses
import re

WORST = ("ok", "entry-dropped", "memory-at-risk", "runtime-services-fail",
         "boots-without-efi", "cannot-load", "does-not-boot")
# Expressions in sentences of efimapctl that state how often an outcome was seen
FREQUENCY = re.compile(r"\b(\d+ of \d+|[Oo]f \d+ such|[Aa]ll \d+|[Hh]alf of|[Nn]one of|not tested|"
                       r"no such boot was tested|only known case|never seen)\b|"
                       r"Linux \d[\d.]* (booted|did not boot)")
ACCEPTED = ("equal", "chance", "conditional", "cannot tell")


@dataclasses.dataclass(frozen=True)
class Prediction:
    outcome: str
    certainty: str = None       # None for `ok` without a condition
    sentence: str = None        # the text of the answer
    at_worst: str = None        # a worse outcome that is not excluded

    def __str__(self):
        if not self.is_known:
            return "cannot tell"
        if self.has_condition:
            return "`ok`, if …"
        said = "`ok`" if self.outcome == "ok" else f"`{self.outcome}`, {self.certainty}"
        return f"{said}, or `{self.at_worst}`" if self.at_worst else said

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
        return Prediction("unknown", "unknown", at_worst=unknown)
    return dataclasses.replace(known, at_worst=unknown)


def words_of(answer):
    """Return the sentence of an answer and the texts of its reasons, which state frequencies."""
    return ". ".join([answer["answer"], *(reason["text"] for reason in answer["reasons"])])


def of_answers(answers):
    """Return the prediction that follows from several answers. It is unknown if one answer is
    unknown, and the worst one otherwise. Return None if there is no answer."""
    made = [Prediction(a["outcome"], a["certainty"], words_of(a), worse_in(a)) for a in answers]
    unknown = [one for one in made if not one.is_known]
    return unknown[0] if unknown else worst(made) if made else None


def worse_in(answer):
    """Return the outcome that an answer does not exclude, if it is worse than the outcome of the
    answer and makes it "cannot tell", otherwise None."""
    outcome, at_worst = answer["outcome"], answer.get("at_worst")
    if outcome not in WORST or at_worst not in WORST[WORST.index("runtime-services-fail"):]:
        return None
    return at_worst if WORST.index(at_worst) > WORST.index(outcome) else None


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
        is_open = predicted.at_worst and WORST.index(observed) <= WORST.index(predicted.at_worst)
        return "cannot tell" if is_open else "milder"
    if predicted.certainty != "chance":
        return "harsher" if difference else "equal"
    if predicted.sentence is not None and not FREQUENCY.search(predicted.sentence):
        return "without a frequency"
    return "chance" if difference else "equal"
