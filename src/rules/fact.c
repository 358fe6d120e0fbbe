/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compute with facts that may be unknown. */
#include <stddef.h>

#include "rules/fact.h"

struct fact fact_of(bool is)
{
	return (struct fact){ .is = is ? EFIMAP_KNOWN_YES : EFIMAP_KNOWN_NO };
}

struct fact fact_unknown(void)
{
	return (struct fact){ .is = EFIMAP_NOT_KNOWN };
}

struct fact fact_known(enum known is)
{
	return (struct fact){ .is = is };
}

bool fact_is_yes(struct fact a)
{
	return a.is == EFIMAP_KNOWN_YES;
}

bool fact_is_no(struct fact a)
{
	return a.is == EFIMAP_KNOWN_NO;
}

bool fact_is_unknown(struct fact a)
{
	return a.is == EFIMAP_NOT_KNOWN;
}

struct fact fact_not(struct fact a)
{
	return fact_is_unknown(a) ? a : fact_of(fact_is_no(a));
}

struct fact fact_and(struct fact a, struct fact b)
{
	if (fact_is_no(a) || fact_is_no(b))
		return fact_of(false);
	if (fact_is_unknown(a) || fact_is_unknown(b))
		return fact_unknown();
	return a.because ? a : b;
}

struct fact fact_or(struct fact a, struct fact b)
{
	if (fact_is_yes(a) && fact_is_yes(b))
		return a.because ? a : b;
	if (fact_is_yes(a) || fact_is_yes(b))
		return fact_is_yes(a) ? a : b;
	return fact_not(fact_and(fact_not(a), fact_not(b)));
}

struct fact fact_else(struct fact a, struct fact b)
{
	return fact_is_unknown(a) ? fact_or(a, b) : a;
}

struct fact fact_only_if(struct fact a, struct fact b)
{
	return fact_is_unknown(a) ? fact_and(a, b) : a;
}

struct fact fact_any(bool is_found, bool is_complete)
{
	return is_found || is_complete ? fact_of(is_found) : fact_unknown();
}

struct fact fact_because(struct fact a, const char *because)
{
	a.because = fact_is_yes(a) ? because : NULL;
	return a;
}

struct fact fact_presumed(struct fact a, enum known is, const char *why)
{
	(void)why;
	return fact_is_unknown(a) ? fact_known(is) : a;
}
