/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The entries in the order of what they say, and of their virtual addresses. A map is
 * numbered as firmware listed it or as a file system's hash had it: in a copy that is in
 * order, no rule can come to depend on the numbers. Judges nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sort.h"
#include "check/check.h"
#include "check/place.h"

/* By what they say; the index decides last. */
static int by_content(const void *a, const void *b)
{
	const struct efimap_entry *left = a, *right = b;
	int order = efimap_order(left->phys, right->phys);

	if (!order)
		order = efimap_order(left->virt, right->virt);
	if (!order)
		order = efimap_order(left->pages, right->pages);
	if (!order)
		order = efimap_order(left->type, right->type);
	if (!order)
		order = efimap_order(left->attribute, right->attribute);
	return order ? order : efimap_order(left->index, right->index);
}

int check_order(struct check *c)
{
	const struct efimap *map = c->listed;
	const size_t count = map->n_entries;

	if (count < 2)
		return 0;
	c->copy = efimap_array_new(count, sizeof(*c->copy));
	if (!c->copy)
		return -ENOMEM;
	memcpy(c->copy, map->entries, count * sizeof(*c->copy));
	qsort(c->copy, count, sizeof(*c->copy), by_content);
	c->ordered = *map;
	c->ordered.entries = c->copy;
	c->map = &c->ordered;
	return 0;
}

/* Entries are in order already, so of equal addresses the position decides. */
int check_sort_by_virt(struct check *c)
{
	const struct efimap *map = c->map;

	c->by_virt = efimap_array_new(map->n_entries, sizeof(*c->by_virt));
	if (!c->by_virt)
		return -ENOMEM;
	for (size_t i = 0; i < map->n_entries; i++)
		if (check_place_is_sound(check_place(c, i)))
			c->by_virt[c->n_by_virt++] =
				(struct efimap_key){ map->entries[i].virt, (uint32_t)i };
	efimap_sort_keys(c->by_virt, c->n_by_virt);
	return 0;
}
