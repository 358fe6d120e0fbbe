/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compute, compare and join the ranges of answers. */
#include "answer/effects.h"

void efimap_effects_add(struct efimap_effects *range, enum efimap_outcome effect,
			enum efimap_certainty certainty)
{
	if (effect == EFIMAP_OUTCOME_NONE)
		return;
	if (certainty == EFIMAP_CONDITION) {
		range->n_conditions++;
	} else if (certainty == EFIMAP_UNKNOWN) {
		if (effect > range->unknown)
			range->unknown = effect;
	} else if (effect > range->known ||
		   (effect == range->known && certainty < range->certainty)) {
		range->known = effect;
		range->certainty = certainty;
	}
}

/* Return U as far as it affects an answer: at most a warning is listed as not checked. */
static enum efimap_outcome bad_unknown(struct efimap_effects range)
{
	return efimap_is_bad(range.unknown) ? range.unknown : EFIMAP_OUTCOME_NONE;
}

bool efimap_effects_is_better(struct efimap_effects a, struct efimap_effects b)
{
	if (a.known != b.known)
		return a.known < b.known;
	if (a.known != EFIMAP_OUTCOME_NONE && a.certainty != b.certainty)
		return a.certainty > b.certainty;
	return bad_unknown(a) < bad_unknown(b);
}

bool efimap_effects_are_equal(struct efimap_effects a, struct efimap_effects b)
{
	return !efimap_effects_is_better(a, b) && !efimap_effects_is_better(b, a);
}

static enum efimap_outcome worst(enum efimap_outcome a, enum efimap_outcome b)
{
	return a > b ? a : b;
}

struct efimap_effects efimap_effects_join(struct efimap_effects a, struct efimap_effects b)
{
	struct efimap_effects joined = efimap_effects_is_better(b, a) ? b : a;

	joined.n_conditions = a.n_conditions > b.n_conditions ? a.n_conditions : b.n_conditions;
	joined.unknown = worst(a.unknown, b.unknown);
	if (!efimap_effects_are_equal(a, b))
		joined.unknown = worst(worst(a.known, b.known), joined.unknown);
	return joined;
}
