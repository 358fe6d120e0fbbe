/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said of a rule, part by part: the same in a terminal and on a page. */
#ifndef FORMAT_EXPLAIN_H
#define FORMAT_EXPLAIN_H

#include <stddef.h>

#include "model/rule.h"

/**
 * explain_section() - a part of what is said of a rule
 * @rule:        which
 * @at:          which part, from 0
 * @ret_heading: above it
 *
 * Return: its text, or NULL after the last.
 */
const char *explain_section(const struct efimap_rule *rule, size_t at,
			    const char **ret_heading);

#endif
