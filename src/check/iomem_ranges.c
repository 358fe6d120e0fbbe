/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What memmap calls reserved against what iomem calls System RAM: does the running kernel
 * believe its firmware? Looks at entries only to leave out what iomem.c has named.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "check/iomem.h"
#include "check/label.h"
#include "check/pages.h"
#include "check/reach.h"

static bool takes_top_ram(const struct efimap_resource *line)
{
	return line->depth == 0 && label_is_ram(line->name);
}

/* Regions of entries: either iomem.c names them, or Linux keeps them inside System RAM. */
static int find_entries(const struct efimap *map, struct reach *ret_entries)
{
	efimap_auto_free struct reach_range *ranges =
		efimap_array_new(map->n_entries, sizeof(*ranges));
	size_t count = 0;

	if (!ranges)
		return -ENOMEM;
	for (size_t i = 0; i < map->n_entries; i++)
		if ((iomem_forbids_ram(&map->entries[i]) ||
		     efimap_entry_is_runtime(&map->entries[i])) &&
		    pages_of(&map->entries[i], &ranges[count].span))
			ranges[count++].position = (uint32_t)i;
	return reach_build(ranges, count, ret_entries);
}

/* struct dispute - a range of memmap, and a line of iomem that contradicts it */
struct dispute {
	const struct efimap_range *range;
	size_t line;
	size_t count;
};

static struct efimap_span shared(struct efimap_span a, struct efimap_span b)
{
	return (struct efimap_span){ a.first > b.first ? a.first : b.first,
				     a.last < b.last ? a.last : b.last };
}

static struct dispute find_disputes(const struct efimap *map, struct reach *ram,
				    struct reach *entries)
{
	struct dispute found = { 0 };

	for (size_t i = 0; i < map->n_memmap; i++) {
		const struct efimap_range *range = &map->memmap[i];
		const struct reach_range *hit;

		if (range->bad || !label_is_reserved(range->label))
			continue;
		hit = reach_find(ram, range->span);
		if (!hit || reach_find(entries, shared(hit->span, range->span)))
			continue;
		if (found.count++ == 0) {
			found.range = range;
			found.line = hit->position;
		}
	}
	return found;
}

static void speak(struct check *c, const struct dispute *found)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_IOMEM_VS_MEMMAP;
	char more[sizeof(" and 18446744073709551615 more")] = "";

	if (found->count > 1)
		snprintf(more, sizeof(more), " and %zu more", found->count - 1);
	if (!check_find(c, rule, check_usual(rule),
			"memmap/%" PRIu32 "%s: memmap calls 0x%" PRIx64 "-0x%" PRIx64
			" %s, and iomem System RAM",
			found->range->index, more, found->range->start, found->range->end,
			found->range->label))
		return;
	check_evidence(c, "sys/firmware/memmap", "0x%" PRIx64 "-0x%" PRIx64 " %s",
		       found->range->start, found->range->end, found->range->label);
	iomem_evidence(c, found->line);
}

void iomem_ranges(struct check *c)
{
	struct reach ram auto_reach = { 0 }, entries auto_reach = { 0 };
	struct dispute found;

	if (!check_wants(c, EFIMAP_RULE_IOMEM_VS_MEMMAP))
		return;
	/* arch/x86/kernel/e820.c: parse_memopt, parse_memmap_one change the kernel's
	 * table. */
	if (efimap_cmdline_has(c->map, "mem") || efimap_cmdline_has(c->map, "memmap"))
		return;
	c->error = iomem_lines(c->map, takes_top_ram, &ram);
	if (!c->error)
		c->error = find_entries(c->map, &entries);
	if (c->error)
		return;
	found = find_disputes(c->map, &ram, &entries);
	if (found.count > 0)
		speak(c, &found);
}
