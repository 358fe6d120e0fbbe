/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the effects that an answer permits
 *
 * An answer permits K, the worst effect that is certain or a matter of chance, and U, the worst
 * effect that is unknown. The word follows from the effects by certainty (answer/words.h).
 */
#ifndef ANSWER_EFFECTS_H
#define ANSWER_EFFECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/rule_catalogue.h"

/**
 * struct effects - the effects that an answer permits, as sets of OUTCOME_BIT()
 * @certain:    effects that are certain
 * @chances:    effects that are a matter of chance
 * @conditions: effects that follow if a fact that no file shows does not hold
 * @unknowns:   effects that are unknown
 * @is_hazard_seen: the cause was seen because of which it is unknown whether the kernel boots
 */
struct effects {
	uint32_t certain;
	uint32_t chances;
	uint32_t conditions;
	uint32_t unknowns;
	bool is_hazard_seen;
};

/** outcome_is_bad() - return whether an effect is EFIMAP_OUTCOME_NO_RUNTIME or worse */
static inline bool outcome_is_bad(enum outcome effect)
{
	return effect >= EFIMAP_OUTCOME_NO_RUNTIME;
}

/** effects_known() - return K, or EFIMAP_OUTCOME_NONE */
static inline enum outcome effects_known(struct effects range)
{
	return worst_outcome(range.certain | range.chances);
}

/** effects_unknown() - return U, or EFIMAP_OUTCOME_NONE */
static inline enum outcome effects_unknown(struct effects range)
{
	return worst_outcome(range.unknowns);
}

/** effects_are_certain() - return whether K is certain; true without a K */
static inline bool effects_are_certain(struct effects range)
{
	return !((range.certain | range.chances) & ~range.certain &
		 OUTCOME_BIT(effects_known(range)));
}

/** effects_are_unknown() - return whether U is bad, and K is not, so that U determines the word */
static inline bool effects_are_unknown(struct effects range)
{
	return !outcome_is_bad(effects_known(range)) && outcome_is_bad(effects_unknown(range));
}

/** effects_outcome() - return the outcome that follows: K or, if it determines the word, U */
static inline enum outcome effects_outcome(struct effects range)
{
	return effects_are_unknown(range) ? effects_unknown(range) : effects_known(range);
}

/**
 * effects_certainty() - return the certainty of effects_outcome()
 *
 * EFIMAP_CERTAIN for a plain "ok", which JSON shows as null.
 */
static inline enum certainty effects_certainty(struct effects range)
{
	if (effects_are_unknown(range))
		return EFIMAP_UNKNOWN;
	if (effects_known(range) == EFIMAP_OUTCOME_NONE)
		return range.conditions ? EFIMAP_CONDITION : EFIMAP_CERTAIN;
	return effects_are_certain(range) ? EFIMAP_CERTAIN : EFIMAP_CHANCE;
}

/**
 * effects_add() - add the effect of a finding
 * @is_seen: the cause of the effect was seen
 */
void effects_add(struct effects *range, enum outcome effect, enum certainty certainty,
		 bool is_seen);

/** effects_is_better() - compare (K, certainty, U): return whether @a is better than @b */
bool effects_is_better(struct effects a, struct effects b);

#endif
