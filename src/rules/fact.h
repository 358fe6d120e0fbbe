/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Facts that may be unknown. The operators are those of Kleene's logic: a result is unknown only if
 * the unknown operands decide it.
 */
#ifndef RULES_FACT_H
#define RULES_FACT_H

#include <stdbool.h>

#include "base/yes_no_unknown.h"

/*
 * struct fact - yes, no or unknown
 * @because: a clause with the reason, or NULL; only if the fact is yes
 */
struct fact {
	enum known is;
	const char *because;
};

/*
 * Return a fact that is always known: a constant, or a property of the load or of the options
 * (tests/lint/facts.py). Other facts are read with the functions in read_facts.h.
 */
struct fact fact_of(bool is);

/* Return a fact that is unknown, or that has the value @is. */
struct fact fact_unknown(void);
struct fact fact_known(enum known is);

bool fact_is_yes(struct fact a);
bool fact_is_no(struct fact a);
bool fact_is_unknown(struct fact a);

struct fact fact_not(struct fact a);
/* For both, @because is that of the first operand that is yes and has a reason. */
struct fact fact_and(struct fact a, struct fact b);
struct fact fact_or(struct fact a, struct fact b);
/* Return @a or, if it is unknown, what the weaker evidence @b shows. @b can only prove a yes. */
struct fact fact_else(struct fact a, struct fact b);
/* Return @a or, if it is unknown, what the condition @b shows. @b can only prove a no. */
struct fact fact_only_if(struct fact a, struct fact b);
/* Return whether a list contains something: no only if the list is complete. */
struct fact fact_any(bool is_found, bool is_complete);
/* Give a fact a reason. */
struct fact fact_because(struct fact a, const char *because);
/*
 * Return @a or, if it is unknown, @is: what may be presumed, for the reason @why. CONTRIBUTING.md
 * lists the presumptions.
 */
struct fact fact_presumed(struct fact a, enum known is, const char *why);

#endif
