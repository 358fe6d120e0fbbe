/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compute, compare and join the ranges of answers. */
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

bool effects_are_equal(struct effects a, struct effects b)
{
	return !effects_is_better(a, b) && !effects_is_better(b, a);
}

struct effects effects_join(struct effects a, struct effects b)
{
	struct effects joined = effects_is_better(b, a) ? b : a;

	joined.n_conditions = a.n_conditions > b.n_conditions ? a.n_conditions : b.n_conditions;
	joined.has_bad_condition = a.has_bad_condition || b.has_bad_condition;
	joined.unknowns = a.unknowns | b.unknowns;
	if (!effects_are_equal(a, b))
		joined.unknowns |= OUTCOME_BIT(a.known > b.known ? a.known : b.known);
	joined.unknown = worst_outcome(joined.unknowns);
	return joined;
}
