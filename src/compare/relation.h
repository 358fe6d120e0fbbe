/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef COMPARE_RELATION_H
#define COMPARE_RELATION_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/capture.h"
#include "compare/comparison.h"
#include "compare/match_entries.h"

/*
 * Return the relation of SECOND to FIRST, the captures in @matching. Set @ret_why to the evidence
 * that SECOND is of another machine, or to NULL. The text follows the words "another machine than
 * FIRST" in a finding.
 */
enum relation find_relation(const struct matching *matching, const char **ret_why);

/* Return whether both captures have a boot ID, so that it is certain whether their boots differ. */
bool have_boot_ids(const struct efimap *first, const struct efimap *second);

/*
 * Return whether SECOND lists a configuration table of FIRST at another physical address, and set
 * @ret_value to that address. kexec does not move tables.
 */
bool table_has_moved(const struct efimap *first, const struct named_address *table,
		     const struct efimap *second, uint64_t *ret_value);

bool any_table_has_moved(const struct efimap *first, const struct efimap *second);

#endif
