/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Collect and compare the effects that answers permit. */
#include "answer/effects.h"

void effects_add(struct effects *range, enum outcome effect, enum certainty certainty, bool is_seen)
{
	uint32_t *const sets[] = {
		[EFIMAP_CERTAIN] = &range->certain,
		[EFIMAP_CHANCE] = &range->chances,
		[EFIMAP_CONDITION] = &range->conditions,
		[EFIMAP_UNKNOWN] = &range->unknowns,
	};

	if (effect == EFIMAP_OUTCOME_NONE)
		return;
	*sets[certainty] |= OUTCOME_BIT(effect);
	range->is_hazard_seen |=
		is_seen && certainty == EFIMAP_UNKNOWN && effect == EFIMAP_OUTCOME_NO_BOOT;
}

/* Return U as far as it affects an answer: an unknown effect that is at most a warning does not. */
static enum outcome bad_unknown(struct effects range)
{
	const enum outcome worst = effects_unknown(range);

	return outcome_is_bad(worst) ? worst : EFIMAP_OUTCOME_NONE;
}

bool effects_is_better(struct effects a, struct effects b)
{
	const enum outcome known_a = effects_known(a), known_b = effects_known(b);

	if (known_a != known_b)
		return known_a < known_b;
	if (effects_are_certain(a) != effects_are_certain(b))
		return !effects_are_certain(a);
	return bad_unknown(a) < bad_unknown(b);
}
