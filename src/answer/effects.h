/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the range of an answer
 *
 * An answer is a range: K, the worst effect that is certain or a matter of chance, and U, the worst
 * effect that is unknown. The outcome, the certainty, the words and the exit status follow from K
 * and U.
 */
#ifndef ANSWER_EFFECTS_H
#define ANSWER_EFFECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/rule_catalogue.h"

/**
 * struct effects - the effects that an answer permits
 * @known:     K, the worst effect that is certain or a matter of chance
 * @certainty: EFIMAP_CERTAIN if a finding with the effect @known is certain, else EFIMAP_CHANCE
 * @unknown:   U, the worst effect that is unknown
 * @unknowns:  OUTCOME_BIT() of each effect that is unknown
 * @n_conditions: number of facts that no file shows, and on which the answer depends
 * @has_bad_condition: one of these facts has a bad effect if it does not hold
 */
struct effects {
	enum outcome known;
	enum certainty certainty;
	enum outcome unknown;
	uint32_t unknowns;
	size_t n_conditions;
	bool has_bad_condition;
};

/** outcome_is_bad() - return whether an effect is EFIMAP_OUTCOME_NO_RUNTIME or worse */
static inline bool outcome_is_bad(enum outcome effect)
{
	return effect >= EFIMAP_OUTCOME_NO_RUNTIME;
}

/** effects_outcome() - return the outcome that follows from a range */
static inline enum outcome effects_outcome(struct effects range)
{
	return !outcome_is_bad(range.known) && outcome_is_bad(range.unknown)
		       ? EFIMAP_OUTCOME_UNKNOWN
		       : range.known;
}

/**
 * effects_certainty() - return the certainty of effects_outcome()
 *
 * EFIMAP_CERTAIN for a plain "ok", which JSON shows as null.
 */
static inline enum certainty effects_certainty(struct effects range)
{
	if (effects_outcome(range) == EFIMAP_OUTCOME_UNKNOWN)
		return EFIMAP_UNKNOWN;
	if (range.known == EFIMAP_OUTCOME_NONE)
		return range.n_conditions ? EFIMAP_CONDITION : EFIMAP_CERTAIN;
	return range.certainty;
}

/** effects_add() - add the effect of a finding to a range */
void effects_add(struct effects *range, enum outcome effect, enum certainty certainty);

/** effects_is_better() - compare (K, certainty, U): return whether @a is better than @b */
bool effects_is_better(struct effects a, struct effects b);

#endif
