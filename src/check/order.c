/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The entries in the order of what they say, and of their virtual addresses. A map is
 * numbered as firmware listed it or as a file system's hash had it: rules that walk it by
 * address do so in memory too, and none can come to depend on the numbers. Judges nothing.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/bulk.h"
#include "base/cleanup.h"
#include "base/sort.h"
#include "check/check.h"
#include "check/place.h"

int check_compare(const struct efimap_entry *left, const struct efimap_entry *right)
{
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

/* Among equal addresses too, the numbers decide nothing. */
static int by_content(const void *a, const void *b, void *data)
{
	const struct efimap_entry *entries = data;

	return check_compare(&entries[((const struct efimap_key *)a)->index],
			     &entries[((const struct efimap_key *)b)->index]);
}

static bool is_ordered(const struct efimap *map)
{
	for (size_t i = 1; i < map->n_entries; i++)
		if (check_compare(&map->entries[i - 1], &map->entries[i]) > 0)
			return false;
	return true;
}

/* As most firmware lists its memory, and no two at one address. */
static bool is_descending(const struct efimap *map)
{
	for (size_t i = 1; i < map->n_entries; i++)
		if (map->entries[i - 1].phys <= map->entries[i].phys)
			return false;
	return true;
}

static void copy_reversed(const struct efimap *map, struct efimap_entry *copy)
{
	for (size_t i = 0; i < map->n_entries; i++)
		copy[i] = map->entries[map->n_entries - 1 - i];
}

static int copy_sorted(const struct efimap *map, struct efimap_entry *copy)
{
	efimap_auto_free struct efimap_key *keys =
		efimap_bulk_new(map->n_entries, sizeof(*keys));
	const size_t count = map->n_entries;
	int ret;

	if (!keys)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		keys[i] = (struct efimap_key){ map->entries[i].phys, (uint32_t)i };
	ret = efimap_sort_keys(keys, count);
	if (ret < 0)
		return ret;
	efimap_sort_ties(keys, count, by_content, map->entries);
	for (size_t i = 0; i < count; i++) {
		check_fetch(&map->entries[keys[i + CHECK_AHEAD < count ? i + CHECK_AHEAD : i]
						  .index]);
		copy[i] = map->entries[keys[i].index];
	}
	return 0;
}

int check_order(struct check *c)
{
	const struct efimap *map = c->listed;
	int ret = 0;

	if (is_ordered(map))
		return 0;
	if (map->n_entries >= UINT32_MAX)
		return -EOVERFLOW;
	c->copy = efimap_bulk_new(map->n_entries, sizeof(*c->copy));
	if (!c->copy)
		return -ENOMEM;
	if (is_descending(map))
		copy_reversed(map, c->copy);
	else
		ret = copy_sorted(map, c->copy);
	c->ordered = *map;
	c->ordered.entries = c->copy;
	c->map = &c->ordered;
	return ret;
}

static struct efimap_key *sort_by_virt(struct check *c)
{
	const struct efimap *map = c->map;
	efimap_auto_free struct efimap_key *keys =
		efimap_bulk_new(map->n_entries, sizeof(*keys));

	if (!keys) {
		c->error = -ENOMEM;
		return NULL;
	}
	for (size_t i = 0; i < map->n_entries; i++)
		if (check_place_is_sound(check_place(c, i)))
			keys[c->n_by_virt++] =
				(struct efimap_key){ map->entries[i].virt, (uint32_t)i };
	c->error = efimap_sort_keys(keys, c->n_by_virt);
	efimap_sort_ties(keys, c->n_by_virt, by_content, map->entries);
	return efimap_steal(keys);
}

const struct efimap_key *check_by_virt(struct check *c)
{
	if (!c->by_virt && !c->error)
		c->by_virt = sort_by_virt(c);
	return c->error ? NULL : c->by_virt;
}
