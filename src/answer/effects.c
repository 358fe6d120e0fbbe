/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compute and compare the ranges of answers. */
#include "answer/effects.h"

void effects_add(struct effects *range, enum outcome effect, enum certainty certainty)
{
	if (effect == EFIMAP_OUTCOME_NONE)
		return;
	if (certainty == EFIMAP_CONDITION) {
		range->n_conditions++;
		range->has_bad_condition |= outcome_is_bad(effect);
	} else if (certainty == EFIMAP_UNKNOWN) {
		range->unknowns |= OUTCOME_BIT(effect);
		range->unknown = worst_outcome(range->unknowns);
	} else if (effect > range->known ||
		   (effect == range->known && certainty < range->certainty)) {
		range->known = effect;
		range->certainty = certainty;
	}
}

/* Return U as far as it affects an answer: at most a warning is listed as not checked. */
static enum outcome bad_unknown(struct effects range)
{
	return outcome_is_bad(range.unknown) ? range.unknown : EFIMAP_OUTCOME_NONE;
}

bool effects_is_better(struct effects a, struct effects b)
{
	if (a.known != b.known)
		return a.known < b.known;
	if (a.known != EFIMAP_OUTCOME_NONE && a.certainty != b.certainty)
		return a.certainty > b.certainty;
	return bad_unknown(a) < bad_unknown(b);
}
