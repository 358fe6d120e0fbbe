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

#include "rules/rule_catalogue.h"

/**
 * struct efimap_effects - the effects that an answer permits
 * @known:     K, the worst effect that is certain or a matter of chance
 * @certainty: EFIMAP_CERTAIN if a finding with the effect @known is certain, else EFIMAP_CHANCE
 * @unknown:   U, the worst effect that is unknown
 * @n_conditions: number of facts that no file shows, and on which the answer depends
 */
struct efimap_effects {
	enum efimap_outcome known;
	enum efimap_certainty certainty;
	enum efimap_outcome unknown;
	size_t n_conditions;
};

/** efimap_is_bad() - return whether an effect is EFIMAP_OUTCOME_NO_RUNTIME or worse */
static inline bool efimap_is_bad(enum efimap_outcome effect)
{
	return effect >= EFIMAP_OUTCOME_NO_RUNTIME;
}

/** efimap_effects_outcome() - return the outcome that follows from a range */
static inline enum efimap_outcome efimap_effects_outcome(struct efimap_effects range)
{
	return !efimap_is_bad(range.known) && efimap_is_bad(range.unknown) ? EFIMAP_OUTCOME_UNKNOWN
									   : range.known;
}

/**
 * efimap_effects_certainty() - return the certainty of efimap_effects_outcome()
 *
 * EFIMAP_CERTAIN for a plain "ok", which JSON shows as null.
 */
static inline enum efimap_certainty efimap_effects_certainty(struct efimap_effects range)
{
	if (efimap_effects_outcome(range) == EFIMAP_OUTCOME_UNKNOWN)
		return EFIMAP_UNKNOWN;
	if (range.known == EFIMAP_OUTCOME_NONE)
		return range.n_conditions ? EFIMAP_CONDITION : EFIMAP_CERTAIN;
	return range.certainty;
}

/** efimap_effects_add() - add the effect of a finding to a range */
void efimap_effects_add(struct efimap_effects *range, enum efimap_outcome effect,
			enum efimap_certainty certainty);

/** efimap_effects_is_better() - compare (K, certainty, U): return whether @a is better than @b */
bool efimap_effects_is_better(struct efimap_effects a, struct efimap_effects b);

/** efimap_effects_are_equal() - return whether neither of two ranges is better than the other */
bool efimap_effects_are_equal(struct efimap_effects a, struct efimap_effects b);

/**
 * efimap_effects_join() - return the range of two loaders, of which either may be used
 *
 * If the ranges differ, K is the better one, and U is the worst effect in either.
 */
struct efimap_effects efimap_effects_join(struct efimap_effects a, struct efimap_effects b);

#endif
