/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows of a comparison: gathered as they are judged, then sorted. Judges nothing. */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "check/sides.h"

void compare_add_match(struct compare *c, size_t first, size_t second,
		       enum efimap_mark mark)
{
	c->result->matches[c->result->n_matches++] =
		(struct efimap_match){ first, second, mark };
}

static uint64_t phys_of(const struct compare *c, const struct efimap_match *match)
{
	return match->first != EFIMAP_NO_ENTRY ? c->first->entries[match->first].phys :
						 c->second->entries[match->second].phys;
}

int compare_sort_matches(struct compare *c)
{
	const size_t count = c->result->n_matches;
	efimap_auto_free struct efimap_match *copy =
		efimap_array_new(count, sizeof(*copy));
	efimap_auto_free struct efimap_key *keys = efimap_array_new(count, sizeof(*keys));

	if (!copy || !keys)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		copy[i] = c->result->matches[i];
		keys[i] = (struct efimap_key){ phys_of(c, &copy[i]), (uint32_t)i };
	}
	efimap_sort_keys(keys, count);
	for (size_t i = 0; i < count; i++)
		c->result->matches[i] = copy[keys[i].index];
	return 0;
}
